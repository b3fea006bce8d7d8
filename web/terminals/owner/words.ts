// What the owner's pages say.
import { bilingual } from "../../data/words";

export const words = bilingual(
  {
    bays: "My bays", earnings: "Earnings", notices: "Notices", noBays: "No bay at this site is yours. The property office enters who owns which.", noNotices: "Nothing to tell yet.",
    inside: "In my bay now", nobody: "Nobody. The bay is empty.", until: (time: string) => `until ${time}`, someone: "A driver with a booking", unknownCar: "A car that isn't known", sensor: "What the bay says", today: "Today", energyNow: "Charged so far",
    sharing: "When I share it", notShared: "You don't share this bay yet. Draw the hours in which others may book it.", newWindow: "Share it", draw: "Hours of the week", first: "From", last: "Until", save: "Save", edit: "Change", withdraw: "Share no longer", withdrawAsk: "Share these hours no longer?", withdrawText: "Bookings that are made already are honoured.", withdrawn: "Withdrawn", saved: "Saved", cancel: "Cancel",
    ownCar: "Departure time and reserve of my own car", coming: "coming", ownCarText: "Charging in the cheap hours until you leave, and selling power back down to a reserve, come with the energy service. Until then your own car charges as soon as it is plugged in.",
    exceptions: "Other hours on single days", noExceptions: "None. Every day follows the week.", addException: "Add a day", day: "Day", closed: "Closed all day", hours: "Other hours", from: "from", to: "to", add: "Add", dayClosed: "closed", emptyWeek: "Draw at least one hour.", dateOrder: "The last day must not be before the first.", rangeOrder: "The end must be after the start.",
    earned: "Earned in 30 days", toPay: "To be paid out", chart: "Earnings by day", entries: "Credits and payouts", noEntries: "Nothing earned yet.", level: "Level", charger: "Charger", noCharger: "none", open: "Open", label: "Bay", more: "Show more",
  },
  {
    bays: "我的车位", earnings: "收益", notices: "通知", noBays: "该小区没有您的车位。车位归属由物业录入。", noNotices: "还没有通知。",
    inside: "车位现况", nobody: "没有车，车位空着。", until: (time) => `至${time}`, someone: "有预订的车主", unknownCar: "未知车辆", sensor: "车位状态", today: "今天", energyNow: "已充电量",
    sharing: "共享时段", notShared: "您尚未共享此车位。请绘制他人可预订的时段。", newWindow: "开始共享", draw: "每周时段", first: "起", last: "止", save: "保存", edit: "修改", withdraw: "停止共享", withdrawAsk: "停止共享这些时段？", withdrawText: "已有的预订仍然有效。", withdrawn: "已停止", saved: "已保存", cancel: "取消",
    ownCar: "自家车的出发时间与保留电量", coming: "即将推出", ownCarText: "在谷时段充到出发所需电量、以及在保留电量以上向电网售电，将随能源服务推出。目前自家车插上即充。",
    exceptions: "个别日期的其他时段", noExceptions: "没有，每天按周时段。", addException: "添加日期", day: "日期", closed: "全天关闭", hours: "其他时段", from: "从", to: "到", add: "添加", dayClosed: "关闭", emptyWeek: "请至少绘制一个时段。", dateOrder: "结束日期不得早于开始日期。", rangeOrder: "结束时间须晚于开始时间。",
    earned: "近30天收益", toPay: "待提现", chart: "每日收益", entries: "分成与提现", noEntries: "还没有收益。", level: "楼层", charger: "充电桩", noCharger: "无", open: "打开", label: "车位", more: "显示更多",
  },
);

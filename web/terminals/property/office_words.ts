// What the pages of the shift, the reports, standing orders and wrong parkers' claims say.
import { bilingual } from "../../data/words";

export const words = bilingual(
  {
    shift: "Shift", report: "Report", orders: "Standing orders",
    onDuty: "On duty", nobody: "Nobody has taken a shift yet", since: "Since", opened: "Opened since", closed: "of them closed", falseAlarms: "False alarms",
    openNow: "Open now", nothingOpen: "Nothing is open.", unanswered: "nobody has answered",
    handOver: "Hand over", handOverLead: "You sign what is open now; who comes takes it over with their own sign-in. Incidents assigned to you go along.", toPhone: "Phone of who comes", note: "Note for the next shift", noAccount: "Nobody with that phone number works here.", offered: "Offered: waiting for the other to take over",
    takeLead: (from: string) => `${from} hands over to you.`, take: "Take over", taken: "You are on duty", history: "Hand-overs", by: (from: string, to: string) => `${from} → ${to}`, notTaken: "not taken", openThen: (n: number) => (n === 1 ? "1 incident open" : `${n} incidents open`), none: "No hand-over yet.",
    devices: "Chargers", device: "The charger", devicesOnline: (up: number, all: number) => `${up} of ${all} are online`, noDevices: "No charging station at this site yet. The operator registers them.", noBay: "no bay", online: "online", offline: "offline", sinceTime: (time: string) => `since ${time}`, identity: "Identity", link: "Connection", make: "Make", firmware: "Firmware", lastMessage: "Last message",
    from: "From", to: "To (not included)", show: "Show", csv: "As CSV", all: "All", kind: "Kind", bay: "Bay", count: "Incidents", suppressed: "Kept quiet", answerTime: "Answered after (median / 9 of 10)", overTime: "Over after (median / 9 of 10)", incomplete: "There were more incidents than one report reads: the latest 50,000 are in it.", byKind: "By kind", byBay: "By bay", noIncidents: "There was no incident in this time.",
    ordersLead: "What staff has to do, one step a line, in both languages. It is shown with every such incident.", steps: (n: number) => (n === 1 ? "1 step" : `${n} steps`), noSteps: "none", change: "Change", changeSteps: "Change the steps", save: "Save", saved: "Saved", stepsZh: "Steps in Chinese", stepsEn: "Steps in English", whatToDo: "What to do",
    claims: "Wrong parkers", noClaims: "Nobody owes anything for wrong parking.", claimsLead: "A car that stood where it doesn't belong for longer than the grace owes the fee of the site's rules. One that is known here has paid from its wallet; the others are for you to settle.", unknownCar: "a car nobody here knows", paidElsewhere: "Has been paid", waive: "Waive", waiveAsk: "Waive this claim?", paidAsk: "Has this claim been paid?", settledText: "It stays on record. It can't be changed afterwards.",
    phases: { charged: "Paid from the wallet", open: "To be settled", paid: "Paid elsewhere", waived: "Waived" } as Record<string, string>, appealed: "appealed",
  },
  {
    shift: "交接班", report: "报表", orders: "处置规程",
    onDuty: "当班", nobody: "尚无人接班", since: "自", opened: "期间新增", closed: "其中已关闭", falseAlarms: "误报",
    openNow: "未关闭事件", nothingOpen: "没有未关闭的事件。", unanswered: "尚无人响应",
    handOver: "交班", handOverLead: "您对当前未关闭的事件签字；接班人用自己的账户签字接班。指派给您的事件随之转交。", toPhone: "接班人手机号", note: "给下一班的留言", noAccount: "没有使用该手机号的本小区员工。", offered: "已交班：等待对方接班",
    takeLead: (from) => `${from}向您交班。`, take: "接班", taken: "您已当班", history: "交接记录", by: (from, to) => `${from} → ${to}`, notTaken: "未接班", openThen: (n) => `${n}个未关闭事件`, none: "尚无交接记录。",
    devices: "充电桩", device: "充电桩", devicesOnline: (up, all) => `${all}台中${up}台在线`, noDevices: "该小区还没有充电桩，由运营方登记。", noBay: "无车位", online: "在线", offline: "离线", sinceTime: (time) => `自${time}`, identity: "标识", link: "连接", make: "厂商型号", firmware: "固件", lastMessage: "最近消息",
    from: "起", to: "止（不含）", show: "显示", csv: "导出CSV", all: "全部", kind: "类型", bay: "车位", count: "事件数", suppressed: "已静音", answerTime: "响应时间（中位数/九成以内）", overTime: "结束时间（中位数/九成以内）", incomplete: "事件数超出单份报表的范围：仅含最近50,000条。", byKind: "按类型", byBay: "按车位", noIncidents: "该时段没有事件。",
    ordersLead: "员工须执行的步骤，每行一步，中英文各一份；随同类事件一并显示。", steps: (n) => `${n}步`, noSteps: "无", change: "修改", changeSteps: "修改步骤", save: "保存", saved: "已保存", stepsZh: "中文步骤", stepsEn: "英文步骤", whatToDo: "处置步骤",
    claims: "违规停车", noClaims: "没有违规停车费用。", claimsLead: "车辆在不属于自己的车位停留超过宽限时间，须按小区规则付费。平台认识的车辆已从钱包扣款，其余由您处理。", unknownCar: "平台不认识的车辆", paidElsewhere: "已付清", waive: "免除", waiveAsk: "免除此费用？", paidAsk: "此费用已付清？", settledText: "记录会保留，之后不能更改。",
    phases: { charged: "已从钱包扣款", open: "待处理", paid: "已另行付清", waived: "已免除" }, appealed: "已申诉",
  },
);

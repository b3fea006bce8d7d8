// Every refusal in a word, with what to do next. The server's own detail is shown too where it names the very field.
import { Refused, type Code } from "./api";
import { bilingual, language } from "./words";

type Said = readonly [what: string, next: string];

const english: Record<Code, Said> = {
  invalid: ["Out of range", "Check the values and send them again."],
  unknown_site: ["No such site", "Choose a site from the list."],
  unknown_bay: ["No such bay", "Check the code at the bay, or choose it on the plan."],
  unknown_station: ["No such station", "Choose a station from the list."],
  unknown_account: ["No such account", "Check the phone number; the person may have to register first."],
  unknown_vehicle: ["Not your vehicle", "Add the plate under Me first."],
  unknown_booking: ["No such booking", "Look at your list of bookings."],
  unknown_thing: ["Gone", "Somebody removed it meanwhile. Reload the page."],
  not_yours: ["Not yours", "Only its holder and the staff may do this."],
  already_exists: ["Already there", "It is in use already. Use another, or look for the one that exists."],
  limit_reached: ["Limit reached", "Remove one before you add another."],
  bad_interval: ["Times don't fit", "Choose a start and an end on full quarter hours, the end after the start."],
  too_long: ["Too long", "Choose a shorter time."],
  in_the_past: ["In the past", "Choose a time that is still to come."],
  beyond_horizon: ["Too far ahead", "Bookings open about a month ahead. Choose an earlier day."],
  outside_window: ["Not shared then", "The owner doesn't share the bay in all of that time. Choose other hours or another bay."],
  slot_taken: ["Just taken", "Somebody else has booked the bay for that time. Search again for another."],
  bay_occupied: ["A car stands there", "The bay isn't empty. Choose another, or wait until the car has left."],
  out_of_service: ["Out of service", "The bay or its charger can't be used now. Choose another bay."],
  station_offline: ["Charger offline", "The charger can't be reached. Show your card at it, or choose another bay."],
  charger_unfit: ["Plug doesn't fit", "The bay has no charger that fits your vehicle. Choose another bay."],
  no_permission: ["No permission", "These shared piles need a permission. Ask the property office for one."],
  quota_exhausted: ["Quota used up", "Your permission is used up for that day or week. Choose another day."],
  debt_outstanding: ["A bill is open", "Your balance is below zero. Top up your wallet first."],
  insufficient_funds: ["Not enough money", "Top up your wallet, or choose a shorter time."],
  too_many_bookings: ["Too many bookings", "Cancel one, or wait until one has ended."],
  wrong_phase: ["Too early or too late", "That isn't possible in the present state. Look at it again."],
  no_tariff: ["No price yet", "The property office has to publish a tariff first."],
  idempotency_conflict: ["Sent twice", "The same request was sent with other contents. Try once more."],
  overloaded: ["Busy", "Nothing was done. Try again in a moment."],
  storage_unavailable: ["Can't be stored", "Nothing was done. Try again later."],
  site_offline: ["Site offline", "The site decides about times this near, and can't be reached. Choose a later time."],
  site_decides: ["Just changed hands", "The site decides about this time. Try again."],
  no_consent: ["Nobody has agreed", "No driver with this plate lets accidents be considered."],
  malformed_json: ["Not readable", "This page may be outdated. Reload it."],
  bad_field: ["Check your entry", "One of the fields isn't right."],
  unauthenticated: ["Signed out", "Sign in again to go on."],
  wrong_login: ["Wrong phone or password", "Check both and try again."],
  forbidden: ["Not allowed", "Your role doesn't allow this. Sign in with another account, or ask the operator."],
  not_found: ["Nothing here", "Go back and choose again."],
  method_not_allowed: ["Not possible", "This page may be outdated. Reload it."],
  too_many_requests: ["Slow down", "Too many requests. Wait a moment and try again."],
  busy: ["Busy", "Try again in a moment."],
  unavailable: ["Not available", "A part of the platform isn't working. Try again later."],
  unreachable: ["No connection", "Bayward can't be reached. Check your network and try again; nothing was lost."],
};

const chinese: Record<Code, Said> = {
  invalid: ["数值超限", "请核对后重新提交。"],
  unknown_site: ["没有该小区", "请从列表中选择小区。"],
  unknown_bay: ["没有该车位", "请核对车位上的编码，或在平面图上选择。"],
  unknown_station: ["没有该充电桩", "请从列表中选择充电桩。"],
  unknown_account: ["没有该账户", "请核对手机号；对方可能需要先注册。"],
  unknown_vehicle: ["不是您的车辆", "请先在“我的”中添加车牌。"],
  unknown_booking: ["没有该预订", "请查看您的预订列表。"],
  unknown_thing: ["已不存在", "它已被移除，请刷新页面。"],
  not_yours: ["不属于您", "仅持有人和工作人员可以操作。"],
  already_exists: ["已存在", "已被使用。请换一个，或查找已有的记录。"],
  limit_reached: ["已达上限", "请先移除一个再添加。"],
  bad_interval: ["时间不合适", "请选择整刻钟的起止时间，且结束晚于开始。"],
  too_long: ["时间太长", "请选择较短的时间。"],
  in_the_past: ["时间已过", "请选择尚未到来的时间。"],
  beyond_horizon: ["太早预订", "仅可预订约一个月内的时间，请选择更近的日期。"],
  outside_window: ["该时段不共享", "业主未共享全部时段。请选择其他时间或车位。"],
  slot_taken: ["刚被订走", "该时段已被他人预订，请重新搜索。"],
  bay_occupied: ["车位上有车", "车位不是空的。请选择其他车位，或等车辆离开。"],
  out_of_service: ["停用", "该车位或充电桩暂不可用，请选择其他车位。"],
  station_offline: ["充电桩离线", "暂时联系不上充电桩。请在桩上刷卡，或选择其他车位。"],
  charger_unfit: ["接口不匹配", "该车位没有适合您车辆的充电桩，请选择其他车位。"],
  no_permission: ["没有许可", "使用这些共享桩需要许可，请向物业申请。"],
  quota_exhausted: ["配额已用完", "当日或当周的配额已用完，请选择其他日期。"],
  debt_outstanding: ["有未付账单", "您的余额为负，请先充值。"],
  insufficient_funds: ["余额不足", "请充值，或选择较短的时间。"],
  too_many_bookings: ["预订过多", "请取消一个，或等待其结束。"],
  wrong_phase: ["过早或过晚", "当前状态下无法操作，请重新查看。"],
  no_tariff: ["尚未定价", "需物业先发布资费。"],
  idempotency_conflict: ["重复提交", "同一请求以不同内容提交了两次，请再试一次。"],
  overloaded: ["系统繁忙", "未执行任何操作，请稍后重试。"],
  storage_unavailable: ["无法保存", "未执行任何操作，请稍后重试。"],
  site_offline: ["小区离线", "临近时段由小区现场决定，暂时联系不上。请选择更晚的时间。"],
  site_decides: ["刚刚变化", "该时段由小区现场决定，请重试。"],
  no_consent: ["无人同意", "使用该车牌的驾驶人均未同意参考事故记录。"],
  malformed_json: ["无法读取", "页面可能已过期，请刷新。"],
  bad_field: ["请检查输入", "有一项填写有误。"],
  unauthenticated: ["已退出", "请重新登录后继续。"],
  wrong_login: ["手机号或密码错误", "请核对后重试。"],
  forbidden: ["无权操作", "您的角色无权执行。请换账户登录，或联系运营方。"],
  not_found: ["没有内容", "请返回重新选择。"],
  method_not_allowed: ["无法执行", "页面可能已过期，请刷新。"],
  too_many_requests: ["请放慢", "请求过多，请稍后再试。"],
  busy: ["系统繁忙", "请稍后重试。"],
  unavailable: ["暂不可用", "系统的一部分暂停工作，请稍后重试。"],
  unreachable: ["没有连接", "无法连接Bayward。请检查网络后重试；数据没有丢失。"],
};

const said = bilingual(english, chinese);
const detailed: ReadonlySet<Code> = new Set(["bad_field", "invalid", "malformed_json"]);

export interface Told {
  what: string;
  next: string;
}

export function tell(error: unknown): Told {
  if (!(error instanceof Refused)) return { what: said().unavailable[0], next: String(error) };
  const [what, next] = said()[error.code] ?? [error.title, error.detail];
  if (detailed.has(error.code) && error.detail) return { what, next: error.detail };
  const wait = error.retryAfterS;
  if (wait && wait > 1) return { what, next: `${next} ${language.value === "zh" ? `（${wait}秒）` : `(${wait} s)`}` };
  return { what, next };
}

#include "api/problem.h"

#include <array>
#include <charconv>
#include <optional>

#include "api/json_out.h"
#include "base/check.h"
#include "ports/http_util.h"

namespace bayward::api {
namespace {

// In the order of core::Refusal.
constexpr std::array<ProblemKind, 34> refusals = {{
    {400,
     "invalid",
     {"A value is out of range", "数值超出范围"},
     {"A value in the request is outside its allowed range. Compare it with the API description and send it again.",
      "请求中的某个值超出允许范围。请对照接口说明修改后重新发送。"}},
    {404,
     "unknown_site",
     {"No such site", "没有这个小区"},
     {"There is no site with this id. Take ids from the list of sites.", "没有这个编号的小区。请从小区列表中取编号。"}},
    {404,
     "unknown_bay",
     {"No such bay", "没有这个车位"},
     {"There is no bay with this id. Take ids from the list of bays or a search.",
      "没有这个编号的车位。请从车位列表或搜索结果中取编号。"}},
    {404,
     "unknown_station",
     {"No such charging station", "没有这个充电桩"},
     {"There is no charging station with this id. Take ids from the site's list of stations.",
      "没有这个编号的充电桩。请从小区的充电桩列表中取编号。"}},
    {404,
     "unknown_account",
     {"No such account", "没有这个账户"},
     {"There is no account with this id or phone number.", "没有这个编号或手机号的账户。"}},
    {404,
     "unknown_vehicle",
     {"Not one of your vehicles", "不是您的车辆"},
     {"This vehicle is not registered with your account. Add it under your vehicles first.",
      "该车辆未登记在您的账户中。请先在“我的车辆”中添加。"}},
    {404,
     "unknown_booking",
     {"No such booking", "没有这个预订"},
     {"There is no booking with this id.", "没有这个编号的预订。"}},
    {404,
     "unknown_thing",
     {"Not found", "未找到"},
     {"There is nothing with this id, or it has ended already.", "没有这个编号的对象，或它已经结束。"}},
    {403,
     "not_yours",
     {"It belongs to somebody else", "属于他人"},
     {"This belongs to another account. You can only use and change what is yours.",
      "该对象属于其他账户。您只能使用和修改自己的内容。"}},
    {409,
     "already_exists",
     {"Already in use", "已被使用"},
     {"This phone number, plate, card, label or identity is in use already.",
      "该手机号、车牌、卡、编号或标识已被使用。"}},
    {409,
     "limit_reached",
     {"The limit is reached", "已达上限"},
     {"No more of these can be added. Remove one you don't need any more.", "已达到数量上限。请先删除不再需要的。"}},
    {400,
     "bad_interval",
     {"The times don't fit", "时间不符合要求"},
     {"The end must be after the start, and both must lie on the site's slot boundaries (usually every 15 minutes).",
      "结束时间必须晚于开始时间，且两者都要落在小区的时段边界上（通常每15分钟）。"}},
    {400,
     "too_long",
     {"The booking is too long", "预订时间过长"},
     {"A booking may have at most 672 slots, a week of quarter hours. Book a shorter time.",
      "一次预订最多672个时段（以一刻钟计为一周）。请缩短时间。"}},
    {400,
     "in_the_past",
     {"The time has passed", "时间已过"},
     {"The start lies in the past. Choose a later start.", "开始时间已过。请选择更晚的开始时间。"}},
    {400,
     "beyond_horizon",
     {"Too far ahead", "时间太远"},
     {"Bays can be booked up to 35 days ahead. Choose an earlier time.", "车位最多可提前35天预订。请选择更早的时间。"}},
    {409,
     "outside_window",
     {"The owner doesn't share the bay then", "车位主人此时不共享"},
     {"The bay isn't shared during all of this time. Ask for its free times or choose another bay.",
      "该车位在此期间并非全程共享。请查询其空闲时间或选择其他车位。"}},
    {409,
     "slot_taken",
     {"Somebody else has the bay then", "该时段已被预订"},
     {"Another booking holds the bay for some of this time. Choose another time or another bay.",
      "其他预订占用了其中部分时间。请选择其他时间或车位。"}},
    {409,
     "bay_occupied",
     {"A car stands in the bay", "车位上有车"},
     {"The bay is not empty at the moment. Choose another bay, or try again when the car has left.",
      "车位目前不是空的。请选择其他车位，或等车辆离开后重试。"}},
    {409,
     "out_of_service",
     {"The bay is out of service", "车位停用"},
     {"The bay or its charger can't be used at the moment. Choose another bay.",
      "该车位或其充电桩目前不可用。请选择其他车位。"}},
    {409,
     "station_offline",
     {"The charging station is offline", "充电桩离线"},
     {"The charging station can't be reached. Show your card at the station, or choose another bay.",
      "暂时联系不上该充电桩。请在桩上刷卡，或选择其他车位。"}},
    {409,
     "charger_unfit",
     {"The charger doesn't fit", "充电接口不匹配"},
     {"The bay has no charger, or its plug doesn't fit the vehicle. Choose another bay.",
      "该车位没有充电桩，或插头与车辆不匹配。请选择其他车位。"}},
    {403,
     "no_permission",
     {"No permission for this pile", "没有使用该共享桩的许可"},
     {"This shared pile needs a permission for these hours. Ask the property office for one.",
      "使用该共享桩需要相应时段的许可。请向物业申请。"}},
    {403,
     "quota_exhausted",
     {"Your quota is used up", "配额已用完"},
     {"The permission's quota for this day or week is used up. Choose another day.",
      "许可的当日或当周配额已用完。请选择其他日期。"}},
    {402,
     "debt_outstanding",
     {"A bill is open", "有未付账单"},
     {"Your balance is below zero. Top up your wallet, then book again.", "您的余额为负。请先充值再预订。"}},
    {402,
     "insufficient_funds",
     {"Not enough money in the wallet", "余额不足"},
     {"The wallet can't cover the price. Top it up, or book a shorter time.",
      "钱包余额不足以支付。请充值或缩短时间。"}},
    {409,
     "too_many_bookings",
     {"Too many open bookings", "未完成的预订过多"},
     {"You have as many open bookings as one account may have. Cancel one or wait until one has ended.",
      "您的未完成预订已达上限。请取消一个或等待其结束。"}},
    {409,
     "wrong_phase",
     {"Not possible at this point", "当前状态不允许"},
     {"This step is too early or too late. Look at the present state and decide again.",
      "此操作过早或过晚。请查看当前状态后再决定。"}},
    {409,
     "no_tariff",
     {"The bay has no price yet", "车位尚未定价"},
     {"No tariff is in force for this bay. The property office has to publish one first.",
      "该车位没有生效的资费。需物业先发布资费。"}},
    {422,
     "idempotency_conflict",
     {"The key was used for another request", "幂等键已用于其他请求"},
     {"This Idempotency-Key came with another request before. Use a new key for a new request.",
      "该Idempotency-Key此前用于不同的请求。新请求请使用新的键。"}},
    {503,
     "overloaded",
     {"Too busy at the moment", "系统繁忙"},
     {"Nothing was done. Send the same request again in a moment.", "未执行任何操作。请稍后重发同一请求。"},
     1},
    {503,
     "storage_unavailable",
     {"Nothing can be stored at the moment", "暂时无法保存"},
     {"The platform can't write its journal, so nothing was done. Send the same request again later.",
      "平台暂时无法写入日志，未执行任何操作。请稍后重发同一请求。"},
     10},
    {409,
     "site_offline",
     {"The site can't be reached", "小区暂时离线"},
     {"Times this near are decided by the site itself, and it can't be reached at the moment. Choose a later time, or "
      "hold the bay on the spot.",
      "临近时段由小区现场决定，目前无法联系到该小区。请选择更晚的时间，或到现场直接占用车位。"}},
    {409,
     "site_decides",
     {"The site decides about this time", "该时段由小区现场决定"},
     {"Times this near are decided by the site itself, and they changed hands just now. Try again.",
      "临近时段由小区现场决定，且刚刚发生变化。请重试。"},
     1},
    {409,
     "no_consent",
     {"Nobody has agreed to this", "无人同意"},
     {"No driver with this plate has agreed that accidents are considered. Only the driver can do so, under \"Me\".",
      "使用该车牌的驾驶人均未同意参考事故记录。只有驾驶人本人可在“我的”页面中同意。"}},
}};

// In the order of Trouble.
constexpr std::array<ProblemKind, 10> troubles = {{
    {400,
     "malformed_json",
     {"The body is not readable JSON", "请求体不是可读的JSON"},
     {"Send one JSON object in UTF-8.", "请发送一个UTF-8编码的JSON对象。"}},
    {400,
     "bad_field",
     {"A field is wrong", "字段有误"},
     {"A field is missing, unknown or out of range.", "有字段缺失、未知或超出范围。"}},
    {401,
     "unauthenticated",
     {"Sign in first", "请先登录"},
     {"Send a valid token: Authorization: Bearer <token>. Get one from POST /api/v1/login; tokens end after 7 days "
      "without use.",
      "请携带有效令牌：Authorization: Bearer <令牌>。令牌可由POST /api/v1/login取得，7天不用即失效。"}},
    {401,
     "wrong_login",
     {"Phone number or password is wrong", "手机号或密码错误"},
     {"Check both and try again.", "请核对后重试。"}},
    {403,
     "forbidden",
     {"Your role doesn't allow this", "您的角色无权执行"},
     {"This is for the site's staff or the operator. Ask them, or sign in with another account.",
      "此操作仅限该小区物业或运营方。请联系他们，或使用其他账户登录。"}},
    {404,
     "not_found",
     {"Nothing is here", "此处没有内容"},
     {"There is nothing at this address. The API is described at /docs.", "该地址没有内容。接口说明见/docs。"}},
    {405,
     "method_not_allowed",
     {"This address doesn't take this method", "该地址不支持此方法"},
     {"The Allow header names the methods that work here.", "可用的方法见Allow标头。"}},
    {429,
     "too_many_requests",
     {"Too many requests", "请求过多"},
     {"Wait as long as Retry-After says, then go on more slowly.", "请按Retry-After等待后再继续，并放慢频率。"},
     1},
    {503,
     "busy",
     {"Too busy at the moment", "系统繁忙"},
     {"Too many slow requests are waiting. Send the same request again in a moment.",
      "排队的慢请求过多。请稍后重发同一请求。"},
     2},
    {503,
     "unavailable",
     {"Not available at the moment", "暂时不可用"},
     {"A part of the platform that this needs is not working. Try again later; the staff has been told in the log.",
      "所需的系统部分暂不可用。请稍后重试；日志已通知运维人员。"},
     10},
}};

// "0.5" of ";q=0.5" in thousandths; 1000 when there is none, 0 when it can't be read.
int quality(std::string_view element) {
  const size_t at = element.find(";q=");
  if (at == std::string_view::npos) return 1000;
  double q = 0;
  const std::string_view digits = element.substr(at + 3);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), q);
  if (error != std::errc{} || q < 0 || q > 1) return 0;
  return static_cast<int>(q * 1000);
}

bool speaks(std::string_view element, std::string_view primary) {
  return element.size() >= 2 && equal_without_case(element.substr(0, 2), primary) &&
         (element.size() == 2 || element[2] == '-' || element[2] == ';' || element[2] == ' ');
}

}  // namespace

Language wanted_language(const HttpHeaders& headers) {
  if (!headers.find("accept-language")) return Language::english;
  int chinese = 0;
  int english = 0;
  for (const std::string_view element : header_list(headers, "accept-language")) {
    if (speaks(element, "zh")) chinese = std::max(chinese, quality(element) + (english == 0 ? 1 : 0));
    if (speaks(element, "en")) english = std::max(english, quality(element) + (chinese == 0 ? 1 : 0));
  }
  return chinese > english ? Language::chinese : Language::english;
}

const ProblemKind& problem_kind(core::Refusal refusal) {
  const auto index = static_cast<size_t>(refusal);
  BAYWARD_CHECK(index < refusals.size());
  return refusals[index];
}

const ProblemKind& problem_kind(Trouble trouble) {
  const auto index = static_cast<size_t>(trouble);
  BAYWARD_CHECK(index < troubles.size());
  return troubles[index];
}

HttpResponse problem(const ProblemKind& kind, Language language, const Detail& detail) {
  const std::string& own = language == Language::chinese ? detail.chinese : detail.english;
  JsonOut out;
  out.object();
  out.field("type", "/problems/" + std::string(kind.code));
  out.field("title", kind.title.in(language)).field("status", kind.status);
  out.field("detail", own.empty() ? kind.detail.in(language) : std::string_view(own));
  out.field("code", kind.code).end();
  HttpResponse response;
  response.status = kind.status;
  response.content_type = "application/problem+json";
  response.body = out.take();
  response.headers.add("Content-Language", language == Language::chinese ? "zh" : "en");
  if (kind.retry_after_s > 0) response.headers.add("Retry-After", std::to_string(kind.retry_after_s));
  if (kind.status == 401) response.headers.add("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace bayward::api

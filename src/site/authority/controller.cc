#include "site/authority/controller.h"

#include <algorithm>
#include <charconv>

#include "core/booking/booking.h"
#include "core/handover/messages.h"
#include "ocpp/rpc/codec.h"
#include "ocpp/rpc/route.h"
#include "ocpp/rpc/struct_json.h"
#include "ocpp/v201/dialect.h"
#include "ocpp/v201/types.h"
#include "ports/log.h"

namespace bayward::authority {
namespace {

namespace types = ocpp::v201;
namespace site_message = core::site_message;
using core::Refusal;

constexpr Duration say_hello_every = 60s;

// What stands for an account as the group of its tokens: "A" and the account in hexadecimal.
std::string group_of(AccountId account) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, account.value, 16).ptr;
  return "A" + uplink::upper_case(std::string_view(digits, static_cast<size_t>(end - digits)));
}
AccountId account_of(std::string_view group) {
  AccountId out;
  if (!group.starts_with('A')) return out;
  const char* end = group.data() + group.size();
  const auto [stopped, error] = std::from_chars(group.data() + 1, end, out.value, 16);
  return error == std::errc{} && stopped == end ? out : AccountId{};
}

const core::BriefedBay* bay_at(const Book& book, const uplink::Place& place) {
  const auto found = std::find_if(book.briefing.bays.begin(), book.briefing.bays.end(), [&](const auto& bay) {
    return bay.station == place.station && bay.evse == place.evse;
  });
  return found == book.briefing.bays.end() ? nullptr : &*found;
}

Wish wish_of(const core::Ask& ask) {
  Wish out;
  out.ask = ask.ask;
  out.account = ask.wish.account;
  out.kind = ask.wish.kind;
  out.bay = ask.wish.bay;
  out.vehicle = ask.wish.vehicle;
  out.booking_kind = ask.wish.booking_kind;
  out.span = ask.wish.span;
  out.energy_estimate_milliwh = ask.wish.energy_estimate_milliwh;
  out.booking = ask.wish.booking;
  out.platform_asks = true;
  return out;
}

bool sound(const core::Ask& ask) {
  return ask.wish.kind <= core::GrantKind::extend && ask.wish.booking_kind <= core::BookingKind::walk_up &&
         ask.ask.size() <= 64;
}

}  // namespace

// One connection; what an older one says does not count.
class Controller::Socket final : public WebSocketSession {
 public:
  explicit Socket(Controller& controller) : controller_(&controller) {}
  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    controller_ ? controller_->opened(std::move(connection)) : connection->close(close_code::going_away, "");
  }
  void message(std::string_view text) override {
    if (controller_) controller_->said(text);
  }
  void closed(const WebSocketClosed& why) override {
    if (controller_) controller_->closed(why.reason);
  }
  void forget() { controller_ = nullptr; }

 private:
  Controller* controller_;
};

Controller::Controller(ControllerOptions options, Clock& clock, BookStore& store, Book book, uplink::Dial dial)
    : options_(std::move(options)), clock_(clock), store_(store), book_(std::move(book)), dial_(std::move(dial)) {}

Controller::~Controller() {
  if (socket_) socket_->forget();
}

bool Controller::keep(Book next) {
  if (const Status saved = store_.save(next); !saved) {
    log::error("authority.not_kept", {{"why", saved.error().message}});
    return false;
  }
  book_ = std::move(next);
  return true;
}

Result<Entry, Refusal> Controller::give(const Wish& wish) {
  // By a clock that lags, slots that the platform sells already would still be ours.
  if (!uplink::is_sure(options_.time)) return Failure{Refusal::site_offline};
  auto entry = decide(book_, wish, clock_.now());
  if (!entry || entry->grant.number <= book_.last) return entry;
  Book next = book_;
  add(next, *entry);
  if (!keep(std::move(next))) return Failure{Refusal::storage_unavailable};
  ++given_;
  log::info(
      "authority.given",
      {{"bay", to_text(wish.bay)}, {"number", entry->grant.number}, {"platform", connected() ? "connected" : "away"}});
  tell_log();
  return entry;
}

std::optional<uplink::Verdict> Controller::at(const uplink::Place& place, const uplink::Presented& presented,
                                              Instant now) {
  const core::BriefedBay* bay = bay_at(book_, place);
  if (!bay) return std::nullopt;
  if (!uplink::is_sure(options_.time)) {
    if (presented.owner) return std::nullopt;
    return uplink::Verdict{uplink::Standing::unknown, {}};
  }
  const AccountId account = account_of(presented.group);
  const auto use = [&, id = bay->bay] {
    Book next = book_;
    mark_used(next, id);
    (void)keep(std::move(next));
  };
  if (const auto holder = holder_at(book_, bay->bay, now)) {
    const bool own_token = holder->booking && presented.token == core::booking_token(holder->booking);
    const bool own_account = account && holder->account == account;
    if (!own_token && !own_account) return uplink::Verdict{uplink::Standing::reserved, {}};
    use();
    return uplink::Verdict{uplink::Standing::accepted, group_of(holder->account)};
  }
  if (presented.owner || !account) return std::nullopt;
  // A known card at a free bay is a walk-up (A9).
  Wish wish;
  wish.account = account;
  wish.bay = bay->bay;
  const auto given = give(wish);
  if (!given && given.error() == Refusal::slot_taken) return uplink::Verdict{uplink::Standing::reserved, {}};
  if (!given) return std::nullopt;
  use();
  return uplink::Verdict{uplink::Standing::accepted, std::string(presented.group)};
}

ControllerStatus Controller::status() const {
  ControllerStatus out;
  out.connected = connected();
  out.lost_memory = lost_memory_;
  out.watermark = book_.briefing.watermark;
  out.told = book_.briefing.taken;
  for (const core::BriefedBay& bay : book_.briefing.bays) out.claims += bay.claims.size();
  out.waiting = book_.entries.size();
  out.given = given_;
  return out;
}

void Controller::tick() {
  const Instant now = clock_.now();
  if (!connection_) dial();
  const std::set<BayId> cars = bays_with_car_ ? bays_with_car_() : std::set<BayId>{};
  while (auto over = uplink::is_sure(options_.time) ? next_to_free(book_, cars, now) : std::nullopt) {
    Book next = book_;
    add(next, *std::move(over));
    if (!keep(std::move(next))) break;
  }
  if (!correlator_) return;
  for (const ocpp::FinishedCall& late : correlator_->calls().expire(now)) finished(late);
  const bool hello_due = now - told_at_ >= say_hello_every || now < told_at_;
  if (something_to_tell() || hello_due) tell_log();
  pump();
}

void Controller::dial() {
  const Instant now = clock_.now();
  const bool clock_set_back = retry_at_ - now > 2 * options_.retry_max;
  if (dialling_ || (now < retry_at_ && !clock_set_back)) return;
  dialling_ = true;
  socket_ = std::make_shared<Socket>(*this);
  const uplink::DialRequest request{options_.identity, options_.password,
                                    std::string(ocpp::v201::dialect().subprotocol)};
  dial_(request, socket_, [this](const Result<std::string, uplink::DialRefusal>& answer) {
    dialling_ = false;
    if (answer) return;
    retry_after_ = std::clamp(retry_after_ * 2, options_.retry_first, options_.retry_max);
    retry_at_ = clock_.now() + retry_after_;
    log::warn("authority.not_connected", {{"status", answer.error().status}, {"why", answer.error().reason}});
  });
}

void Controller::opened(std::shared_ptr<WebSocketConnection> connection) {
  connection_ = std::move(connection);
  booted_ = telling_ = false;
  taken_ = 0;
  retry_after_ = Duration{0};
  correlator_ = std::make_unique<ocpp::Correlator>(
      ocpp::v201::dialect(), options_.run + "c" + std::to_string(++connections_ % 1'000'000), options_.answer_timeout);
  types::BootNotificationRequest boot;
  boot.reason = types::BootReasonEnumType::power_up;
  boot.charging_station.vendor_name = "Bayward";
  boot.charging_station.model = "Site controller";
  if (const auto payload = ocpp::encode(boot)) call("BootNotification", *payload);
}

void Controller::closed(const std::string& why) {
  log::warn("authority.disconnected", {{"why", why}});
  connection_.reset();
  correlator_.reset();
  booted_ = telling_ = false;
  retry_at_ = clock_.now() + options_.retry_first;
}

void Controller::call(std::string action, std::string payload) {
  (void)correlator_->calls().submit({std::move(action), std::move(payload), ocpp::Urgency::rest, Instant::max()});
  pump();
}

void Controller::pump() {
  if (!connection_) return;
  if (auto text = correlator_->calls().take_next(clock_.now())) (void)connection_->send(*std::move(text));
}

void Controller::said(std::string_view text) {
  ocpp::Received received = correlator_->receive(text, clock_.now());
  if (const auto* call = std::get_if<ocpp::IncomingCall>(&received)) {
    serve(*call);
  } else if (const auto* answer = std::get_if<ocpp::FinishedCall>(&received)) {
    finished(*answer);
  } else if (auto* back = std::get_if<ocpp::SendBack>(&received)) {
    (void)connection_->send(std::move(back->text));
  }
  pump();
}

void Controller::serve(const ocpp::IncomingCall& call) {
  const auto request = call.action == types::DataTransferRequest::action_name
                           ? ocpp::decode<types::DataTransferRequest>(call.payload)
                           : Failure{ocpp::Violation{}};
  std::optional<std::string> text;
  if (!request) {
    const ocpp::CallError error = call.action == types::DataTransferRequest::action_name
                                      ? ocpp::refusal_of(request.error())
                                      : ocpp::refusal_of_unrouted(ocpp::v201::dialect(), call.action);
    text = correlator_->refuse(call.serial, error, clock_.now());
  } else {
    types::DataTransferResponse response;
    const bool ours = request->vendor_id == site_message::vendor;
    response.status =
        ours ? types::DataTransferStatusEnumType::rejected : types::DataTransferStatusEnumType::unknown_vendor_id;
    if (ours) response.data = take_message(request->message_id.value_or(""), request->data.value_or(ocpp::Json{}));
    if (response.data) response.status = types::DataTransferStatusEnumType::accepted;
    const auto payload = ocpp::encode(response);
    if (payload) text = correlator_->answer(call.serial, *payload, clock_.now());
  }
  if (text) (void)connection_->send(*std::move(text));
  // What was given is told at once.
  if (something_to_tell()) tell_log();
}

// Nothing: it was no message that can be understood.
std::optional<ocpp::Json> Controller::take_message(std::string_view message, const ocpp::Json& data) {
  if (message == site_message::briefing) {
    const auto briefing = ocpp::struct_of<core::Briefing>(data);
    if (briefing && sound(*briefing)) return briefed(*briefing);
    log::warn("authority.message_invalid", {{"message", message}, {"at", briefing ? "" : briefing.error().message}});
  } else if (message == site_message::ask) {
    const auto ask = ocpp::struct_of<core::Ask>(data);
    if (ask && sound(*ask)) return asked(*ask);
    log::warn("authority.message_invalid", {{"message", message}, {"at", ask ? "" : ask.error().message}});
  }
  return std::nullopt;
}

ocpp::Json Controller::briefed(const core::Briefing& briefing) {
  core::BriefingAnswer answer;
  Book next = book_;
  const Briefed how = brief(next, briefing);
  if (how == Briefed::taken_in) (void)keep(std::move(next));
  lost_memory_ = how == Briefed::lost_memory;
  if (lost_memory_) log::error("authority.lost_memory", {{"what_to_do", "register this site's controller anew"}});
  answer.revision = book_.briefing.revision;
  answer.lost_memory = lost_memory_;
  return ocpp::struct_json(answer);
}

ocpp::Json Controller::asked(const core::Ask& ask) {
  core::AskAnswer answer;
  const auto given = give(wish_of(ask));
  if (given) answer.number = given->grant.number;
  if (!given) answer.refused = given.error();
  return ocpp::struct_json(answer);
}

bool Controller::something_to_tell() const {
  return !book_.entries.empty() && book_.entries.back().grant.number > taken_;
}

void Controller::tell_log() {
  if (!connected() || telling_ || lost_memory_) return;
  core::SiteLog message;
  message.log = book_.log;
  for (const Entry& entry : book_.entries) {
    if (message.entries.size() >= core::site_log_entries) break;
    if (entry.grant.number > taken_) message.entries.push_back({entry.grant, entry.phone});
  }
  types::DataTransferRequest request;
  request.vendor_id = site_message::vendor;
  request.message_id = std::string(site_message::log);
  request.data = ocpp::struct_json(message);
  const auto payload = ocpp::encode(request);
  if (!payload) return log::error("authority.log_invalid", {{"why", payload.error().text()}});
  telling_ = true;
  told_at_ = clock_.now();
  call(std::string(types::DataTransferRequest::action_name), *payload);
}

void Controller::finished(const ocpp::FinishedCall& call) {
  const auto* payload = std::get_if<ocpp::Json>(&call.outcome);
  if (call.action == types::BootNotificationRequest::action_name) {
    const auto answer = payload ? ocpp::decode<types::BootNotificationResponse>(*payload) : Failure{ocpp::Violation{}};
    booted_ = answer && answer->status == types::RegistrationStatusEnumType::accepted;
    if (booted_ && options_.time) options_.time->told(answer->current_time);
    if (booted_) return tell_log();
    log::warn("authority.not_accepted", {{"what_to_do", "register this identity as the site's controller"}});
    return connection_->close(close_code::policy, "not accepted");
  }
  telling_ = false;
  if (payload) on_log_answer(*payload);
}

// The entries are dropped by the briefing that follows: it has what became of them.
void Controller::on_log_answer(const ocpp::Json& payload) {
  const auto response = ocpp::decode<types::DataTransferResponse>(payload);
  const bool accepted = response && response->status == types::DataTransferStatusEnumType::accepted && response->data;
  const auto answer = accepted ? ocpp::struct_of<core::SiteLogAnswer>(*response->data) : fail("not accepted");
  if (!answer || answer->log == 0) {
    return log::warn("authority.log_not_taken",
                     {{"why", answer ? "this station is no controller" : answer.error().message}});
  }
  if (answer->log == book_.log) taken_ = std::max(taken_, answer->taken);
  if (something_to_tell()) tell_log();
}

}  // namespace bayward::authority

#include "stations/session.h"

#include <algorithm>

#include "base/check.h"
#include "ports/log.h"
#include "stations/csms.h"

namespace bayward::stations {
namespace {

constexpr Duration overdue_after{30s};

}  // namespace

StationSession::StationSession(Csms& csms, const Protocol& protocol, Admission admission)
    : csms_(csms),
      protocol_(protocol),
      admission_(std::move(admission)),
      correlator_(protocol.dialect(), csms.next_call_prefix(), csms.options().answer_timeout) {}

Instant StationSession::now() const {
  return csms_.now();
}

void StationSession::opened(std::shared_ptr<WebSocketConnection> connection) {
  connection_ = std::move(connection);
  opened_at_ = last_message_at_ = now();
  opened_line_ = csms_.line_now();
  csms_.on_opened(shared_from_this());
}

void StationSession::message(std::string_view text) {
  last_message_at_ = now();
  if (station_) station_->messages.add(last_message_at_, false, text);
  const auto before = correlator_.counters();
  ocpp::Received received = correlator_.receive(text, csms_.line_now());
  csms_.statistics().count_frames(before, correlator_.counters());
  if (const auto* call = std::get_if<ocpp::IncomingCall>(&received)) {
    serve(*call);
  } else if (const auto* answer = std::get_if<ocpp::FinishedCall>(&received)) {
    if (!answer->protest.empty()) (void)send(answer->protest);
    finished(*answer);
    pump();
  } else if (const auto* sent = std::get_if<ocpp::IncomingSend>(&received)) {
    take(*sent);
  } else if (const auto* refused = std::get_if<ocpp::RefusedAnswer>(&received)) {
    log::error("station.answer_refused", {{"station", admission_.identity},
                                          {"id", refused->id},
                                          {"code", ocpp::error_word(protocol_.dialect(), refused->error.code)},
                                          {"why", refused->error.description}});
  } else if (auto* back = std::get_if<ocpp::SendBack>(&received)) {
    (void)send(std::move(back->text));
  } else {
    log::debug("station.ignored", {{"station", admission_.identity}, {"why", std::get<ocpp::Ignored>(received).why}});
  }
}

// As the text is mostly written: who spells a call otherwise is served in its turn.
bool StationSession::is_urgent(std::string_view text) const {
  constexpr size_t type_id_action_chars = 96;
  const auto has = [](std::string_view where, std::string_view what) { return where.find(what) != where.npos; };
  const std::string_view begin = text.substr(0, type_id_action_chars);
  if (has(begin, "\"NotifyEvent\"")) return true;
  return has(begin, "\"StatusNotification\"") && has(text, "\"errorCode\"") && !has(text, "\"NoError\"");
}

ocpp::Reply StationSession::served_by_version(const ocpp::IncomingCall& call) {
  const bool allowed = known() || call.action == "BootNotification" || call.action == "Heartbeat";
  if (!allowed && ocpp::find_action(protocol_.dialect(), call.action) != nullptr) {
    return ocpp::CallError{ocpp::ErrorCode::security_error, "this station is not registered", ocpp::Json::object()};
  }
  return protocol_.serve(*this, call);
}

void StationSession::take(const ocpp::IncomingSend& send) {
  const ocpp::CallError unknown{ocpp::ErrorCode::security_error, "this station is not registered",
                                ocpp::Json::object()};
  const auto refused = known() ? protocol_.take(*this, send) : std::optional(unknown);
  const std::string_view outcome = outcome_word(protocol_.dialect(), refused ? &*refused : nullptr);
  csms_.statistics().count_call({protocol_.dialect(), send.action, outcome, false}, Duration{0});
  if (!refused) return;
  log::debug("station.send_refused", {{"station", admission_.identity}, {"why", refused->description}});
}

void StationSession::serve(const ocpp::IncomingCall& call) {
  open_.push_back({call.serial, call.action, last_message_at_, csms_.line_now(), false});
  const ocpp::Reply answer = served_by_version(call);
  if (!std::holds_alternative<ocpp::Later>(answer)) reply(call.serial, answer);
  if (std::exchange(boot_accepted_, false)) become_ready();
}

void StationSession::reply(ocpp::CallSerial serial, const ocpp::Reply& reply) {
  const auto call =
      std::find_if(open_.begin(), open_.end(), [&](const OpenCall& open) { return open.serial == serial; });
  if (call == open_.end()) return;  // the socket has closed since
  const auto* answer = std::get_if<ocpp::Answer>(&reply);
  auto text = answer ? correlator_.answer(serial, answer->payload, csms_.line_now())
                     : correlator_.refuse(serial, std::get<ocpp::CallError>(reply), csms_.line_now());
  const std::string_view outcome = outcome_word(protocol_.dialect(), std::get_if<ocpp::CallError>(&reply));
  csms_.statistics().count_call({protocol_.dialect(), call->action, outcome, false}, now() - call->since);
  open_.erase(call);
  if (text) (void)send(*std::move(text));
}

void StationSession::booted(Nameplate nameplate) {
  nameplate_ = std::move(nameplate);
  boot_accepted_ = known();
  if (known()) station_->nameplate = nameplate_;
  csms_.on_booted(*this);
}

void StationSession::become_ready() {
  if (ready_) {
    // A further boot on the same socket: the device has forgotten what it was told.
    doubt(station_->device);
    station_->list.known = false;
  }
  ready_ = true;
  csms_.on_ready(shared_from_this(), nameplate_.has_value());
}

bool StationSession::call(Draft draft, ocpp::Urgency urgency, CallDone done) {
  if (!ready()) return false;
  ocpp::OutgoingCall outgoing{std::move(draft.action), std::move(draft.payload), urgency, Instant::max()};
  auto submitted = correlator_.calls().submit(std::move(outgoing));
  if (!submitted) return false;
  own_.emplace(submitted->ticket, OwnCall{std::move(done), now()});
  if (submitted->displaced) finished(*submitted->displaced);
  pump();
  return true;
}

void StationSession::finished(const ocpp::FinishedCall& call) {
  auto own = own_.extract(call.ticket);
  BAYWARD_CHECK(!own.empty());
  csms_.statistics().count_own(protocol_.dialect(), call, now() - own.mapped().since);
  own.mapped().done(*this, call.outcome);
}

void StationSession::pump() {
  if (!ready()) return;
  if (auto text = correlator_.calls().take_next(csms_.line_now())) (void)send(*std::move(text));
}

bool StationSession::send(std::string text) {
  if (!connection_) return false;
  if (station_) station_->messages.add(now(), true, text);
  return connection_->send(std::move(text));
}

void StationSession::tick() {
  if (!connection_) return;
  const Instant now = csms_.line_now();
  if (known() && !ready_ && now - opened_line_ >= csms_.options().boot_wait) become_ready();
  for (const ocpp::FinishedCall& late : correlator_.calls().expire(now)) finished(late);
  for (OpenCall& call : open_) {
    if (call.overdue || now - call.line_since < overdue_after) continue;
    call.overdue = true;
    csms_.statistics().count_unanswered_by_us();
    log::error("station.call_overdue", {{"station", admission_.identity}, {"action", call.action}});
  }
  pump();
}

void StationSession::close(uint16_t code, std::string_view reason) {
  if (connection_) connection_->close(code, reason);
}

void StationSession::closed(const WebSocketClosed& why) {
  connection_.reset();
  open_.clear();
  const auto self = shared_from_this();
  csms_.on_closed(self, why, replaced_);
  for (const ocpp::FinishedCall& ended : correlator_.calls().close()) finished(ended);
}

}  // namespace bayward::stations

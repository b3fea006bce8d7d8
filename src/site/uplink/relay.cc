#include "site/uplink/relay.h"

#include <algorithm>

#include "base/limits.h"
#include "ports/log.h"

namespace bayward::uplink {
namespace {

using ocpp::CallError;
using ocpp::CallFrame;
using ocpp::ErrorCode;
using ocpp::Json;

CallError error_of(ErrorCode code, std::string why) {
  return {code, std::move(why), Json::object()};
}

// The platform understood the message and will never take it. Everything else may be better later.
bool is_final(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_implemented:
    case ErrorCode::not_supported:
    case ErrorCode::formation_violation:
    case ErrorCode::occurrence_constraint_violation:
    case ErrorCode::type_constraint_violation:
    case ErrorCode::property_constraint_violation:
    case ErrorCode::protocol_error:
    case ErrorCode::message_type_not_supported:
      return true;
    case ErrorCode::generic_error:
    case ErrorCode::internal_error:
    case ErrorCode::security_error:
    case ErrorCode::rpc_framework_error:
      return false;
  }
  return false;
}

// Both versions say it in the same words (1.6 4.2, 4.6; 2.0.1 B01, G02).
std::optional<Instant> time_in(std::string_view action, const Json& answer) {
  if (action != "BootNotification" && action != "Heartbeat") return std::nullopt;
  const Json* time = answer.find("currentTime");
  return time && time->as_text() ? parse_rfc3339(*time->as_text()) : std::nullopt;
}

}  // namespace

StationRelay::StationRelay(std::string station, const LocalProtocol& protocol, Outbox& outbox, StationMemory memory,
                           RelayOptions options)
    : station_(std::move(station)),
      protocol_(&protocol),
      outbox_(outbox),
      memory_(std::move(memory)),
      options_(std::move(options)),
      waiting_(outbox.backlog(station_).messages > 0) {}

StationRelay::Mode StationRelay::mode() const {
  if (!upstream_open_) return Mode::alone;
  return waiting_ ? Mode::catching_up : Mode::passing;
}

void StationRelay::speak(const LocalProtocol& protocol) {
  protocol_ = &protocol;
}

Status StationRelay::remember_password(const std::string& digest) {
  StationMemory next = memory_;
  next.password_digest = digest;
  Status kept = outbox_.change(station_, {.memory = &next});
  if (kept) memory_ = std::move(next);
  return kept;
}

std::vector<Action> StationRelay::take_actions() {
  return std::exchange(actions_, {});
}

void StationRelay::station_opened(Instant now) {
  station_open_ = true;
  served_ = {};
  pump_down(now);
}

void StationRelay::station_closed(Instant) {
  station_open_ = false;
  relayed_.clear();
  if (down_open_) down_waiting_.push_front(*std::move(down_open_));
  down_open_.reset();
  for (const Down& down : down_waiting_) {
    const CallError error = error_of(ErrorCode::generic_error, "the station has disconnected");
    if (!down.ours && upstream_open_) {
      actions_.emplace_back(ToUpstream{ocpp::error_text(protocol_->dialect(), down.call.id, error)});
    }
  }
  down_waiting_.clear();
  // What was kept still goes up; with nothing left the platform is to see that the station has gone.
  if (upstream_open_ && !waiting_) {
    upstream_open_ = false;
    actions_.emplace_back(CloseUpstream{"the station has disconnected"});
  }
}

void StationRelay::station_said(std::string_view text, Instant now) {
  auto frame = ocpp::parse_frame(text);
  if (!frame) {
    // The platform tells the station what is wrong with it as we would.
    if (mode() == Mode::passing) {
      actions_.emplace_back(ToUpstream{std::string(text)});
    } else if (frame.error().kind == ocpp::FrameFault::Kind::broken_call) {
      const CallError error = error_of(ErrorCode::rpc_framework_error, frame.error().message);
      actions_.emplace_back(ToStation{ocpp::error_text(protocol_->dialect(), frame.error().id, error)});
    }
    return;
  }
  if (auto* call = std::get_if<CallFrame>(&*frame)) return on_station_call(std::move(*call), text, now);
  if (const auto* result = std::get_if<ocpp::ResultFrame>(&*frame)) {
    return on_station_answer(result->id, &result->payload, text, now);
  }
  if (const auto* error = std::get_if<ocpp::ErrorFrame>(&*frame)) {
    return on_station_answer(error->id, nullptr, text, now);
  }
  // Message types of versions that are not spoken here: the platform says so.
  if (mode() == Mode::passing) actions_.emplace_back(ToUpstream{std::string(text)});
}

void StationRelay::on_station_call(CallFrame call, std::string_view text, Instant now) {
  if (options_.heard) options_.heard(station_, protocol_->dialect(), call);
  mode() == Mode::passing ? pass_up(std::move(call), text, now) : answer_here(call, text, now);
}

void StationRelay::pass_up(CallFrame call, std::string_view text, Instant now) {
  if (relayed_.size() >= limits::ocpp_open_calls) {
    const CallError error = error_of(ErrorCode::generic_error, "too many calls at once: wait for answers");
    actions_.emplace_back(ToStation{ocpp::error_text(protocol_->dialect(), call.id, error)});
    return;
  }
  Json translated = call.payload;
  if (!protocol_->translate_up(memory_, call.action, translated)) return answer_here(call, text, now);
  const bool as_it_is = translated == call.payload;
  actions_.emplace_back(
      ToUpstream{as_it_is ? std::string(text) : ocpp::call_text(call.id, call.action, to_text(translated))});
  relayed_.push_back({std::move(call), now});
}

void StationRelay::answer_here(const CallFrame& call, std::string_view text, Instant now) {
  using Kind = ocpp::IncomingCalls::Admission::Kind;
  const auto admission = served_.admit(call.id, text, now);
  if (admission.kind == Kind::answered_before) actions_.emplace_back(ToStation{admission.answer});
  if (admission.kind != Kind::fresh) return;  // each is answered at once, so none is open
  auto reply = local_reply(call, now);
  const auto* payload = std::get_if<std::string>(&reply);
  std::string answer = payload ? ocpp::result_text(call.id, *payload)
                               : ocpp::error_text(protocol_->dialect(), call.id, std::get<CallError>(reply));
  // A refusal is not remembered: the station may try the same message again when there is room.
  served_.answered(admission.serial, answer, payload ? now : Instant{});
  ++counters_.answered_here;
  actions_.emplace_back(ToStation{std::move(answer)});
}

std::variant<std::string, CallError> StationRelay::local_reply(const CallFrame& call, Instant now) {
  const ocpp::Action* action = ocpp::find_action(protocol_->dialect(), call.action);
  if (!action) return error_of(ErrorCode::not_implemented, call.action + " is not known");
  if (const auto violation = validate(*action->request, call.payload)) return refusal_of(*violation);
  StationMemory next = memory_;
  LocalAnswer answer = protocol_->answer(
      next, {now, options_.heartbeat, station_, options_.places, is_sure(options_.time)}, call.action, call.payload);
  if (std::holds_alternative<CallError>(answer.reply)) return std::move(answer.reply);
  OutboxChange change;
  KeptMessage kept;
  if (answer.keep) {
    kept = {0, call.id, call.action, to_text(call.payload), *answer.keep, now};
    change.append = &kept;
  }
  const bool learnt = !(next == memory_);
  if (learnt) change.memory = &next;
  if (!answer.keep && !learnt) return std::move(answer.reply);
  if (const Status stored = outbox_.change(station_, change); !stored) {
    ++counters_.storage_failures;
    log::error("uplink.not_kept", {{"station", station_}, {"action", call.action}, {"why", stored.error().message}});
    return error_of(ErrorCode::internal_error, "cannot be kept now: try again later");
  }
  memory_ = std::move(next);
  waiting_ |= answer.keep.has_value();
  return std::move(answer.reply);
}

void StationRelay::on_station_answer(const std::string& id, const Json* result, std::string_view text, Instant now) {
  if (!down_open_ || down_open_->call.id != id) {
    ++counters_.unmatched_answers;
    return;
  }
  const Down down = *std::exchange(down_open_, std::nullopt);
  if (result) {
    StationMemory next = memory_;
    protocol_->station_answered(next, {down.call.action, down.call.payload, *result}, now);
    if (!(next == memory_)) {
      if (const Status stored = outbox_.change(station_, {.memory = &next}); !stored) {
        log::error("uplink.not_remembered", {{"station", station_}, {"why", stored.error().message}});
      }
      memory_ = std::move(next);
    }
  }
  if (!down.ours && upstream_open_) actions_.emplace_back(ToUpstream{std::string(text)});
  pump_down(now);
}

void StationRelay::upstream_opened(Instant now) {
  upstream_open_ = true;
  pump_up(now);
}

void StationRelay::upstream_closed(Instant now) {
  upstream_open_ = false;
  forwarding_.reset();
  std::erase_if(down_waiting_, [](const Down& down) { return !down.ours; });
  for (const Relayed& open : std::exchange(relayed_, {})) {
    answer_here(open.call, ocpp::call_text(open.call.id, open.call.action, to_text(open.call.payload)), now);
  }
}

void StationRelay::lose_upstream(std::string why, Instant now) {
  actions_.emplace_back(CloseUpstream{std::move(why)});
  upstream_closed(now);
}

void StationRelay::upstream_said(std::string_view text, Instant now) {
  if (!upstream_open_) return;
  auto frame = ocpp::parse_frame(text);
  if (!frame) {
    if (mode() == Mode::passing) actions_.emplace_back(ToStation{std::string(text)});
    return;
  }
  if (auto* call = std::get_if<CallFrame>(&*frame)) return on_platform_call(std::move(*call), now);
  const auto* result = std::get_if<ocpp::ResultFrame>(&*frame);
  const auto* error = std::get_if<ocpp::ErrorFrame>(&*frame);
  if (!result && !error) {
    if (mode() == Mode::passing) actions_.emplace_back(ToStation{std::string(text)});
    return;
  }
  const std::string& id = result ? result->id : error->id;
  const Json* payload = result ? &result->payload : nullptr;
  if (on_forwarded_answer(id, payload, error ? &error->error : nullptr, now)) return;
  if (on_relayed_answer(id, payload, text, now)) return;
  ++counters_.unmatched_answers;
  // Such as -1 for a frame that could not be read.
  if (error && mode() == Mode::passing) actions_.emplace_back(ToStation{std::string(text)});
}

void StationRelay::on_platform_call(CallFrame call, Instant now) {
  const bool id_in_use = down_open_ && down_open_->call.id == call.id;
  const bool full = down_waiting_.size() >= limits::ocpp_send_queue_messages;
  if (!station_open_ || id_in_use || full) {
    const char* why = !station_open_ ? "the station is not connected" : "too many calls wait for the station";
    const CallError error = error_of(ErrorCode::generic_error, id_in_use ? "this message id is in use" : why);
    actions_.emplace_back(ToUpstream{ocpp::error_text(protocol_->dialect(), call.id, error)});
    return;
  }
  protocol_->translate_down(memory_, call.action, call.payload);
  down_waiting_.push_back({std::move(call), false, {}});
  pump_down(now);
}

bool StationRelay::on_relayed_answer(const std::string& id, const Json* result, std::string_view text, Instant now) {
  const auto open = std::find_if(relayed_.begin(), relayed_.end(), [&](const Relayed& r) { return r.call.id == id; });
  if (open == relayed_.end()) return false;
  const CallFrame call = std::move(open->call);
  relayed_.erase(open);
  ++counters_.passed;
  if (result) {
    if (const auto time = time_in(call.action, *result); time && options_.time) options_.time->told(*time);
    StationMemory next = memory_;
    (void)protocol_->platform_answered(next, {call.action, call.payload, *result}, false, now);
    if (!(next == memory_)) {
      if (const Status stored = outbox_.change(station_, {.memory = &next}); !stored) {
        log::error("uplink.not_remembered", {{"station", station_}, {"why", stored.error().message}});
      }
      memory_ = std::move(next);
    }
  }
  actions_.emplace_back(ToStation{std::string(text)});
  if (relayed_.empty()) pump_up(now);
  return true;
}

bool StationRelay::on_forwarded_answer(const std::string& id, const Json* result, const CallError* error, Instant now) {
  if (!forwarding_ || forwarding_->message.id != id) return false;
  if (result) {
    taken(*result, now);
  } else if (!is_final(error->code)) {
    lose_upstream("it cannot take what was kept: " + error->description, now);
  } else {
    const KeptMessage message = std::exchange(forwarding_, std::nullopt)->message;
    set_aside(message, error->description) ? pump_up(now) : lose_upstream("the disk is at fault", now);
  }
  return true;
}

// The platform has answered the first kept message: it is forgotten only now.
void StationRelay::taken(const Json& result, Instant now) {
  const KeptMessage message = std::exchange(forwarding_, std::nullopt)->message;
  StationMemory next = memory_;
  const auto request = ocpp::parse_json(message.payload);
  std::optional<OwnCall> own;
  if (request) own = protocol_->platform_answered(next, {message.action, *request, result}, true, now);
  if (const Status removed = outbox_.change(station_, {.remove = message.number, .memory = &next}); !removed) {
    log::error("uplink.not_removed", {{"station", station_}, {"why", removed.error().message}});
    return lose_upstream("the disk is at fault", now);
  }
  memory_ = std::move(next);
  ++counters_.forwarded;
  if (own) call_station(*own, now);
  if (message.action == "BootNotification" && memory_.boot != BootState::accepted) {
    actions_.emplace_back(CloseStation{"the platform does not accept this station now: boot again"});
  }
  pump_up(now);
}

bool StationRelay::set_aside(const KeptMessage& message, std::string why) {
  log::error("uplink.set_aside",
             {{"station", station_}, {"action", message.action}, {"message", message.id}, {"why", why}});
  if (!outbox_.change(station_, {.set_aside = message.number, .why = std::move(why)})) return false;
  ++counters_.set_aside;
  return true;
}

void StationRelay::pump_up(Instant now) {
  while (upstream_open_ && waiting_ && !held_back_ && !forwarding_ && relayed_.empty()) {
    auto first = outbox_.first(station_);
    if (!first) return lose_upstream(first.error().message, now);
    if (!*first) {
      waiting_ = false;
      if (station_open_) return;
      upstream_open_ = false;
      actions_.emplace_back(CloseUpstream{"all is told, and the station has gone"});
      return;
    }
    KeptMessage& message = **first;
    auto payload = ocpp::parse_json(message.payload);
    if (!payload || !protocol_->translate_up(memory_, message.action, *payload)) {
      if (!set_aside(message, "its transaction is not known to the platform")) {
        return lose_upstream("the disk is at fault", now);
      }
      continue;
    }
    actions_.emplace_back(ToUpstream{ocpp::call_text(message.id, message.action, to_text(*payload))});
    forwarding_ = Forwarding{std::move(message), now};
  }
}

void StationRelay::call_station(const OwnCall& call, Instant now) {
  auto payload = ocpp::parse_json(call.payload);
  if (!payload || !station_open_) return;
  CallFrame frame{options_.own_id_prefix + std::to_string(++own_calls_), call.action, *std::move(payload)};
  down_waiting_.push_back({std::move(frame), true, {}});
  pump_down(now);
}

void StationRelay::pump_down(Instant now) {
  if (!station_open_ || down_open_ || down_waiting_.empty()) return;
  down_open_ = std::move(down_waiting_.front());
  down_waiting_.pop_front();
  down_open_->since = now;
  const CallFrame& call = down_open_->call;
  actions_.emplace_back(ToStation{ocpp::call_text(call.id, call.action, to_text(call.payload))});
}

void StationRelay::hold_back(bool held, Instant now) {
  if (std::exchange(held_back_, held) && !held) pump_up(now);
}

void StationRelay::tick(Instant now) {
  // A clock that was set back counts as late, too: what is open is asked anew.
  const auto late = [&](Instant since, Duration timeout) { return now < since || now - since >= timeout; };
  const bool unanswered = (forwarding_ && late(forwarding_->since, options_.answer_timeout)) ||
                          (!relayed_.empty() && late(relayed_.front().since, options_.answer_timeout));
  if (upstream_open_ && unanswered) lose_upstream("it does not answer", now);
  if (down_open_ && late(down_open_->since, options_.station_timeout)) {
    down_open_.reset();
    pump_down(now);
  }
  pump_up(now);
}

}  // namespace bayward::uplink

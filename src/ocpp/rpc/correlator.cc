#include "ocpp/rpc/correlator.h"

namespace bayward::ocpp {
namespace {

constexpr std::string_view only_newer = "message types 5 and 6 are not known here";

}  // namespace

Correlator::Correlator(const Dialect& dialect, std::string id_prefix, Duration answer_timeout)
    : dialect_(dialect), calls_(std::move(id_prefix), answer_timeout) {}

Received Correlator::receive(std::string_view text, Instant now) {
  auto frame = parse_frame(text);
  if (!frame) return on_fault(frame.error());
  if (auto* call = std::get_if<CallFrame>(&*frame)) return on_call(std::move(*call), text, now);
  if (auto* result = std::get_if<ResultFrame>(&*frame)) return on_result(std::move(*result));
  if (auto* error = std::get_if<ErrorFrame>(&*frame)) {
    return on_answer(calls_.on_error(error->id, std::move(error->error)), error->id);
  }
  auto* send = std::get_if<SendFrame>(&*frame);
  auto* refused = std::get_if<ResultErrorFrame>(&*frame);
  if (!dialect_.has_sends) {
    return on_fault({FrameFault::Kind::unknown_type, send ? send->id : refused->id, std::string(only_newer)});
  }
  if (send) return IncomingSend{std::move(send->action), std::move(send->payload)};
  ++counters_.refused_answers;
  return RefusedAnswer{std::move(refused->id), std::move(refused->error)};
}

Received Correlator::on_call(CallFrame call, std::string_view text, Instant now) {
  using Kind = IncomingCalls::Admission::Kind;
  auto admission = served_.admit(call.id, text, now);
  switch (admission.kind) {
    case Kind::fresh:
      return IncomingCall{admission.serial, std::move(call.action), std::move(call.payload)};
    case Kind::being_served:
      ++counters_.repeated_calls;
      return Ignored{"repeats call " + call.id + ", which is being served"};
    case Kind::answered_before:
      ++counters_.repeated_calls;
      return SendBack{std::move(admission.answer)};
    case Kind::too_many:
      break;
  }
  ++counters_.refused_calls;
  return SendBack{error_text(dialect_, call.id,
                             {ErrorCode::generic_error, "too many calls at once: wait for answers", Json::object()})};
}

// OCPP 2.1 part 4, 4.2.3: who cannot read a CALLRESULT says so.
Received Correlator::on_result(ResultFrame result) {
  const std::string* asked = calls_.open_action(result.id);
  const Action* action = asked && dialect_.has_sends ? find_action(dialect_, *asked) : nullptr;
  const auto violation = action && action->response ? validate(*action->response, result.payload) : std::nullopt;
  if (!violation) return on_answer(calls_.on_result(result.id, std::move(result.payload)), result.id);
  const CallError error = refusal_of(*violation);
  auto finished = calls_.on_error(result.id, error);
  if (finished) finished->protest = result_error_text(dialect_, result.id, error);
  return on_answer(std::move(finished), result.id);
}

Received Correlator::on_answer(std::optional<FinishedCall> finished, const std::string& id) {
  if (finished) return *std::move(finished);
  ++counters_.unmatched_answers;
  return Ignored{"answers " + id + ", which is not open"};
}

Received Correlator::on_fault(const FrameFault& fault) {
  ++counters_.unreadable_frames;
  CallError error{ErrorCode::rpc_framework_error, fault.message, Json::object()};
  switch (fault.kind) {
    case FrameFault::Kind::unreadable:
      if (!dialect_.answers_unreadable) return Ignored{fault.message};
      return SendBack{error_text(dialect_, unreadable_id, error)};
    case FrameFault::Kind::unknown_type:
      return on_unknown_type(fault);
    case FrameFault::Kind::broken_unasked:
      if (dialect_.has_sends) return Ignored{fault.message};
      return on_unknown_type({fault.kind, fault.id, std::string(only_newer)});
    case FrameFault::Kind::broken_call:
      return SendBack{error_text(dialect_, fault.id, error)};
    case FrameFault::Kind::broken_result:
    case FrameFault::Kind::broken_error: {
      error.code = ErrorCode::formation_violation;
      auto finished = calls_.on_error(fault.id, error);
      const bool is_result = fault.kind == FrameFault::Kind::broken_result;
      if (finished && is_result && dialect_.has_sends) finished->protest = result_error_text(dialect_, fault.id, error);
      return on_answer(std::move(finished), fault.id);
    }
  }
  return Ignored{fault.message};
}

Received Correlator::on_unknown_type(const FrameFault& fault) {
  if (!dialect_.answers_unreadable) return Ignored{fault.message};
  return SendBack{
      error_text(dialect_, fault.id, {ErrorCode::message_type_not_supported, fault.message, Json::object()})};
}

std::optional<std::string> Correlator::answer(CallSerial serial, std::string_view payload, Instant now) {
  const std::string* id = served_.open_id(serial);
  if (id == nullptr) return std::nullopt;
  std::string text = result_text(*id, payload);
  served_.answered(serial, text, now);
  return text;
}

std::optional<std::string> Correlator::refuse(CallSerial serial, const CallError& error, Instant now) {
  const std::string* id = served_.open_id(serial);
  if (id == nullptr) return std::nullopt;
  std::string text = error_text(dialect_, *id, error);
  served_.answered(serial, text, now);
  return text;
}

}  // namespace bayward::ocpp

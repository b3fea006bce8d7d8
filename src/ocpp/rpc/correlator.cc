#include "ocpp/rpc/correlator.h"

namespace bayward::ocpp {

Correlator::Correlator(const Dialect& dialect, std::string id_prefix, Duration answer_timeout)
    : dialect_(dialect), calls_(std::move(id_prefix), answer_timeout) {}

Received Correlator::receive(std::string_view text, Instant now) {
  auto frame = parse_frame(text);
  if (!frame) return on_fault(frame.error());
  if (auto* call = std::get_if<CallFrame>(&*frame)) return on_call(std::move(*call), text, now);
  if (auto* result = std::get_if<ResultFrame>(&*frame)) {
    return on_answer(calls_.on_result(result->id, std::move(result->payload)), result->id);
  }
  auto& error = std::get<ErrorFrame>(*frame);
  return on_answer(calls_.on_error(error.id, std::move(error.error)), error.id);
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
      if (!dialect_.answers_unreadable) return Ignored{fault.message};
      error.code = ErrorCode::message_type_not_supported;
      return SendBack{error_text(dialect_, fault.id, error)};
    case FrameFault::Kind::broken_call:
      return SendBack{error_text(dialect_, fault.id, error)};
    case FrameFault::Kind::broken_answer:
      error.code = ErrorCode::formation_violation;
      return on_answer(calls_.on_error(fault.id, std::move(error)), fault.id);
  }
  return Ignored{fault.message};
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

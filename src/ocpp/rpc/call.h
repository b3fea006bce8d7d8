// Typed ends of OutgoingCalls: a request struct in, its response struct out. Pure functions; any thread.
#pragma once

#include <variant>

#include "ocpp/rpc/codec.h"
#include "ocpp/rpc/outgoing.h"

namespace bayward::ocpp {

template <Request R>
Result<OutgoingCall, Violation> call_of(const R& request, Urgency urgency, Instant give_up_at = Instant::max()) {
  auto payload = encode(request);
  if (!payload) return Failure{payload.error()};
  return OutgoingCall{std::string(R::action_name), std::move(*payload), urgency, give_up_at};
}

template <Request R>
using Outcome = std::variant<typename R::Response, CallError, NoAnswer>;

// A response that does not fit its schema counts as a refusal, with the code we would have answered.
template <Request R>
Outcome<R> outcome_of(const FinishedCall& finished) {
  if (const auto* silence = std::get_if<NoAnswer>(&finished.outcome)) return *silence;
  if (const auto* refusal = std::get_if<CallError>(&finished.outcome)) return *refusal;
  auto response = decode<typename R::Response>(std::get<Json>(finished.outcome));
  if (!response) return refusal_of(response.error());
  return std::move(*response);
}

}  // namespace bayward::ocpp

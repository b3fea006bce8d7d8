// Small helpers of local_v16.cc and local_v201.cc. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ocpp/rpc/codec.h"
#include "site/uplink/local_protocol.h"

namespace bayward::uplink {

inline constexpr Instant no_end = from_unix_s(253'402'300'799);  // 9999-12-31
// How long the platform's "accepted" stands when it did not say.
inline constexpr Duration token_life = 24h;
// How long a token that the platform itself started with may be shown.
inline constexpr Duration remote_start_life = 1h;

// At the start of a transaction.
inline Verdict judge_start(const StationMemory& memory, const LocalContext& context, Asked asked) {
  asked.clock_sure = context.clock_sure;
  const Presented presented = presented_in(memory, asked.token, context.now);
  if (context.places && asked.evse != 0) {
    const std::string token = upper_case(asked.token);
    const auto verdict =
        context.places->at({context.station, asked.evse}, {token, presented.group, presented.owner}, context.now);
    if (verdict) return *verdict;
  }
  return judge(memory, asked, context.now);
}

// Of a payload that fits its schema.
template <ocpp::Message T>
T read(const ocpp::Json& payload) {
  T out;
  read_json(payload, out);
  return out;
}

inline LocalAnswer refuse(std::string why) {
  return {ocpp::CallError{ocpp::ErrorCode::internal_error, std::move(why), ocpp::Json::object()}, std::nullopt};
}

template <ocpp::Message T>
LocalAnswer answer_with(const T& response, std::optional<Keep> keep) {
  auto payload = ocpp::encode(response);
  if (!payload) return refuse("the answer would be invalid: " + payload.error().text());
  return {*std::move(payload), keep};
}

inline ocpp::Json* member(ocpp::Json& object, std::string_view name) {
  ocpp::Json::Object* members = object.as_object();
  if (!members) return nullptr;
  for (ocpp::JsonMember& one : *members) {
    if (one.name == name) return &one.value;
  }
  return nullptr;
}
inline std::optional<int64_t> integer_in(const ocpp::Json& object, std::string_view name) {
  const ocpp::Json* value = object.find(name);
  return value && value->as_number() ? value->as_number()->scaled(0) : std::nullopt;
}
inline void set_integer(ocpp::Json& object, std::string_view name, int64_t value) {
  if (ocpp::Json* place = member(object, name)) *place = ocpp::Json::integer(value);
}
inline bool was_accepted(const ocpp::Json& response) {
  const ocpp::Json* status = response.find("status");
  return status && status->as_text() && *status->as_text() == "Accepted";
}

}  // namespace bayward::uplink

// decode() and encode() for every generated message: JSON <-> struct, validated against the official schema on the way
// in and on the way out. Pure functions; any thread.
//
//   auto boot = decode<v16::BootNotificationRequest>(call.payload);
//   if (!boot) return refusal_of(boot.error());
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ocpp/rpc/json.h"
#include "ocpp/rpc/schema.h"

namespace bayward::ocpp {

// A request or a response: the generator gives each its action's name and its schema.
template <class T>
concept Message = requires {
  { T::action_name } -> std::convertible_to<std::string_view>;
  { T::schema() } -> std::same_as<const Schema&>;
};
// A request knows its response.
template <class T>
concept Request = Message<T> && Message<typename T::Response>;

// The text of a payload, or why it must not be sent.
Result<std::string, Violation> encode_valid(const Schema& schema, const Json& payload);

// With another `schema`, that of a version whose messages T's fields cover, the same struct serves both versions.
template <Message T>
Result<T, Violation> decode(const Json& payload, const Schema& schema = T::schema()) {
  if (auto violation = validate(schema, payload)) return Failure{*std::move(violation)};
  T out;
  read_json(payload, out);
  return out;
}

template <Message T>
Result<std::string, Violation> encode(const T& message, const Schema& schema = T::schema()) {
  return encode_valid(schema, write_json(message));
}

}  // namespace bayward::ocpp

// For tests and fuzzers: every message of a version, with its type erased.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "ocpp/rpc/codec.h"
#include "ocpp/v16/types.h"
#include "ocpp/v201/types.h"
#include "ocpp/v21/types.h"

namespace bayward::ocpp {

struct MessageCase {
  std::string_view name;  // BootNotificationRequest
  const Schema* schema = nullptr;
  // Decodes into the struct and encodes that again.
  Result<std::string, Violation> (*recode_by)(const Json&, const Schema&) = nullptr;

  Result<std::string, Violation> recode(const Json& payload) const { return recode_by(payload, *schema); }
};

template <Message T>
Result<std::string, Violation> recode_by(const Json& payload, const Schema& schema) {
  const auto message = decode<T>(payload, schema);
  if (!message) return Failure{message.error()};
  return encode(*message, schema);
}

inline std::span<const MessageCase> messages_v16() {
  static const MessageCase all[] = {
#define MESSAGE(name) {#name, &v16::name::schema(), &recode_by<v16::name>},
#include "ocpp/v16/messages.inc"
#undef MESSAGE
  };
  return all;
}

inline std::span<const MessageCase> messages_v201() {
  static const MessageCase all[] = {
#define MESSAGE(name) {#name, &v201::name::schema(), &recode_by<v201::name>},
#include "ocpp/v201/messages.inc"
#undef MESSAGE
  };
  return all;
}

inline std::span<const MessageCase> messages_v21() {
  static const MessageCase all[] = {
#define MESSAGE(name) {#name, &v21::name::schema(), &recode_by<v21::name>},
#include "ocpp/v21/messages.inc"
#undef MESSAGE
  };
  return all;
}

inline const MessageCase* find_message(std::span<const MessageCase> messages, std::string_view name) {
  const auto found =
      std::find_if(messages.begin(), messages.end(), [&](const MessageCase& m) { return m.name == name; });
  return found == messages.end() ? nullptr : &*found;
}

}  // namespace bayward::ocpp

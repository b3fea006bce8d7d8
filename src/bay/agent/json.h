// Small helpers to keep values as JSON text in the store. For the files of this folder; pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ocpp/rpc/json.h"

namespace bayward::bay {

inline ocpp::Json text(std::string value) {
  return ocpp::Json::text(std::move(value));
}
inline ocpp::Json number(int64_t value) {
  return ocpp::Json::integer(value);
}
inline ocpp::Json fields(ocpp::Json::Object members) {
  return ocpp::Json::object(std::move(members));
}

// What is not there, or of another kind, reads as empty or 0.
inline std::string text_of(const ocpp::Json& json, std::string_view name) {
  const ocpp::Json* found = json.find(name);
  const std::string* value = found ? found->as_text() : nullptr;
  return value ? *value : std::string();
}
inline int64_t number_of(const ocpp::Json& json, std::string_view name) {
  const ocpp::Json* found = json.find(name);
  const ocpp::Decimal* value = found ? found->as_number() : nullptr;
  return value ? value->scaled(0).value_or(0) : 0;
}

}  // namespace bayward::bay

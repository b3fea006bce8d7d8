// What a message must look like, as tables (generated from the official schemas), and the one validator over them.
// Immutable after start; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ocpp/rpc/json.h"

namespace bayward::ocpp {

struct Schema;

struct SchemaProperty {
  std::string_view name;
  const Schema* schema = nullptr;
  bool required = false;
};

struct Schema {
  enum class Kind : uint8_t { any, boolean, integer, number, text, date_time, uri, enumeration, array, object };

  Kind kind = Kind::any;
  bool open = false;      // object: further members are allowed (OCPP 2 CustomDataType)
  int8_t places = -1;     // number: a multiple of 10^-places; -1: any
  uint32_t size_min = 0;  // text: Unicode code points; array: items
  uint32_t size_max = std::numeric_limits<uint32_t>::max();
  int64_t minimum = std::numeric_limits<int64_t>::min();  // integer and number
  int64_t maximum = std::numeric_limits<int64_t>::max();
  std::span<const std::string_view> words;     // enumeration
  std::span<const SchemaProperty> properties;  // object
  const Schema* items = nullptr;               // array
};

// How a payload fails, in OCPP's terms (OCPP 2.0.1 part 4, 4.3; OCPP-J 1.6, 4.2.3).
struct Violation {
  enum class Kind : uint8_t {
    formation,              // not the structure: a member that the message does not have
    occurrence_constraint,  // a required member is missing, too few or too many items
    type_constraint,        // a string where a number belongs
    property_constraint,    // right type, but no such value: enumeration, length, range, format
  };
  Kind kind{};
  std::string path;     // JSON pointer to the culprit, "" for the payload itself
  std::string message;  // for people

  std::string text() const { return path.empty() ? message : path + ": " + message; }
};

// The first violation, depth first: of an object its unknown members, then its missing ones, then each member in the
// order of the text. The same payload is always refused for the same reason.
std::optional<Violation> validate(const Schema& schema, const Json& value);

}  // namespace bayward::ocpp

// A JSON document that keeps its numbers exact (Boost.JSON's own value rounds them to double). A plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ocpp/rpc/decimal.h"

namespace bayward::ocpp {

struct JsonMember;

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<JsonMember>;  // in the order of the text; names are unique when it was parsed
  enum class Kind : uint8_t { null, boolean, number, text, array, object };

  Json();  // null
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();
  static Json boolean(bool value);
  static Json number(Decimal value);
  static Json integer(int64_t value);
  static Json text(std::string value);
  static Json array();
  static Json array(Array items);
  static Json object();
  static Json object(Object members);

  Kind kind() const { return static_cast<Kind>(content_.index()); }
  // Null pointers when it is of another kind.
  const bool* as_boolean() const { return std::get_if<bool>(&content_); }
  const Decimal* as_number() const { return std::get_if<Decimal>(&content_); }
  const std::string* as_text() const { return std::get_if<std::string>(&content_); }
  const Array* as_array() const { return std::get_if<Array>(&content_); }
  const Object* as_object() const { return std::get_if<Object>(&content_); }
  Array* as_array() { return std::get_if<Array>(&content_); }
  Object* as_object() { return std::get_if<Object>(&content_); }
  // The member of that name; null when there is none or this is no object.
  const Json* find(std::string_view name) const;

  friend bool operator==(const Json& a, const Json& b);

 private:
  std::variant<std::monostate, bool, Decimal, std::string, Array, Object> content_;
};

struct JsonMember {
  std::string name;
  Json value;

  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

// Parses exactly one document of at most limits::json_depth levels. Refuses, besides what RFC 8259 refuses: names that
// occur twice in one object, and numbers beyond Decimal's bounds.
Result<Json, Error> parse_json(std::string_view text);

std::string to_text(const Json& json);
void append_text(std::string& out, const Json& json);

// The word for people: "an object".
std::string_view describe(Json::Kind kind);

}  // namespace bayward::ocpp

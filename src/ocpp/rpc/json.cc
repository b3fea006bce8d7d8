#include "ocpp/rpc/json.h"

#include <algorithm>

#include "base/json_text.h"

namespace bayward::ocpp {

Json::Json() = default;
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::boolean(bool value) {
  Json out;
  out.content_ = value;
  return out;
}
Json Json::number(Decimal value) {
  Json out;
  out.content_ = std::move(value);
  return out;
}
Json Json::integer(int64_t value) {
  return number(Decimal::of(value));
}
Json Json::text(std::string value) {
  Json out;
  out.content_ = std::move(value);
  return out;
}
Json Json::array() {
  return array(Array{});
}
Json Json::array(Array items) {
  Json out;
  out.content_ = std::move(items);
  return out;
}
Json Json::object() {
  return object(Object{});
}
Json Json::object(Object members) {
  Json out;
  out.content_ = std::move(members);
  return out;
}

const Json* Json::find(std::string_view name) const {
  const Object* members = as_object();
  if (members == nullptr) return nullptr;
  const auto found =
      std::find_if(members->begin(), members->end(), [&](const JsonMember& m) { return m.name == name; });
  return found == members->end() ? nullptr : &found->value;
}

bool operator==(const Json& a, const Json& b) {
  return a.content_ == b.content_;
}

void append_text(std::string& out, const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null:
      out += "null";
      return;
    case Json::Kind::boolean:
      out += *json.as_boolean() ? "true" : "false";
      return;
    case Json::Kind::number:
      out += json.as_number()->text();
      return;
    case Json::Kind::text:
      append_json_string(out, *json.as_text());
      return;
    case Json::Kind::array: {
      char separator = '[';
      for (const Json& item : *json.as_array()) {
        out += std::exchange(separator, ',');
        append_text(out, item);
      }
      out += separator == '[' ? "[]" : "]";
      return;
    }
    case Json::Kind::object: {
      char separator = '{';
      for (const JsonMember& member : *json.as_object()) {
        out += std::exchange(separator, ',');
        append_json_string(out, member.name);
        out += ':';
        append_text(out, member.value);
      }
      out += separator == '{' ? "{}" : "}";
      return;
    }
  }
}

std::string to_text(const Json& json) {
  std::string out;
  append_text(out, json);
  return out;
}

std::string_view describe(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "a boolean";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::text:
      return "a string";
    case Json::Kind::array:
      return "an array";
    case Json::Kind::object:
      return "an object";
  }
  return "nothing";
}

}  // namespace bayward::ocpp

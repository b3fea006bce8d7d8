// For tests: instances made from a schema, and every way to break one of them once.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "ocpp/rpc/schema.h"

namespace bayward::ocpp {

inline bool has_maximum(const Schema& schema) {
  return schema.maximum != std::numeric_limits<int64_t>::max();
}
inline bool has_minimum(const Schema& schema) {
  return schema.minimum != std::numeric_limits<int64_t>::min();
}
inline bool has_size_max(const Schema& schema) {
  return schema.size_max != std::numeric_limits<uint32_t>::max();
}

inline std::string repeated(std::string_view character, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += character;
  return out;
}

// With all that is required only (`full` false), or with everything at its upper limit.
inline Json instance(const Schema& schema, bool full) {
  switch (schema.kind) {
    case Schema::Kind::any:
      return full ? *parse_json(R"({"a":[1,null,{"b":0.5}]})") : Json();
    case Schema::Kind::boolean:
      return Json::boolean(full);
    case Schema::Kind::integer:
      return Json::integer(full ? (has_maximum(schema) ? schema.maximum : int64_t{1} << 40)
                                : (has_minimum(schema) ? schema.minimum : -1));
    case Schema::Kind::number:
      if (full && has_maximum(schema)) return Json::integer(schema.maximum);
      if (!full && has_minimum(schema)) return Json::integer(schema.minimum);
      return Json::number(*Decimal::parse(full ? (schema.places >= 0 ? "16777217.1" : "16777217.123456789") : "0"));
    case Schema::Kind::text:
      return Json::text(full ? repeated("é", has_size_max(schema) ? schema.size_max : 300)
                             : repeated("a", schema.size_min));
    case Schema::Kind::date_time:
      return Json::text(full ? "2026-03-29T01:00:00.123Z" : "1970-01-01T00:00:00.000Z");
    case Schema::Kind::uri:
      return Json::text(full ? "https://user@example.org:8443/path?query=1#x" : "ftp://x");
    case Schema::Kind::enumeration:
      return Json::text(std::string(full ? schema.words.back() : schema.words.front()));
    case Schema::Kind::array: {
      const size_t count =
          full ? std::min<size_t>(std::max<size_t>(schema.size_min, 2), schema.size_max) : schema.size_min;
      return Json::array(Json::Array(count, instance(*schema.items, full)));
    }
    case Schema::Kind::object: {
      Json::Object members;
      for (const auto& property : schema.properties) {
        if (full || property.required)
          members.push_back({std::string(property.name), instance(*property.schema, full)});
      }
      if (full && schema.open) members.push_back({"anything", *parse_json(R"({"x":[1.25]})")});
      return Json::object(std::move(members));
    }
  }
  return Json();
}

// Called with one thing broken, what it is, and how it must be refused.
using BrokenCheck = std::function<void(Violation::Kind expected, const std::string& what)>;

// Breaks each thing below `node` once, calls `check`, and mends it again.
inline void break_each(const Schema& schema, Json& node, const std::string& path, const BrokenCheck& check) {
  using Kind = Violation::Kind;
  const auto with = [&](Json broken, Kind expected, std::string_view what) {
    std::swap(node, broken);
    check(expected, path + ": " + std::string(what));
    std::swap(node, broken);
  };
  if (schema.kind == Schema::Kind::any) return;
  with(Json(), Kind::type_constraint, "null");
  const bool is_number = schema.kind == Schema::Kind::integer || schema.kind == Schema::Kind::number;
  with(is_number ? Json::text("1") : Json::integer(1), Kind::type_constraint, "wrong type");
  if (schema.kind == Schema::Kind::integer)
    with(Json::number(*Decimal::parse("1.5")), Kind::type_constraint, "a fraction");
  if (is_number && has_maximum(schema)) with(Json::integer(schema.maximum + 1), Kind::property_constraint, "over");
  if (is_number && has_minimum(schema)) with(Json::integer(schema.minimum - 1), Kind::property_constraint, "under");
  if (schema.places >= 0) with(Json::number(*Decimal::parse("1.23")), Kind::property_constraint, "too fine");
  if (schema.kind == Schema::Kind::enumeration) with(Json::text("Nonsense"), Kind::property_constraint, "no such word");
  if (schema.kind == Schema::Kind::date_time) with(Json::text("29.3.2026"), Kind::property_constraint, "no date-time");
  if (schema.kind == Schema::Kind::uri) with(Json::text("no uri"), Kind::property_constraint, "no URI");
  if (schema.kind == Schema::Kind::text && has_size_max(schema)) {
    with(Json::text(repeated("é", schema.size_max + 1)), Kind::property_constraint, "too long");
  }
  if (schema.kind == Schema::Kind::array) {
    const Json item = instance(*schema.items, true);
    if (schema.size_min > 0) with(Json::array(), Kind::occurrence_constraint, "too few");
    if (has_size_max(schema))
      with(Json::array(Json::Array(schema.size_max + 1, item)), Kind::occurrence_constraint, "too many");
    for (Json& child : *node.as_array()) break_each(*schema.items, child, path + "/[]", check);
  }
  if (schema.kind != Schema::Kind::object) return;
  if (!schema.open) {
    Json::Object members = *node.as_object();
    members.push_back({"unheardOf", Json::integer(1)});
    with(Json::object(std::move(members)), Kind::formation, "one member more");
  }
  for (const auto& property : schema.properties) {
    if (property.required) {
      Json::Object members = *node.as_object();
      std::erase_if(members, [&](const JsonMember& member) { return member.name == property.name; });
      with(Json::object(std::move(members)), Kind::occurrence_constraint, "without " + std::string(property.name));
    }
    for (JsonMember& member : *node.as_object()) {
      if (member.name == property.name) break_each(*property.schema, member.value, path + "/" + member.name, check);
    }
  }
}

}  // namespace bayward::ocpp

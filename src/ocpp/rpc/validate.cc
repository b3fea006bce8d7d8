#include <algorithm>

#include "ocpp/rpc/schema.h"
#include "ocpp/rpc/text.h"

namespace bayward::ocpp {
namespace {

using Found = std::optional<Violation>;

Found wrong_type(const Json& value, std::string_view expected) {
  return Violation{Violation::Kind::type_constraint, "",
                   "expected " + std::string(expected) + ", got " + std::string(describe(value.kind()))};
}
Found bad_value(std::string message) {
  return Violation{Violation::Kind::property_constraint, "", std::move(message)};
}
// What came from outside is shown, but not at length.
std::string quoted(std::string_view text) {
  constexpr size_t shown = 40;
  const std::string_view start = first_code_points(text, shown);
  return "'" + std::string(start) + (start.size() < text.size() ? "…'" : "'");
}
std::string pointer_token(std::string_view name) {
  std::string out = "/";
  for (char c : first_code_points(name, 60)) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}
Found below(std::string_view token, Found found) {
  if (found) found->path.insert(0, pointer_token(token));
  return found;
}

Found check_text(const Schema& schema, const Json& value) {
  const std::string* text = value.as_text();
  if (text == nullptr) return wrong_type(value, "a string");
  switch (schema.kind) {
    case Schema::Kind::enumeration:
      if (std::find(schema.words.begin(), schema.words.end(), *text) != schema.words.end()) return {};
      return bad_value(quoted(*text) + " is not one of its " + std::to_string(schema.words.size()) + " values");
    case Schema::Kind::date_time:
      if (parse_date_time(*text)) return {};
      return bad_value(quoted(*text) + " is not a date and time of RFC 3339");
    case Schema::Kind::uri:
      if (!is_uri(*text)) return bad_value("not a URI");
      break;
    default:
      break;
  }
  const size_t length = code_points(*text);
  if (length > schema.size_max) {
    return bad_value(std::to_string(length) + " characters, at most " + std::to_string(schema.size_max) + " allowed");
  }
  if (length < schema.size_min) {
    return bad_value(std::to_string(length) + " characters, at least " + std::to_string(schema.size_min) + " needed");
  }
  return {};
}

Found check_number(const Schema& schema, const Json& value) {
  const Decimal* number = value.as_number();
  if (number == nullptr) return wrong_type(value, schema.kind == Schema::Kind::integer ? "an integer" : "a number");
  if (schema.kind == Schema::Kind::integer && !number->scaled(0)) {
    return Violation{Violation::Kind::type_constraint, "", "expected an integer of 64 bits"};
  }
  const bool any_minimum = schema.minimum == std::numeric_limits<int64_t>::min();
  const bool any_maximum = schema.maximum == std::numeric_limits<int64_t>::max();
  if (!any_minimum && *number < Decimal::of(schema.minimum)) {
    return bad_value("less than " + std::to_string(schema.minimum));
  }
  if (!any_maximum && *number > Decimal::of(schema.maximum)) {
    return bad_value("more than " + std::to_string(schema.maximum));
  }
  if (schema.places >= 0 && !number->has_at_most_places(schema.places)) {
    return bad_value("more than " + std::to_string(schema.places) + " decimal places");
  }
  return {};
}

Found check_array(const Schema& schema, const Json& value) {
  const Json::Array* items = value.as_array();
  if (items == nullptr) return wrong_type(value, "an array");
  if (items->size() < schema.size_min || items->size() > schema.size_max) {
    const bool few = items->size() < schema.size_min;
    return Violation{Violation::Kind::occurrence_constraint, "",
                     std::to_string(items->size()) + " items, " + (few ? "at least " : "at most ") +
                         std::to_string(few ? schema.size_min : schema.size_max) + " allowed"};
  }
  for (size_t i = 0; i < items->size(); ++i) {
    if (auto found = below(std::to_string(i), validate(*schema.items, (*items)[i]))) return found;
  }
  return {};
}

const SchemaProperty* property_of(const Schema& schema, std::string_view name) {
  const auto found = std::find_if(schema.properties.begin(), schema.properties.end(),
                                  [&](const SchemaProperty& property) { return property.name == name; });
  return found == schema.properties.end() ? nullptr : &*found;
}

Found check_object(const Schema& schema, const Json& value) {
  const Json::Object* members = value.as_object();
  if (members == nullptr) return wrong_type(value, "an object");
  if (!schema.open) {
    for (const JsonMember& member : *members) {
      if (property_of(schema, member.name) != nullptr) continue;
      return below(member.name, Violation{Violation::Kind::formation, "", "no such property here"});
    }
  }
  for (const SchemaProperty& property : schema.properties) {
    if (!property.required || value.find(property.name) != nullptr) continue;
    return below(property.name, Violation{Violation::Kind::occurrence_constraint, "", "required, but missing"});
  }
  for (const JsonMember& member : *members) {
    const SchemaProperty* property = property_of(schema, member.name);
    if (property == nullptr) continue;
    if (auto found = below(member.name, validate(*property->schema, member.value))) return found;
  }
  return {};
}

}  // namespace

std::optional<Violation> validate(const Schema& schema, const Json& value) {
  switch (schema.kind) {
    case Schema::Kind::any:
      return {};
    case Schema::Kind::boolean:
      return value.as_boolean() != nullptr ? Found{} : wrong_type(value, "a boolean");
    case Schema::Kind::integer:
    case Schema::Kind::number:
      return check_number(schema, value);
    case Schema::Kind::text:
    case Schema::Kind::date_time:
    case Schema::Kind::uri:
    case Schema::Kind::enumeration:
      return check_text(schema, value);
    case Schema::Kind::array:
      return check_array(schema, value);
    case Schema::Kind::object:
      return check_object(schema, value);
  }
  return {};
}

}  // namespace bayward::ocpp

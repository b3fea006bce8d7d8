// Structs with BAYWARD_FIELDS as JSON objects and back: for messages of our own inside DataTransfer. Ids and
// enumerations are numbers, times are RFC 3339 texts, durations milliseconds, intervals {"start","end"}. Pure
// functions.
//
// Reading trusts nothing: a member of another type, or a number beyond its type, fails with its name. Members that are
// not known are passed over, missing ones keep their defaults: either side may be newer.
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "ocpp/rpc/json.h"

namespace bayward::ocpp {

class StructWriter {
 public:
  void operator()(std::string_view name, const auto& value) { members_.push_back({std::string(name), json_of(value)}); }
  Json take() { return Json::object(std::move(members_)); }

  static Json json_of(bool value) { return Json::boolean(value); }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  static Json json_of(T value) {
    return Json::integer(static_cast<int64_t>(value));
  }
  template <class Tag>
  static Json json_of(Id<Tag> id) {
    return Json::integer(static_cast<int64_t>(id.value));
  }
  static Json json_of(Instant at) { return Json::text(to_rfc3339(at)); }
  static Json json_of(Duration length) { return Json::integer(length.count()); }
  static Json json_of(const Interval& span) {
    return Json::object({{"start", json_of(span.start)}, {"end", json_of(span.end)}});
  }
  static Json json_of(const std::string& text) { return Json::text(text); }
  template <class T>
  static Json json_of(const std::vector<T>& items) {
    Json::Array out;
    for (const T& item : items) out.push_back(json_of(item));
    return Json::array(std::move(out));
  }
  template <class T>
  static Json json_of(const std::optional<T>& value) {
    return value ? json_of(*value) : Json{};
  }
  template <HasFields T>
  static Json json_of(const T& value) {
    StructWriter inner;
    T::fields(value, inner);
    return inner.take();
  }

 private:
  Json::Object members_;
};

class StructReader {
 public:
  explicit StructReader(const Json& json) : json_(json) {}

  void operator()(std::string_view name, auto& value) {
    const Json* found = json_.find(name);
    if (found && wrong_.empty() && !read(*found, value) && wrong_.empty()) wrong_ = name;
  }
  const std::string& wrong() const { return wrong_; }

  bool read(const Json& json, bool& out) {
    if (json.as_boolean()) out = *json.as_boolean();
    return json.as_boolean() != nullptr;
  }
  template <class T>
    requires(std::is_integral_v<T>)
  bool read(const Json& json, T& out) {
    const auto number = json.as_number() ? json.as_number()->scaled(0) : std::nullopt;
    if (!number || !std::in_range<T>(*number)) return false;
    out = static_cast<T>(*number);
    return true;
  }
  // Which numbers an enumeration has is its reader's to know.
  template <class T>
    requires(std::is_enum_v<T>)
  bool read(const Json& json, T& out) {
    std::underlying_type_t<T> number{};
    if (!read(json, number)) return false;
    out = static_cast<T>(number);
    return true;
  }
  template <class Tag>
  bool read(const Json& json, Id<Tag>& out) {
    return read(json, out.value);
  }
  bool read(const Json& json, Instant& out) {
    const auto at = json.as_text() ? parse_rfc3339(*json.as_text()) : std::nullopt;
    if (at) out = *at;
    return at.has_value();
  }
  bool read(const Json& json, Duration& out) {
    int64_t ms = 0;
    if (!read(json, ms)) return false;
    out = Duration{ms};
    return true;
  }
  bool read(const Json& json, Interval& out) {
    const Json* start = json.find("start");
    const Json* end = json.find("end");
    return start && end && read(*start, out.start) && read(*end, out.end);
  }
  bool read(const Json& json, std::string& out) {
    if (json.as_text()) out = *json.as_text();
    return json.as_text() != nullptr;
  }
  template <class T>
  bool read(const Json& json, std::vector<T>& out) {
    if (!json.as_array()) return false;
    out.clear();
    for (const Json& item : *json.as_array()) {
      if (!read(item, out.emplace_back())) return false;
    }
    return true;
  }
  template <class T>
  bool read(const Json& json, std::optional<T>& out) {
    out.reset();
    return json.kind() == Json::Kind::null || read(json, out.emplace());
  }
  template <HasFields T>
  bool read(const Json& json, T& out) {
    if (!json.as_object()) return false;
    StructReader inner(json);
    T::fields(out, inner);
    if (wrong_.empty()) wrong_ = inner.wrong_;
    return inner.wrong_.empty();
  }

 private:
  const Json& json_;
  std::string wrong_;
};

template <HasFields T>
Json struct_json(const T& value) {
  return StructWriter::json_of(value);
}

// The error is the name of the member that is wrong.
template <HasFields T>
Result<T, Error> struct_of(const Json& json) {
  T out;
  StructReader reader(json);
  if (!reader.read(json, out)) return fail(reader.wrong().empty() ? "not an object" : reader.wrong());
  return out;
}

}  // namespace bayward::ocpp

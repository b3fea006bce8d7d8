// What the generated code reads and writes structs with. Readers work on JSON that validate() has accepted; on anything
// else they leave the field as it was. Only the generated .cc files include this.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/time.h"
#include "ocpp/rpc/json.h"
#include "ocpp/rpc/words.h"

namespace bayward::ocpp {

void read_json(const Json& json, bool& out);
void read_json(const Json& json, int64_t& out);
void read_json(const Json& json, Decimal& out);
void read_json(const Json& json, std::string& out);
void read_json(const Json& json, Instant& out);
void read_json(const Json& json, Json& out);

Json write_json(bool value);
Json write_json(int64_t value);
Json write_json(const Decimal& value);
Json write_json(const std::string& value);
Json write_json(Instant value);
Json write_json(const Json& value);

template <class E>
  requires std::is_enum_v<E>
void read_json(const Json& json, E& out) {
  if (const std::string* text = json.as_text()) out = from_text<E>(*text).value_or(out);
}
template <class E>
  requires std::is_enum_v<E>
Json write_json(E value) {
  return Json::text(std::string(to_text(value)));
}

template <class T>
void read_json(const Json& json, std::vector<T>& out) {
  const Json::Array* items = json.as_array();
  if (items == nullptr) return;
  out.resize(items->size());
  for (size_t i = 0; i < items->size(); ++i) read_json((*items)[i], out[i]);
}
template <class T>
Json write_json(const std::vector<T>& values) {
  Json::Array items;
  items.reserve(values.size());
  for (const T& value : values) items.push_back(write_json(value));
  return Json::array(std::move(items));
}

class ObjectReader {
 public:
  explicit ObjectReader(const Json& json) : json_(json) {}

  template <class T>
  void field(std::string_view name, T& out) const {
    if (const Json* value = json_.find(name)) read_json(*value, out);
  }
  template <class T>
  void field(std::string_view name, std::optional<T>& out) const {
    if (const Json* value = json_.find(name)) read_json(*value, out.emplace());
  }
  // The members of an open object that its type does not name.
  void others(std::span<const std::string_view> named, Json::Object& out) const;

 private:
  const Json& json_;
};

class ObjectWriter {
 public:
  template <class T>
  void field(std::string_view name, const T& value) {
    members_.push_back({std::string(name), write_json(value)});
  }
  template <class T>
  void field(std::string_view name, const std::optional<T>& value) {
    if (value) field(name, *value);
  }
  // A name that is written already stays as it is.
  void others(const Json::Object& members);
  Json take() { return Json::object(std::move(members_)); }

 private:
  Json::Object members_;
};

}  // namespace bayward::ocpp

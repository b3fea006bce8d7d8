#include "ocpp/rpc/fields.h"

#include <algorithm>

#include "ocpp/rpc/text.h"

namespace bayward::ocpp {

std::optional<size_t> index_of(std::span<const std::string_view> words, std::string_view text) {
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end()) return std::nullopt;
  return static_cast<size_t>(found - words.begin());
}

void read_json(const Json& json, bool& out) {
  if (const bool* value = json.as_boolean()) out = *value;
}
void read_json(const Json& json, int64_t& out) {
  if (const Decimal* value = json.as_number()) out = value->scaled(0).value_or(out);
}
void read_json(const Json& json, Decimal& out) {
  if (const Decimal* value = json.as_number()) out = *value;
}
void read_json(const Json& json, std::string& out) {
  if (const std::string* value = json.as_text()) out = *value;
}
void read_json(const Json& json, Instant& out) {
  if (const std::string* value = json.as_text()) out = parse_date_time(*value).value_or(out);
}
void read_json(const Json& json, Json& out) {
  out = json;
}

Json write_json(bool value) {
  return Json::boolean(value);
}
Json write_json(int64_t value) {
  return Json::integer(value);
}
Json write_json(const Decimal& value) {
  return Json::number(value);
}
Json write_json(const std::string& value) {
  return Json::text(value);
}
Json write_json(Instant value) {
  return Json::text(to_rfc3339(value));
}
Json write_json(const Json& value) {
  return value;
}

void ObjectReader::others(std::span<const std::string_view> named, Json::Object& out) const {
  const Json::Object* members = json_.as_object();
  if (members == nullptr) return;
  std::copy_if(members->begin(), members->end(), std::back_inserter(out),
               [&](const JsonMember& member) { return !index_of(named, member.name); });
}

void ObjectWriter::others(const Json::Object& members) {
  for (const JsonMember& member : members) {
    const bool written =
        std::any_of(members_.begin(), members_.end(), [&](const JsonMember& mine) { return mine.name == member.name; });
    if (!written) members_.push_back(member);
  }
}

}  // namespace bayward::ocpp

// What staff is not shown of messages: see message_log.h.
#include <algorithm>
#include <array>
#include <string_view>

#include "ports/http_util.h"
#include "stations/message_log.h"

namespace bayward::stations {
namespace {

// Members of any message of any version. `data` of DataTransfer and customer reports is anybody's.
constexpr std::array<std::string_view, 11> of_persons = {
    "idTag",      "parentIdTag",        "idToken",   "additionalIdToken", "data",           "emaid",
    "exiRequest", "customerIdentifier", "vatNumber", "prioritizedEMAIDs", "signedMeterData"};
// URLs carry credentials, of ours and of others.
constexpr std::array<std::string_view, 4> secrets = {"password", "basicAuthPassword", "apnPassword", "remoteLocation"};
// A setting, or a reading, whose value is not for everybody.
constexpr std::array<std::string_view, 2> secret_settings = {"AuthorizationKey", "BasicAuthPassword"};
constexpr std::array<std::string_view, 4> value_members = {"value", "attributeValue", "actualValue", "data"};

template <size_t n>
bool contains(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view text_of(const ocpp::Json* json) {
  const std::string* text = json ? json->as_text() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}
std::string_view name_in(const ocpp::Json& object, std::string_view member) {
  const ocpp::Json* named = object.find(member);
  return named ? text_of(named->find("name")) : std::string_view();
}

enum class Veil : uint8_t { none, personal, secret };

// What the values of this object are: those of a password setting, of a plate.
Veil veil_of_values(const ocpp::Json& object) {
  for (const std::string_view setting : secret_settings) {
    if (equal_without_case(text_of(object.find("key")), setting)) return Veil::secret;
    if (equal_without_case(name_in(object, "variable"), setting)) return Veil::secret;
  }
  return equal_without_case(name_in(object, "component"), "VehicleIdSensor") ? Veil::personal : Veil::none;
}

// Enough to tell two apart while looking, not enough to use.
std::string veiled(std::string_view text) {
  constexpr size_t shown = 2;
  return text.size() >= 8 ? "***" + std::string(text.substr(text.size() - shown)) : "***";
}

ocpp::Json mask(const ocpp::Json& json, bool personal, Veil veil);

ocpp::Json mask_object(const ocpp::Json& json, bool personal, Veil veil) {
  const Veil values = veil_of_values(json);
  ocpp::Json::Object out;
  out.reserve(json.as_object()->size());
  for (const ocpp::JsonMember& member : *json.as_object()) {
    Veil own = veil;
    if (contains(value_members, member.name)) own = std::max(own, values);
    if (contains(of_persons, member.name)) own = std::max(own, Veil::personal);
    if (contains(secrets, member.name)) own = Veil::secret;
    if (member.name == "location" && text_of(&member.value).find("://") != std::string_view::npos) own = Veil::secret;
    // 2.x calls an object and the text in it `idToken`; its type says nothing of a person.
    if (member.name == "type" && own == Veil::personal) own = Veil::none;
    out.push_back({member.name, mask(member.value, personal, own)});
  }
  return ocpp::Json::object(std::move(out));
}

ocpp::Json mask(const ocpp::Json& json, bool personal, Veil veil) {
  if (json.as_object() != nullptr) return mask_object(json, personal, veil);
  if (const auto* items = json.as_array()) {
    ocpp::Json::Array out;
    out.reserve(items->size());
    for (const ocpp::Json& item : *items) out.push_back(mask(item, personal, veil));
    return ocpp::Json::array(std::move(out));
  }
  const bool hidden = veil == Veil::secret || (veil == Veil::personal && !personal);
  if (!hidden) return json;
  return ocpp::Json::text(veil == Veil::secret ? "***" : veiled(text_of(&json)));
}

}  // namespace

ocpp::Json masked(const ocpp::Json& payload, bool personal) {
  return mask(payload, personal, Veil::none);
}

}  // namespace bayward::stations

#include "connectors/cap/cap.h"

#include <array>
#include <cstdio>
#include <pugixml.hpp>
#include <sstream>

#include "base/zone.h"
#include "connectors/cap/words.h"

namespace bayward::cap {
namespace {

constexpr double circle_radius_km = 0.05;  // a bay and what is round it

// XML 1.0 has no place for control characters, and labels are other people's text.
std::string clean(std::string text) {
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' '; });
  return text;
}

void add(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(clean(text).c_str());
}
void add(pugi::xml_node parent, const char* name, std::string_view text) {
  add(parent, name, std::string(text));
}

std::string place_text(const AlarmPlace& place, bool chinese) {
  std::string out = place.site_name;
  if (!place.level.empty()) out += (chinese ? "，" : ", level ") + place.level + (chinese ? "层" : "");
  if (!place.bay_label.empty()) out += (chinese ? "，车位" : ", bay ") + place.bay_label;
  return out;
}

void add_area(pugi::xml_node info, const AlarmPlace& place, bool chinese) {
  pugi::xml_node area = info.append_child("area");
  add(area, "areaDesc", place_text(place, chinese));
  std::array<char, 64> circle{};
  std::snprintf(circle.data(), circle.size(), "%.6f,%.6f %.2f", place.point.latitude_e6 / 1e6,
                place.point.longitude_e6 / 1e6, circle_radius_km);
  add(area, "circle", std::string_view(circle.data()));
}

void add_info(pugi::xml_node alert, const CapConfig& config, const CapDocument& document, bool chinese) {
  const AlarmMessage& message = document.message;
  const CapWords words = words_of(message.kind);
  const bool over = document.type == CapType::cancel;
  const std::string place = place_text(message.place, chinese);
  const std::string event(chinese ? words.event_zh : words.event_en);
  pugi::xml_node info = alert.append_child("info");
  add(info, "language", std::string_view(chinese ? "zh-CN" : "en-US"));
  add(info, "category", words.category);
  add(info, "event", event);
  add(info, "responseType", over ? std::string_view("AllClear") : words.response_type);
  add(info, "urgency", over ? std::string_view("Past") : words.urgency);
  add(info, "severity", severity_of(message.severity));
  add(info, "certainty", words.certainty);
  add(info, "onset", cap_time(message.opened_at, message.utc_offset_s));
  if (document.expires) add(info, "expires", cap_time(*document.expires, message.utc_offset_s));
  if (!config.sender_name.empty()) add(info, "senderName", config.sender_name);
  add(info, "headline", over ? (chinese ? "警报解除：" + event : "All clear: " + event) : event);
  add(info, "description", event + (chinese ? "：" : ": ") + place);
  if (!over) add(info, "instruction", chinese ? words.instruction_zh : words.instruction_en);
  if (!config.web.empty()) add(info, "web", config.web);
  add_area(info, message.place, chinese);
}

std::string_view type_text(CapType type) {
  switch (type) {
    case CapType::alert:
      return "Alert";
    case CapType::update:
      return "Update";
    case CapType::cancel:
      break;
  }
  return "Cancel";
}

}  // namespace

std::string cap_time(Instant at, int32_t utc_offset_s) {
  const int32_t minutes = utc_offset_s / 60;
  std::string out = to_rfc3339(at + std::chrono::minutes{minutes}).substr(0, 19);
  std::array<char, 16> offset{};
  const int32_t size = minutes < 0 ? -minutes : minutes;
  // CAP 1.2 3.3.2: UTC is written -00:00.
  std::snprintf(offset.data(), offset.size(), "%c%02d:%02d", minutes > 0 ? '+' : '-', size / 60 % 24, size % 60);
  return out + offset.data();
}

std::string cap_reference(const CapConfig& config, const CapDocument& document) {
  return config.sender + ',' + document.identifier + ',' + cap_time(document.sent, document.message.utc_offset_s);
}

std::string to_xml(const CapConfig& config, const CapDocument& document) {
  pugi::xml_document xml;
  pugi::xml_node declaration = xml.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node alert = xml.append_child("alert");
  alert.append_attribute("xmlns") = "urn:oasis:names:tc:emergency:cap:1.2";
  add(alert, "identifier", document.identifier);
  add(alert, "sender", config.sender);
  add(alert, "sent", cap_time(document.sent, document.message.utc_offset_s));
  add(alert, "status", std::string_view(config.exercise ? "Exercise" : "Actual"));
  add(alert, "msgType", type_text(document.type));
  add(alert, "scope", std::string_view("Public"));
  if (config.exercise) add(alert, "note", std::string_view("This is an exercise."));
  if (!document.references.empty()) add(alert, "references", document.references);
  add(alert, "incidents", to_text(document.message.incident));
  for (bool chinese : {document.message.chinese, !document.message.chinese}) {
    add_info(alert, config, document, chinese);
  }
  std::ostringstream out;
  xml.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace bayward::cap

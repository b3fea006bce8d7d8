#include "ports/http.h"

#include <array>

#include "ports/http_util.h"

namespace bayward {

std::string_view to_text(HttpMethod method) {
  static constexpr std::array<std::string_view, 7> names = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "?"};
  return names[static_cast<size_t>(method)];
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  places_.push_back(
      {static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(name.size()), static_cast<uint32_t>(value.size())});
  text_ += name;
  text_ += value;
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  for (size_t i = 0; i < places_.size(); ++i) {
    const Entry entry = (*this)[i];
    if (equal_without_case(entry.name, name)) return entry.value;
  }
  return std::nullopt;
}

HttpHeaders::Entry HttpHeaders::operator[](size_t index) const {
  const Place& place = places_[index];
  const std::string_view text = text_;
  return {text.substr(place.at, place.name_size), text.substr(place.at + place.name_size, place.value_size)};
}

std::optional<std::string_view> HttpRequest::parameter(std::string_view name) const {
  for (const QueryParameter& entry : query) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

bool EventStream::send(std::string_view id, std::string_view event, std::string_view data) {
  return send(std::make_shared<const std::string>(event_frame(id, event, data)));
}

namespace {

void append_line(std::string& out, std::string_view field, std::string_view value) {
  out += field;
  for (char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
  out += '\n';
}

}  // namespace

std::string event_frame(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  out.reserve(id.size() + event.size() + data.size() + 32);
  if (!id.empty()) append_line(out, "id: ", id);
  if (!event.empty()) append_line(out, "event: ", event);
  for (;;) {
    const size_t end = data.find_first_of("\r\n");
    append_line(out, "data: ", data.substr(0, end));
    if (end == std::string_view::npos) break;
    const bool pair = data.substr(end, 2) == "\r\n";
    data.remove_prefix(end + (pair ? 2 : 1));
  }
  out += '\n';
  return out;
}

}  // namespace bayward

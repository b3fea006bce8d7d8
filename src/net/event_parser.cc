#include "net/event_parser.h"

#include <utility>

#include "base/limits.h"

namespace bayward::net {

bool EventParser::feed(std::string_view bytes, const Each& each) {
  for (char c : bytes) {
    if (c == '\n' && std::exchange(after_return_, false)) continue;
    after_return_ = c == '\r';
    if (c == '\r' || c == '\n') {
      line(line_, each);
      line_.clear();
    } else {
      line_ += c;
    }
    if (line_.size() + event_.data.size() > limits::http_client_body_bytes) return false;
  }
  return true;
}

void EventParser::line(std::string_view text, const Each& each) {
  if (text.empty()) {
    if (has_data_) {
      if (event_.event.empty()) event_.event = "message";
      each(event_);
    }
    event_.event.clear();
    event_.data.clear();
    has_data_ = false;
    return;
  }
  const size_t colon = text.find(':');
  const std::string_view field = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (field == "event") {
    event_.event = value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    event_.id = value;
  }
}

}  // namespace bayward::net

#include "core/event.h"

namespace bayward::core {

std::string to_text(StreamId stream) {
  if (stream.kind == StreamKind::platform) return "platform-1";
  return stream.kind == StreamKind::site ? bayward::to_text(stream.site()) : bayward::to_text(stream.account());
}

std::string_view event_name(const Event& event) {
  return std::visit([](const auto& e) { return std::decay_t<decltype(e)>::type_name; }, event);
}

}  // namespace bayward::core

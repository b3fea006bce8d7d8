#include "core/site/events.h"

#include <array>

namespace bayward::core {

std::string_view to_text(ConnectorStatus status) {
  static constexpr std::array<std::string_view, 6> words = {"unknown",  "available",   "occupied",
                                                            "reserved", "unavailable", "faulted"};
  return words[static_cast<size_t>(status)];
}

}  // namespace bayward::core

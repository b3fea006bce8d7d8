#include "core/incident/delivery.h"

#include <algorithm>
#include <array>

namespace bayward::core {

std::string_view to_text(DeliveryStep step) {
  static constexpr std::array<std::string_view, 3> words = {"alarm", "reminder", "all_clear"};
  return words[static_cast<size_t>(step)];
}

std::string_view to_text(DeliveryState state) {
  static constexpr std::array<std::string_view, 6> words = {"pending", "delivered", "impossible",
                                                            "dropped", "sent",      "undelivered"};
  return words[static_cast<size_t>(state)];
}

Duration pause_after(const Delivery& delivery) {
  const bool danger = delivery.severity == Severity::danger;
  const Duration first = danger ? Duration{2s} : Duration{10s};
  const Duration longest = danger ? Duration{60s} : Duration{10min};
  const Duration pause = std::min(longest, first * (int64_t{1} << std::min(delivery.tries, 10)));
  // The spread comes from the delivery itself, so that a replay has the same times.
  const uint64_t mixed = (delivery.id.value * 0x9e3779b97f4a7c15ULL + static_cast<uint64_t>(delivery.tries)) >> 40;
  return pause - pause / 5 + pause * static_cast<int64_t>(mixed % 400) / 1000;
}

}  // namespace bayward::core

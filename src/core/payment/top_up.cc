#include "core/payment/top_up.h"

#include <array>

namespace bayward::core {

std::string_view to_text(TopUpPhase phase) {
  static constexpr std::array<std::string_view, 3> words = {"waiting", "paid", "failed"};
  return words[static_cast<size_t>(phase)];
}

}  // namespace bayward::core

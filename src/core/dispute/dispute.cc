#include "core/dispute/dispute.h"

#include <array>

namespace bayward::core {
namespace {

constexpr std::array<std::string_view, 6> reasons = {"wrong_amount", "overstay", "no_show",
                                                     "charging",     "not_me",   "other"};
constexpr std::array<std::string_view, 3> phases = {"open", "refunded", "stands"};

}  // namespace

std::string_view to_text(DisputeReason reason) {
  return reasons[static_cast<size_t>(reason)];
}

std::optional<DisputeReason> parse_dispute_reason(std::string_view text) {
  for (size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i] == text) return static_cast<DisputeReason>(i);
  }
  return std::nullopt;
}

std::string_view to_text(DisputePhase phase) {
  return phases[static_cast<size_t>(phase)];
}

}  // namespace bayward::core

#include "core/account/account.h"

#include <algorithm>
#include <array>

namespace bayward::core {

std::string_view to_text(HoldPhase phase) {
  static constexpr std::array<std::string_view, 2> words = {"held", "captured"};
  return words[static_cast<size_t>(phase)];
}

const Vehicle* Account::vehicle(VehicleId wanted) const {
  const auto found = std::find_if(vehicles.begin(), vehicles.end(), [&](const Vehicle& v) { return v.id == wanted; });
  return found == vehicles.end() ? nullptr : &*found;
}

}  // namespace bayward::core

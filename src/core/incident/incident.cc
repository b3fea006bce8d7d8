#include "core/incident/incident.h"

#include <array>

namespace bayward::core {

std::string_view to_text(IncidentKind kind) {
  static constexpr std::array<std::string_view, 4> words = {"wrong_vehicle", "unauthorised_charging", "overstay",
                                                            "station_silent"};
  return words[static_cast<size_t>(kind)];
}

}  // namespace bayward::core

#include "bay/safety/faults.h"

#include <algorithm>
#include <array>

namespace bayward::bay::safety {
namespace {

constexpr std::array<FaultInfo, fault_count> table = {{
    {"warm_connector", "IEC 62196-1 24: within 10 K of the limit", Remedy::driver, Level::warning},
    {"warm_cable", "IEC 60364-5-52 table 52.1: within 10 K of the limit", Remedy::driver, Level::warning},
    {"warming_quickly", "our rule: 4 K in 10 s", Remedy::driver, Level::warning},
    {"residual_rising", "IEC 61008-1 5.3.4: half of the rated residual current", Remedy::driver, Level::warning},
    {"current_high", "IEC 61851-1 A.2: above the rating for 5 s", Remedy::driver, Level::warning},

    {"over_voltage", "IEC 60038 +10 %, EN 50550", Remedy::itself, Level::fault},
    {"under_voltage", "IEC 60038 -15 %", Remedy::itself, Level::fault},
    {"pilot_error", "IEC 61851-1 table A.4: states E and F", Remedy::itself, Level::fault},
    {"sensor_missing", "our rule: no reading, no power", Remedy::itself, Level::fault},
    {"agent_stalled", "our rule: 500 ms without a step", Remedy::itself, Level::fault},
    {"car_ignores_limit", "IEC 61851-1 table A.6: the car follows within 5 s", Remedy::itself, Level::fault},

    {"connector_too_hot", "IEC 62196-1 24: a rise of 50 K", Remedy::staff, Level::danger},
    {"cable_too_hot", "IEC 60364-5-52 table 52.1, 5 s of grace", Remedy::staff, Level::danger},
    {"heating_too_fast", "our rule: 10 K in 10 s", Remedy::staff, Level::danger},
    {"over_current", "IEC 60364-4-43 433.1", Remedy::staff, Level::fault},
    {"residual_ac", "IEC 61008-1: 30 mA", Remedy::staff, Level::fault},
    {"residual_dc", "IEC 62955: 6 mA", Remedy::staff, Level::fault},
    {"earth_missing", "IEC 61851-1 6.3.1.2: continuity of the protective conductor", Remedy::staff, Level::fault},
    {"lock_lost", "IEC 61851-1 6.3.1.7: no unplugging under load", Remedy::staff, Level::fault},
    {"emergency_stop", "IEC 60204-1 9.2.3.4.2", Remedy::staff, Level::danger},
    {"contactor_stuck_open", "IEC 60947-4-1 annex F: mirror contact", Remedy::staff, Level::fault},
    {"sensor_implausible", "our rule: outside what can be, or from the future", Remedy::staff, Level::fault},
    {"clock_backwards", "our rule: time only goes forward", Remedy::staff, Level::fault},

    {"short_circuit", "IEC 60898-1 table 2: 3 times the rating", Remedy::inspection, Level::danger},
    {"insulation_failing", "IEC 60364-4-43 table 43A: final temperature", Remedy::inspection, Level::danger},
    {"contactor_welded", "IEC 61851-1 12.5.2, IEC 60947-4-1 annex F", Remedy::inspection, Level::danger},
    {"sensor_stuck", "our rule: 10 min of load leave the reading where it was", Remedy::inspection, Level::fault},
    {"smoke", "EN 54-7", Remedy::inspection, Level::danger},
    {"danger_grows", "our rule: hotter although the power was cut", Remedy::inspection, Level::everybody},
}};

}  // namespace

const FaultInfo& info(Fault fault) {
  return table[static_cast<size_t>(fault)];
}

std::optional<Fault> fault_from_word(std::string_view word) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const FaultInfo& row) { return row.word == word; });
  return found == table.end() ? std::nullopt : std::optional(static_cast<Fault>(found - table.begin()));
}

FaultSet with_remedy(Remedy remedy) {
  FaultSet out;
  for (size_t i = 0; i < fault_count; ++i) {
    if (table[i].remedy == remedy) out.add(static_cast<Fault>(i));
  }
  return out;
}

Level level_of(FaultSet faults) {
  Level worst = Level::none;
  for (size_t i = 0; i < fault_count; ++i) {
    if (faults.has(static_cast<Fault>(i))) worst = std::max(worst, table[i].level);
  }
  return worst;
}

}  // namespace bayward::bay::safety

// A car at the plug: its battery, and what its on-board charger takes of what the station offers. Pure values.
#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace bayward::physics {

inline constexpr double offer_min_a = 6;  // IEC 61851-1 table A.7: below it a car takes nothing

struct Car {
  double capacity_wh = 60'000;
  double charged_wh = 20'000;
  double power_max_w = 11'000;  // of the on-board charger, on the mains' side
  int phases = 3;
  double taper_from = 0.8;  // constant current below this state of charge, constant voltage above
  double full_at = 0.995;   // where the car stops asking
  double efficiency = 0.9;  // of what is metered, that reaches the battery
  bool wants = true;        // the car's own timer or a driver who said "enough"
  double ramp_a = 0;        // the current flowing now in each phase used; chargers start softly

  double state_of_charge() const { return charged_wh / capacity_wh; }
  bool full() const { return state_of_charge() >= full_at; }
  // IEC 61851-1: state C when true and a station offers power, else B.
  bool asks() const { return wants && !full(); }
};

struct Taken {
  std::array<double, 3> current_a{};  // at the end of the step
  double energy_wh = 0;               // metered over the step
};

// Power flows for so long with this offer (per phase) at this voltage. No power: 0 V or no offer.
Taken charge(Car& car, double offered_a, const std::array<double, 3>& volts, Duration length);

}  // namespace bayward::physics

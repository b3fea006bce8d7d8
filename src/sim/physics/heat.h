// Heat in a plug and its cable: two nodes, the contacts in the plug and the cable behind them, warmed by I²R, cooled by
// the air. Linear between two steps, so any step is exact but for copper's own temperature; pure values.
#pragma once

#include <array>

#include "base/time.h"

namespace bayward::physics {

inline constexpr double copper_per_k = 0.00393;  // its resistance grows by so much of that at 20 °C

// The defaults: a type 2 plug on 5 m of 5 x 6 mm² in PVC, at rest in air.
struct HeatPath {
  double contact_ohm = 0.0003;  // of each phase's contact, clean
  double cable_ohm = 0.0154;    // of each conductor over the whole length, at 20 °C
  double contact_j_per_k = 60;
  double cable_j_per_k = 1'300;
  double contact_to_cable_w_per_k = 0.35;
  double contact_to_air_w_per_k = 0.15;
  double cable_to_air_w_per_k = 2.8;
};

struct HeatLoad {
  std::array<double, 3> current_a{};          // by phase
  std::array<double, 3> added_contact_ohm{};  // dirt, a loose spring, a worn pin
  double foreign_w = 0;                       // into the contacts from elsewhere: a fire
  double air_c = 20;
};

struct Heat {
  double contact_c = 20;
  double cable_c = 20;
};

Heat heat_after(const HeatPath& path, Heat now, const HeatLoad& load, Duration length);

}  // namespace bayward::physics

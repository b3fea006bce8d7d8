#include "sim/physics/heat.h"

#include <algorithm>
#include <cmath>

namespace bayward::physics {
namespace {

constexpr Duration step_max = 10s;  // within it copper's resistance is taken as constant

double at_temperature(double ohm, double celsius) {
  return ohm * (1 + copper_per_k * (celsius - 20));
}

// Both nodes follow x' = A x + q, x above the air's temperature: the steady state plus what is left of the distance to
// it, e^(A t) in closed form (A is similar to a symmetric matrix: its eigenvalues are real).
Heat step(const HeatPath& path, Heat now, const HeatLoad& load, double seconds) {
  double contact_w = load.foreign_w;
  double cable_w = 0;
  for (size_t phase = 0; phase < load.current_a.size(); ++phase) {
    const double squared = load.current_a[phase] * load.current_a[phase];
    contact_w += squared * (at_temperature(path.contact_ohm, now.contact_c) + load.added_contact_ohm[phase]);
    cable_w += squared * at_temperature(path.cable_ohm, now.cable_c);
  }
  const double between = path.contact_to_cable_w_per_k;
  const double contact_out = between + path.contact_to_air_w_per_k;
  const double cable_out = between + path.cable_to_air_w_per_k;
  const double determinant = contact_out * cable_out - between * between;
  const double contact_steady = (contact_w * cable_out + cable_w * between) / determinant;
  const double cable_steady = (cable_w * contact_out + contact_w * between) / determinant;

  const double a = -contact_out / path.contact_j_per_k;
  const double b = between / path.contact_j_per_k;
  const double c = between / path.cable_j_per_k;
  const double d = -cable_out / path.cable_j_per_k;
  const double middle = (a + d) / 2;
  const double spread = std::sqrt((a - d) * (a - d) / 4 + b * c);
  const double decay = std::exp(middle * seconds);
  const double even = decay * std::cosh(spread * seconds);
  const double odd = decay * std::sinh(spread * seconds) / spread;

  const double x = now.contact_c - load.air_c - contact_steady;
  const double y = now.cable_c - load.air_c - cable_steady;
  return {load.air_c + contact_steady + even * x + odd * ((a - middle) * x + b * y),
          load.air_c + cable_steady + even * y + odd * (c * x + (d - middle) * y)};
}

}  // namespace

Heat heat_after(const HeatPath& path, Heat now, const HeatLoad& load, Duration length) {
  while (length > Duration{0}) {
    const Duration part = std::min(length, step_max);
    now = step(path, now, load, static_cast<double>(part.count()) / 1000);
    length -= part;
  }
  return now;
}

}  // namespace bayward::physics

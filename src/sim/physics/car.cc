#include "sim/physics/car.h"

#include <algorithm>

namespace bayward::physics {
namespace {

constexpr Duration step_max = 20s;
constexpr double soft_start_a_per_s = 8;
constexpr double volts_min = 150;  // on-board chargers let go below

double wanted_a(const Car& car, double offered_a, double volts) {
  if (!car.asks() || offered_a < offer_min_a || volts < volts_min) return 0;
  // The last part of a charge is at constant voltage: the current falls with what is missing.
  const double missing = 1 - car.state_of_charge();
  const double share = std::min(1.0, missing / (1 - car.taper_from));
  const double own_a = car.power_max_w * share / (volts * car.phases);
  return std::min(offered_a, own_a);
}

}  // namespace

Taken charge(Car& car, double offered_a, const std::array<double, 3>& volts, Duration length) {
  Taken taken;
  const auto phases = static_cast<size_t>(std::clamp(car.phases, 1, 3));
  // A phase missing stops a three-phase charger altogether.
  const double lowest = *std::min_element(volts.begin(), volts.begin() + static_cast<std::ptrdiff_t>(phases));
  while (length > Duration{0}) {
    const Duration part = std::min(length, step_max);
    const double seconds = static_cast<double>(part.count()) / 1000;
    const double wanted = wanted_a(car, offered_a, lowest);
    const double from = std::min(car.ramp_a, wanted);  // letting go is immediate
    const double ramp_s = std::min(seconds, (wanted - from) / soft_start_a_per_s);
    car.ramp_a = std::min(wanted, from + ramp_s * soft_start_a_per_s);
    const double ampere_s = ramp_s * (from + car.ramp_a) / 2 + (seconds - ramp_s) * car.ramp_a;
    double phase_volts = 0;
    for (size_t phase = 0; phase < phases; ++phase) phase_volts += volts[phase];
    const double room_wh = std::max(0.0, car.capacity_wh - car.charged_wh) / car.efficiency;
    const double energy_wh = std::min(ampere_s * phase_volts / 3600, room_wh);
    car.charged_wh += energy_wh * car.efficiency;
    taken.energy_wh += energy_wh;
    length -= part;
  }
  std::fill_n(taken.current_a.begin(), phases, car.ramp_a);
  return taken;
}

}  // namespace bayward::physics

#include "sim/physics/mains.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/limits.h"
#include "base/prng.h"

namespace bayward::physics {
namespace {

constexpr double slow_swing = 0.012;  // over the day: low in the evening
constexpr double fast_swing = 0.004;  // from second to second

}  // namespace

bool Mains::plan(const MainsEvent& event, Instant now) {
  if (events_.size() >= limits::town_mains_events) {
    std::erase_if(events_, [now](const MainsEvent& old) { return old.when.end <= now; });
  }
  if (events_.size() >= limits::town_mains_events) return false;
  events_.push_back(event);
  return true;
}

std::array<double, 3> Mains::volts(Instant at) const {
  const double hour = static_cast<double>(unix_ms(at) % 86'400'000) / 3.6e6;
  const double slow = slow_swing * std::cos((hour - 7) / 24 * 2 * std::numbers::pi);
  std::array<double, 3> volts{};
  for (size_t phase = 0; phase < volts.size(); ++phase) {
    Prng second(seed_ ^ (static_cast<uint64_t>(unix_s(at)) * 3 + phase));
    volts[phase] = nominal_v_ * (1 + slow + fast_swing * (2 * second.uniform() - 1));
    for (const MainsEvent& event : events_) {
      if (event.when.contains(at)) volts[phase] *= event.factor[phase];
    }
  }
  return volts;
}

}  // namespace bayward::physics

// The grid connection of a site: nominal voltage with the small swings of a real one, dips and failures as they are
// planned or drilled. The same seed and events give the same voltage at the same time.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace bayward::physics {

struct MainsEvent {
  Interval when;
  std::array<double, 3> factor{1, 1, 1};  // of the voltage, by phase: 0 a failure, 0.6 a dip
};

class Mains {
 public:
  explicit Mains(uint64_t seed = 1, double nominal_v = 230) : seed_(seed), nominal_v_(nominal_v) {}

  // Past events are forgotten beyond limits::town_mains_events; false when so many are still to come.
  bool plan(const MainsEvent& event, Instant now);
  bool fail(Interval when) { return plan({when, {0, 0, 0}}, when.start); }

  std::array<double, 3> volts(Instant at) const;

 private:
  uint64_t seed_;
  double nominal_v_;
  std::vector<MainsEvent> events_;
};

}  // namespace bayward::physics

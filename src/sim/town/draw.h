// How much energy a plugged car takes over time: physics of a simple battery, and recorded sessions. Pure values.
#pragma once

#include <cstdint>
#include <memory>

#include "base/time.h"

namespace bayward::town {

// Energy since power came on, in whole Wh as a meter shows it: 0 at 0, never falling, constant from length() on.
class Draw {
 public:
  virtual ~Draw() = default;
  virtual int64_t wh_after(Duration powered) const = 0;
  virtual Duration length() const = 0;
};

struct Battery {
  int64_t capacity_wh = 60'000;
  int64_t charged_wh = 20'000;  // when power comes on
  int64_t power_max_w = 11'000;
};

// Constant power, the lesser of charger and car, up to 80 % state of charge; above, the power falls in proportion to
// what is missing (the end of constant current, constant voltage). At 99.5 % the car stops asking.
std::shared_ptr<const Draw> battery_draw(const Battery& battery, int64_t charger_w);

// `wh` at constant power over `charging`: what a recorded session says and no more.
std::shared_ptr<const Draw> recorded_draw(int64_t wh, Duration charging);

}  // namespace bayward::town

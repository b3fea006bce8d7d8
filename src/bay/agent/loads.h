// Which of the bay's own loads run while the mains is gone (C8): the smoke alarm to the last, then the radio, so that
// somebody hears of it. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "bay/hal/outputs.h"

namespace bayward::bay {

// Below this state of charge the load is switched off; it comes back 5 percent above, so that it doesn't flicker.
struct LoadRule {
  LoadSwitch::Load load;
  int32_t off_below_permille;
};
inline constexpr std::array<LoadRule, LoadSwitch::load_count> load_rules = {{
    {LoadSwitch::Load::lamp, 600},
    {LoadSwitch::Load::camera, 400},
    {LoadSwitch::Load::speaker, 250},
    {LoadSwitch::Load::radio, 100},
    {LoadSwitch::Load::smoke_alarm, 0},
}};
inline constexpr int32_t load_return_permille = 50;

inline constexpr bool load_runs(const LoadRule& rule, bool runs_now, bool mains, int32_t battery_permille) {
  if (mains) return true;
  return battery_permille >= rule.off_below_permille + (runs_now ? 0 : load_return_permille) ||
         rule.off_below_permille == 0;
}

}  // namespace bayward::bay

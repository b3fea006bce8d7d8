#include "sim/town/draw.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace bayward::town {
namespace {

TEST(Draw, TakesTheLesserOfCarAndChargerBelowEightyPercent) {
  EXPECT_EQ(battery_draw({60'000, 10'000, 7'400}, 22'000)->wh_after(1h), 7'400);
  EXPECT_EQ(battery_draw({60'000, 10'000, 50'000}, 11'000)->wh_after(1h), 11'000);
}

TEST(Draw, PowerFallsAboveEightyPercent) {
  const auto draw = battery_draw({50'000, 40'000, 10'000}, 10'000);
  const int64_t first = draw->wh_after(15min);
  const int64_t second = draw->wh_after(30min) - first;
  EXPECT_LT(first, 2'500);
  EXPECT_LT(second, first);
}

TEST(Draw, RecordedEnergyIsExactAtItsEnd) {
  const auto draw = recorded_draw(19'595, 3h + 17s);
  EXPECT_EQ(draw->wh_after(3h + 17s), 19'595);
  EXPECT_EQ(draw->wh_after(9h), 19'595);
  EXPECT_EQ(draw->wh_after(0s), 0);
  EXPECT_EQ(recorded_draw(157, 0s)->wh_after(1s), 157);
}

RC_GTEST_PROP(Draw, NeverFallsAndNeverOverfills, ()) {
  const auto capacity = *rc::gen::inRange<int64_t>(10'000, 120'000);
  const auto charged = *rc::gen::inRange<int64_t>(0, capacity + 1);
  const auto draw = battery_draw({capacity, charged, *rc::gen::inRange<int64_t>(1'000, 150'000)},
                                 *rc::gen::inRange<int64_t>(1'000, 150'000));
  int64_t last = 0;
  for (Duration at{0}; at < draw->length() + 1h; at += 7min) {
    const int64_t now = draw->wh_after(at);
    RC_ASSERT(now >= last);
    RC_ASSERT(now <= capacity - charged);
    last = now;
  }
}

}  // namespace
}  // namespace bayward::town

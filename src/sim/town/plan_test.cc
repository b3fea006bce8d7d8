#include "sim/town/plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bayward::town {
namespace {

double hours(Duration length) {
  return static_cast<double>(length.count()) / 3.6e6;
}

double share_between(TripKind kind, Duration from, Duration to) {
  int inside = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Duration at = arrival_of(kind, i / 10'000.0);
    inside += at >= from && at < to;
  }
  return inside / 10'000.0;
}

TEST(Plan, ArrivalsFollowTheRecordedShares) {
  EXPECT_NEAR(share_between(TripKind::workplace, 8h, 10h), 0.51, 0.01);
  EXPECT_NEAR(share_between(TripKind::workplace, 13h, 14h), 0.13, 0.01);
  for (Duration hour = 18h; hour < 23h; hour += 1h) {
    EXPECT_NEAR(share_between(TripKind::home, hour, hour + 1h), 0.105, 0.016);
  }
  EXPECT_GT(share_between(TripKind::kerbside, 15h, 18h), 0.3);
}

TEST(Plan, StaysHaveTheRecordedMedianAndNinetiethPercentile) {
  EXPECT_NEAR(hours(stay_of(TripKind::workplace, 0.5)), 3.5, 0.02);
  EXPECT_NEAR(hours(stay_of(TripKind::workplace, 0.9)), 8.4, 0.1);
  EXPECT_NEAR(hours(stay_of(TripKind::home, 0.9)), 19.4, 0.2);
  EXPECT_NEAR(hours(stay_of(TripKind::kerbside, 0.5)), 6.5, 0.05);
}

TEST(Plan, DepartureAgainstDeclarationHasTheRecordedQuantiles) {
  EXPECT_EQ(left_early(0.1), 535min);
  EXPECT_EQ(left_early(0.5), 240min);
  EXPECT_EQ(left_early(0.9), -171min);
}

TEST(Plan, SameSeedGivesTheSameDay) {
  Prng a(7), b(7), c(8);
  const auto one = plan_day(a, 100), two = plan_day(b, 100), other = plan_day(c, 100);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), two.begin(),
                         [](const Trip& x, const Trip& y) { return x.arrival == y.arrival && x.stay == y.stay; }));
  EXPECT_NE(one.front().arrival, other.front().arrival);
  EXPECT_TRUE(
      std::is_sorted(one.begin(), one.end(), [](const Trip& x, const Trip& y) { return x.arrival < y.arrival; }));
}

}  // namespace
}  // namespace bayward::town

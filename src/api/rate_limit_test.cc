#include "api/rate_limit.h"

#include <gtest/gtest.h>

namespace bayward::api {
namespace {

constexpr Instant start = from_unix_s(1'000'000);

TEST(Pace, LetsABurstThroughAndThenOnePerInterval) {
  const Rate rate{3, 1s};
  Pace pace;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.admit(rate, start), 0ms);
  EXPECT_EQ(pace.admit(rate, start), 1s);
  EXPECT_EQ(pace.admit(rate, start + 999ms), 1ms);
  EXPECT_EQ(pace.admit(rate, start + 1s), 0ms);
  EXPECT_GT(pace.admit(rate, start + 1s), 0ms);
}

TEST(Pace, RefillsWhileNobodyAsks) {
  const Rate rate{3, 1s};
  Pace pace;
  for (int i = 0; i < 3; ++i) (void)pace.admit(rate, start);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.admit(rate, start + 10s), 0ms);
  EXPECT_GT(pace.admit(rate, start + 10s), 0ms);
}

TEST(Pace, NobodyIsLockedOutByAClockThatSteppedBack) {
  const Rate rate{3, 1s};
  Pace pace;
  (void)pace.admit(rate, start + 24h);
  EXPECT_EQ(pace.admit(rate, start), 0ms);
}

TEST(RateTable, KeepsCallersApart) {
  RateTable table({1, 1s}, 1024, 7);
  EXPECT_EQ(table.admit("a", start), 0ms);
  EXPECT_GT(table.admit("a", start), 0ms);
  EXPECT_EQ(table.admit("b", start), 0ms);
}

}  // namespace
}  // namespace bayward::api

#include "net/guarded_clock.h"

#include <gtest/gtest.h>

namespace bayward::net {
namespace {

constexpr Duration year = std::chrono::days{365};

struct Machine {
  FakeClock wall{from_unix_s(1'780'000'000)};
  FakeClock up{from_unix_s(7)};
  void pass(Duration time) {
    wall.advance(time);
    up.advance(time);
  }
};

TEST(GuardedClock, BelievesTheMachineWhereNothingIsKnownOrItCanBe) {
  Machine machine;
  EXPECT_TRUE(GuardedClock(machine.wall, machine.up, std::nullopt).sure());
  GuardedClock clock(machine.wall, machine.up, machine.wall.now() - std::chrono::days{3});
  EXPECT_TRUE(clock.sure());
  machine.pass(10s);
  EXPECT_EQ(clock.now(), machine.wall.now());
}

TEST(GuardedClock, AYearBehindItGoesOnFromTheLastKnownTimeUntilToldBetter) {
  Machine machine;
  const Instant known = machine.wall.now() + year;
  GuardedClock clock(machine.wall, machine.up, known);
  EXPECT_FALSE(clock.sure());
  machine.pass(1min);
  EXPECT_EQ(clock.now(), known + 1min);
  EXPECT_EQ(clock.look(), Duration{0});
  EXPECT_EQ(clock.tell(known + 1h, 2s), 59min);
  EXPECT_TRUE(clock.sure());
  machine.pass(1min);
  EXPECT_EQ(clock.now(), known + 1h + 1min);
  EXPECT_EQ(clock.look(), Duration{0}) << "the machine's clock does not count any more";
}

TEST(GuardedClock, AYearAheadIsNotBelievedEither) {
  Machine machine;
  const Instant known = machine.wall.now() - year;
  GuardedClock clock(machine.wall, machine.up, known);
  EXPECT_FALSE(clock.sure());
  EXPECT_EQ(clock.now(), known);
}

TEST(GuardedClock, AMachineWhoseClockIsSetIsFollowed) {
  Machine machine;
  const Instant known = machine.wall.now() + year;
  GuardedClock clock(machine.wall, machine.up, known);
  machine.pass(1min);
  machine.wall.set(known + 2h);
  EXPECT_EQ(clock.look(), 2h - 1min);
  EXPECT_TRUE(clock.sure());
  machine.wall.set(known + 2h + year);
  EXPECT_EQ(clock.look(), Duration{0}) << "a step of a year is a mistake";
}

TEST(GuardedClock, AMessageThatWasUnderWayDoesNotMoveIt) {
  Machine machine;
  GuardedClock clock(machine.wall, machine.up, std::nullopt);
  EXPECT_EQ(clock.tell(machine.wall.now() - 1s, 2s), Duration{0});
  EXPECT_EQ(clock.now(), machine.wall.now());
}

}  // namespace
}  // namespace bayward::net

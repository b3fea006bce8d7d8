#include "core/state.h"

#include <gtest/gtest.h>

#include "core/world_for_test.h"

namespace bayward::core {
namespace {

State restored(const State& state) {
  State other;
  EXPECT_TRUE(other.load(state.save()));
  return other;
}

TEST(State, ASnapshotGivesTheSameStateDownToItsDeadlines) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 1h);
  world.book(world.other, world.bays[0], 2h);
  world.advance(1h);
  world.arrive(id);
  world.make(world.start_of(1, 1, print_of(101), 0));
  world.tell(RequestCharging{id});
  State other = restored(world.state);
  EXPECT_EQ(other.save(), world.state.save());
  EXPECT_EQ(other.next_due(), world.state.next_due());
  for (int i = 0; i < 200; ++i) {
    const auto due = world.state.next_due();
    ASSERT_EQ(other.next_due(), due);
    const auto deadline = world.state.take_due(*due);
    ASSERT_EQ(other.take_due(*due), deadline);
    const Decided decided = decide(world.state, {}, PassDeadline{*deadline}, *due);
    ASSERT_EQ(World::text(decide(other, {}, PassDeadline{*deadline}, *due)), World::text(decided));
    for (const Event& event : decided->events) {
      evolve(world.state, decided->stream, event, *due);
      evolve(other, decided->stream, event, *due);
    }
  }
  EXPECT_EQ(other.save(), world.state.save());
}

TEST(State, BytesOfAnotherSchemaOrCutShortAreNoState) {
  World world;
  const std::string bytes = world.state.save();
  State other;
  EXPECT_FALSE(other.load(""));
  EXPECT_FALSE(other.load("\x7f" + bytes.substr(1)));
  for (size_t length : {size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_FALSE(other.load(std::string_view(bytes).substr(0, length))) << length;
  }
  EXPECT_FALSE(other.load(bytes + "x"));
}

TEST(State, ABookingBeyondAHorizonThatShrankIsStillInTheCalendarWhenItsDayComes) {
  World world;
  const Instant last_hour = world.the_site().calendar.start_of(world.the_site().calendar.end()) - 1h;
  const BookingId id{world.make(world.wish(world.driver, world.bays[0], last_hour, 1h))};
  world.make(UpdateZone{world.site, {"Etc/GMT-4", 14'400, {}}});  // midnight comes two hours earlier
  world.state = restored(world.state);
  ASSERT_LT(world.the_site().calendar.end(), world.the_site().calendar.slot_at(last_hour));
  world.advance(48h);
  EXPECT_EQ(world.get(id).phase, BookingPhase::confirmed);
  EXPECT_EQ(World::text(world.run(world.wish(world.other, world.bays[0], last_hour, 1h))), "slot_taken");
}

}  // namespace
}  // namespace bayward::core

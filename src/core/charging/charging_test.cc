#include <gtest/gtest.h>

#include "core/world_for_test.h"

namespace bayward::core {
namespace {

class Charging : public testing::Test {
 protected:
  void park(Duration length = 1h) {
    id = world.book(world.driver, world.bays[0], 0min, length);
    world.arrive(id);
  }
  const Session& session(uint8_t key) const {
    const Site& site = world.the_site();
    return site.sessions.get(site.session_of_key.at(print_of(key)));
  }
  void meter(uint8_t key, Instant at, int64_t milliwh) {
    world.make(MeterSession{world.site, print_of(key), {{at, milliwh}}});
  }
  void stop(uint8_t key, int64_t milliwh) {
    world.make(StopSession{world.site, print_of(key), {}, {world.now, milliwh}});
  }
  const std::map<IncidentKind, IncidentId>& incidents() { return world.the_site().bay(world.bays[0])->incidents; }

  World world;
  BookingId id;
};

// B4, C2
TEST_F(Charging, TheHoldersTokenGetsPowerAndIsBilledByTheRegister) {
  park();
  world.make(world.start_of(1, 1, print_of(101), 7'000'000));
  EXPECT_EQ(session(1).booking, id);
  world.advance(30min);
  stop(1, 12'000'000);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 100 + 50);
}

TEST_F(Charging, AStartByTheHolderBeginsTheVisit) {
  id = world.book(world.driver, world.bays[0], 0min);
  world.make(world.start_of(1, 1, print_of(101), 0));
  EXPECT_EQ(world.happened(), "VisitBegan SessionStarted");
  EXPECT_EQ(world.get(id).phase, BookingPhase::active);
}

TEST_F(Charging, ABookingsOwnTokenIsAsGoodAsTheDriversCard) {
  park();
  StartSession start = world.start_of(1, 1, {}, 0);
  start.booking_token = id;
  world.make(start);
  EXPECT_EQ(session(1).account, world.driver);
}

TEST_F(Charging, AStrangerIsStoredStoppedAndReportedButNeverBilled) {
  park();
  world.make(world.start_of(1, 1, print_of(102), 0));
  EXPECT_EQ(world.happened(), "SessionStarted SessionStopWanted IncidentOpened DeliveryQueued");
  EXPECT_FALSE(session(1).account);
  EXPECT_TRUE(incidents().contains(IncidentKind::unauthorised_charging));
  stop(1, 9'000'000);
  EXPECT_TRUE(incidents().empty());
  world.advance(10min);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 50);
}

TEST_F(Charging, EveryMessageMayComeTwice) {
  park();
  const auto start = world.start_of(1, 1, print_of(101), 0);
  const uint64_t first = world.make(start);
  const Decided again = world.run(start);
  EXPECT_EQ(World::text(again), "nothing");
  EXPECT_EQ(again->subject, first);
  world.advance(10min);
  meter(1, world.now, 1'000'000);
  EXPECT_EQ(World::text(world.run(MeterSession{world.site, print_of(1), {{world.now, 1'000'000}}})), "nothing");
  const StopSession stop_it{world.site, print_of(1), {}, {world.now + 1s, 2'000'000}};
  EXPECT_EQ(World::text(world.run(stop_it)), "SessionStopped");
  EXPECT_EQ(World::text(world.run(stop_it)), "nothing");
}

TEST_F(Charging, ReadingsOutOfOrderAreNoDefectButARegisterThatFallsIs) {
  park();
  world.make(world.start_of(1, 1, print_of(101), 0));
  const Instant began = world.now;
  world.advance(30min);
  meter(1, began + 20min, 2'000'000);
  meter(1, began + 10min, 1'000'000);
  stop(1, 3'000'000);
  EXPECT_FALSE(session(1).register_defect);
  world.make(world.start_of(2, 1, print_of(101), 3'000'000));
  world.advance(10min);
  stop(2, 2'000'000);
  EXPECT_TRUE(session(2).register_defect);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 150 + 30);
}

TEST_F(Charging, AStationThatForgotToStopIsStoppedByItsNextSession) {
  park();
  world.make(world.start_of(1, 1, print_of(101), 0));
  world.advance(10min);
  meter(1, world.now, 1'000'000);
  world.advance(10min);
  world.make(world.start_of(2, 1, print_of(101), 1'500'000));
  EXPECT_FALSE(session(1).open);
  EXPECT_TRUE(session(2).open);
}

TEST_F(Charging, ALateStartOfAnOlderSessionLeavesTheRunningOneAlone) {
  park();
  world.advance(20min);
  world.make(world.start_of(2, 1, print_of(101), 1'000'000));
  StartSession older = world.start_of(1, 1, print_of(101), 0);
  older.start.at = world.now - 15min;
  world.make(older);
  EXPECT_TRUE(session(2).open);
  EXPECT_EQ(world.the_site().bay(world.bays[0])->session, session(2).id);
  world.make(StopSession{world.site, print_of(1), {}, {world.now - 10min, 1'000'000}});
  world.advance(10min);
  stop(2, 3'000'000);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 100 + 30);
}

TEST_F(Charging, UnknownStationsBaysAndSessionsAreRefused) {
  StartSession start = world.start_of(1, 7, print_of(101), 0);
  EXPECT_EQ(World::text(world.run(start)), "unknown_bay");
  start.station = site_scoped<StationId>(SiteId{9}, 1);
  EXPECT_EQ(World::text(world.run(start)), "unknown_station");
  EXPECT_EQ(World::text(world.run(MeterSession{world.site, print_of(9), {}})), "unknown_thing");
  EXPECT_EQ(World::text(world.run(StopSession{world.site, print_of(9), {}, {}})), "unknown_thing");
}

TEST_F(Charging, AWantedStartLapses) {
  park();
  EXPECT_EQ(World::text(world.run_as(world.driver, RequestCharging{id})), "ChargingWanted");
  EXPECT_EQ(World::text(world.run_as(world.driver, RequestCharging{id})), "nothing");
  EXPECT_EQ(World::text(world.run_as(world.other, RequestCharging{id})), "not_yours");
  world.advance(2min);
  EXPECT_FALSE(world.the_site().bay(world.bays[0])->wanted_start);
  const auto* lapsed = std::get_if<ChargingLapsed>(&world.events.back());
  ASSERT_NE(lapsed, nullptr);
  EXPECT_EQ(lapsed->booking, id);
  EXPECT_EQ(lapsed->account, world.driver);
}

TEST_F(Charging, AStopIsWantedOnceAndOnlyByTheHolder) {
  park();
  const SessionId one{world.make(world.start_of(1, 1, print_of(101), 0))};
  EXPECT_EQ(World::text(world.run_as(world.other, RequestChargingStop{one})), "not_yours");
  EXPECT_EQ(World::text(world.run_as(world.driver, RequestChargingStop{one})), "SessionStopWanted");
  EXPECT_EQ(World::text(world.run_as(world.driver, RequestChargingStop{one})), "nothing");
  stop(1, 1);
  EXPECT_EQ(World::text(world.run_as(world.driver, RequestChargingStop{one})), "wrong_phase");
}

TEST_F(Charging, AClockThatRunsAheadChargesNothingInTheFuture) {
  park();
  StartSession start = world.start_of(1, 1, print_of(101), 0);
  start.start.at = world.now + 24h;
  world.make(start);
  EXPECT_EQ(session(1).started_at, world.now);
}

TEST_F(Charging, TheEnergyOfTheFirstHourOfALongStayIsBilledAfterMoreThanAWeek) {
  world.credit(world.driver, 90'000);
  park(7 * 24h);
  world.make(world.start_of(1, 1, print_of(101), 0));
  world.advance(1h);
  stop(1, 10'000'000);
  world.advance(9 * 24h);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 7 * 24 * 200 + 100);
}

}  // namespace
}  // namespace bayward::core

#include "core/visit/visit.h"

#include <gtest/gtest.h>

#include "core/booking/due.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

Verdict seen(World& world, BayId bay, Fingerprint plate) {
  world.tell(IdentifyVehicle{bay, IdentityVia::plate, plate, {}, world.now});
  return world.the_site().bay(bay)->occupant;
}

TEST(Identify, OnlyTheBookedVehicleOpensTheVisitAndOnlyInItsTime) {
  struct Case {
    Duration after;
    uint8_t plate;
    Verdict verdict;
  };
  // The booking starts in an hour, and its car may come ten minutes early.
  for (const Case& one :
       {Case{0min, 1, Verdict::no_booking}, Case{49min, 1, Verdict::no_booking}, Case{50min, 1, Verdict::holder},
        Case{50min, 2, Verdict::reserved}, Case{89min, 1, Verdict::holder}, Case{90min, 1, Verdict::no_booking}}) {
    World world;
    const BookingId id = world.book(world.driver, world.bays[0], 1h);
    world.advance(one.after);
    EXPECT_EQ(seen(world, world.bays[0], print_of(one.plate)), one.verdict) << one.after.count();
    EXPECT_EQ(world.get(id).phase == BookingPhase::active, one.verdict == Verdict::holder);
  }
}

TEST(Identify, WhoIsWho) {
  World world;
  world.book(world.driver, world.bays[0], 15min);
  world.advance(15min);
  EXPECT_EQ(seen(world, world.bays[1], print_of(1)), Verdict::wrong_bay) << "booked, but the bay beside it";
  EXPECT_EQ(seen(world, world.bays[2], print_of(3)), Verdict::owner);
  EXPECT_EQ(seen(world, world.bays[3], print_of(3)), Verdict::no_booking);
  EXPECT_EQ(seen(world, world.bays[3], print_of(77)), Verdict::unknown);
  EXPECT_EQ(seen(world, world.bays[0], print_of(3)), Verdict::reserved) << "the owner has let the bay";
}

TEST(Identify, AWrongCarMovesTheNextDriverOrCompensates) {
  World world;
  RequestBooking request = world.wish(world.driver, world.bays[0], world.now + 30min, 1h);
  request.energy_estimate_milliwh = 1'000;
  const BookingId id{world.make(request)};
  const BookingId later = world.book(world.other, world.bays[0], 2h);
  EXPECT_EQ(seen(world, world.bays[0], print_of(77)), Verdict::unknown);
  EXPECT_EQ(world.happened(), "VehicleIdentified IncidentOpened DeliveryQueued DeliveryQueued BookingMoved");
  EXPECT_EQ(world.get(id).bay, world.bays[1]) << "the nearest that fits, with a charger as booked";
  EXPECT_EQ(world.get(later).bay, world.bays[0]) << "not yet concerned";
  seen(world, world.bays[1], print_of(78));
  EXPECT_EQ(world.get(id).end, BookingEnd::displaced) << "no other bay has a charger";
  EXPECT_EQ(world.has(world.driver, LedgerAccount::user_available), 10'000);
}

TEST(Identify, ARepeatedReadingChangesNothing) {
  World world;
  seen(world, world.bays[0], print_of(77));
  EXPECT_EQ(World::text(world.run(IdentifyVehicle{world.bays[0], IdentityVia::plate, print_of(77), {}, world.now})),
            "nothing");
}

TEST(Occupancy, LateAndRepeatedReportsChangeNothing) {
  World world;
  const BayId bay = world.bays[0];
  EXPECT_EQ(World::text(world.run(RecordOccupancy{bay, true, world.now})), "BayOccupancyChanged");
  EXPECT_EQ(World::text(world.run(RecordOccupancy{bay, true, world.now})), "nothing");
  EXPECT_EQ(World::text(world.run(RecordOccupancy{bay, false, world.now - 1s})), "nothing") << "overtaken";
  EXPECT_EQ(World::text(world.run(RecordOccupancy{bay, false, world.now + 9h})), "BayOccupancyChanged");
  EXPECT_EQ(world.the_site().bay(bay)->occupancy_since, world.now) << "a device clock that runs ahead";
}

TEST(Visit, ASecondCarInTheBayEndsAVisitNobodySawEnding) {
  World world;
  const BookingId first = world.book(world.driver, world.bays[0], 0min, 1h);
  const BookingId second = world.book(world.other, world.bays[0], 1h, 1h);
  world.tell(IdentifyVehicle{world.bays[0], IdentityVia::plate, print_of(1), {}, world.now});
  ASSERT_EQ(world.get(first).phase, BookingPhase::active);
  world.advance(55min);
  world.tell(IdentifyVehicle{world.bays[0], IdentityVia::plate, print_of(2), {}, world.now});
  EXPECT_EQ(world.get(second).phase, BookingPhase::active) << "the camera sees it there";
  EXPECT_EQ(world.get(first).end, BookingEnd::completed);
  EXPECT_EQ(world.the_site().visits.size(), 1u);
}

TEST(Visit, AnOwnersVisitNobodySawEndingDoesNotKeepTheHolderOut) {
  World world;
  world.make(world.start_of(1, 1, print_of(103), 0));  // the owner charges; there is no sensor
  const BookingId id = world.book(world.driver, world.bays[0], 1h);
  world.advance(1h);
  world.make(world.start_of(2, 1, print_of(101), 10));
  EXPECT_EQ(world.get(id).phase, BookingPhase::active);
  EXPECT_EQ(world.the_site().visits.size(), 1u);
}

TEST(Visit, WithoutASensorTheBookingEndsWithItsTimeOrWithItsLastSession) {
  World world;
  const BookingId idle = world.book(world.driver, world.bays[2], 0min, 1h);
  const BookingId charging = world.book(world.other, world.bays[0], 0min, 1h);
  world.tell(IdentifyVehicle{world.bays[2], IdentityVia::app, {}, world.driver, world.now});
  world.make(world.start_of(1, 1, print_of(102), 0));
  world.advance(70min);
  EXPECT_EQ(world.get(idle).end, BookingEnd::completed);
  EXPECT_EQ(world.get(charging).phase, BookingPhase::active) << "its session shows that it is still there";
  world.make(StopSession{world.site, print_of(1), {}, {world.now, 5'000'000}});
  EXPECT_EQ(world.get(charging).end, BookingEnd::completed);
  EXPECT_EQ(world.get(charging).charged.minor, 250);
  EXPECT_TRUE(world.the_site().visits.empty());
}

TEST(Visit, LeavingIsRefusedWhileTheSensorSeesTheCar) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 0min);
  world.arrive(id);
  EXPECT_EQ(World::text(world.run_as(world.driver, LeaveBay{id})), "bay_occupied");
  EXPECT_EQ(World::text(world.run_as(world.other, LeaveBay{id})), "not_yours");
}

TEST(Visit, TheBillWaitsForTheLastReadingOfAStationThatIsOffline) {
  World world;
  RequestBooking request = world.wish(world.driver, world.bays[0], world.now, 1h);
  request.energy_estimate_milliwh = 5'000'000;
  const BookingId id{world.make(request)};
  world.arrive(id);
  world.tell(RecordStationLink{world.station, false});
  const Instant plugged = world.now + 5min;
  world.advance(30min);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).phase, BookingPhase::active);
  EXPECT_EQ(World::text(world.run(world.wish(world.other, world.bays[0], world.now, 1h))), "BookingRequested");
  world.advance(1h);
  world.tell(RecordStationLink{world.station, true});
  StartSession late = world.start_of(1, 1, print_of(101), 1'000);
  late.start.at = plugged;
  late.offline = true;
  world.make(late);
  EXPECT_TRUE(world.the_site().visits.empty()) << "the car has long left";
  EXPECT_EQ(world.state.session(SessionId{world.run(late)->subject})->booking, id);
  world.make(StopSession{world.site, print_of(1), {}, {plugged + 20min, 3'001'000}});
  EXPECT_EQ(world.get(id).phase, BookingPhase::closed);
  EXPECT_EQ(world.get(id).charged.minor, 100 + 30);
}

TEST(Visit, AMissingLastReadingIsWaitedForADayAtMost) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 0min);
  world.arrive(id);
  world.make(world.start_of(1, 1, print_of(101), 0));
  world.advance(30min);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).phase, BookingPhase::active);
  world.advance(last_reading_wait);
  EXPECT_EQ(world.get(id).phase, BookingPhase::closed);
}

TEST(CheckIn, BeginsTheVisitAtABayThatNothingElseSees) {
  World world;
  const BookingId booking = world.book(world.driver, world.bays[2], 1h);
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "wrong_phase") << "too early";
  world.advance(50min);
  EXPECT_EQ(World::text(world.run_as(world.other, CheckIn{booking})), "not_yours");
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "VehicleIdentified VisitBegan");
  EXPECT_EQ(world.get(booking).phase, BookingPhase::active);
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "nothing");
  world.advance(40min);
  EXPECT_EQ(World::text(world.run_as(world.driver, LeaveBay{booking})), "VisitEnded BookingEnded");
  EXPECT_EQ(world.get(booking).end, BookingEnd::completed);
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "wrong_phase") << "it is over";
}

TEST(CheckIn, IsRefusedWhileTheVisitBeforeGoesOn) {
  World world;
  const BookingId before = world.book(world.other, world.bays[2], 0h);
  const BookingId booking = world.book(world.driver, world.bays[2], 1h);
  world.tell(CheckIn{before});
  world.advance(55min);
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "bay_occupied");
  EXPECT_EQ(World::text(world.run_as(world.other, LeaveBay{before})), "VisitEnded BookingEnded");
  EXPECT_EQ(World::text(world.run_as(world.driver, CheckIn{booking})), "VehicleIdentified VisitBegan");
}

}  // namespace
}  // namespace bayward::core

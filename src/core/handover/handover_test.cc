// Below the watermark the platform sells only what the site's controller has granted, each grant once and in order.
#include <gtest/gtest.h>

#include "core/handover/briefing.h"
#include "core/handover/decide.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

struct Controlled : World {
  Controlled() {
    controller = StationId{make(RegisterStation{site, "CTL", true})};
    tell(RecordStationLink{controller, true});
    tell(HandOver{site});
  }
  Instant watermark() const { return the_site().handover.watermark; }
  // A walk-up that the controller has given away on the spot.
  TakeGrant grant(uint64_t number, BayId bay, AccountId account) const {
    TakeGrant out;
    out.site = site;
    out.log = the_site().handover.log;
    out.number = number;
    out.bay = bay;
    out.account = account;
    out.span.start = now;
    out.granted_until = now + 15min;
    return out;
  }
  StationId controller;
};

TEST(Handover, TheWatermarkFollowsTheClockWhileTheControllerIsThereAndNeverRetreats) {
  Controlled world;
  const Instant first = world.watermark();
  EXPECT_EQ(first, world.now + 15min);
  EXPECT_EQ(World::text(world.run(HandOver{world.site})), "nothing");
  world.advance(1s);
  EXPECT_EQ(World::text(world.run(HandOver{world.site})), "SlotsHandedOver");
  EXPECT_EQ(world.watermark(), first + 15min);
  world.now -= 2h;  // the clock is set back
  EXPECT_EQ(World::text(world.run(HandOver{world.site})), "nothing");
  world.now += 4h;
  world.tell(RecordStationLink{world.controller, false});
  EXPECT_EQ(World::text(world.run(HandOver{world.site})), "nothing");
  EXPECT_EQ(world.watermark(), first + 15min);
}

TEST(Handover, NearSlotsAreRefusedWithTheReasonAndLaterOnesSoldAsEver) {
  Controlled world;
  const auto wish = [&](Duration in) {
    return World::text(world.run(world.wish(world.driver, world.bays[0], world.now + in, 15min)));
  };
  EXPECT_EQ(wish(0min), "site_decides");
  EXPECT_EQ(wish(15min), "BookingRequested");
  world.tell(RecordStationLink{world.controller, false});
  EXPECT_EQ(wish(0min), "site_offline");
  EXPECT_EQ(wish(30min), "BookingRequested");
  EXPECT_EQ(wish(30min), "slot_taken");  // the bay's own reasons come first
}

TEST(Handover, WithoutAControllerNothingChanges) {
  World world;
  EXPECT_EQ(World::text(world.run(HandOver{world.site})), "wrong_phase");
  EXPECT_EQ(World::text(world.run(world.wish(world.driver, world.bays[0], world.now, 15min))), "BookingRequested");
}

TEST(Handover, GrantsAreTakenInOrderAndOnce) {
  Controlled world;
  EXPECT_EQ(World::text(world.run(world.grant(2, world.bays[0], world.driver))), "wrong_phase");
  const BookingId booking{world.make(world.grant(1, world.bays[0], world.driver))};
  EXPECT_EQ(world.get(booking).phase, BookingPhase::confirmed);
  EXPECT_EQ(world.get(booking).vehicle, world.car) << "the account's first";
  EXPECT_EQ(world.get(booking).span.length(), 2h) << "on into the platform's own slots";
  const Decided again = world.run(world.grant(1, world.bays[0], world.driver));
  EXPECT_EQ(World::text(again), "nothing");
  EXPECT_EQ(again->subject, booking.value);
  TakeGrant other_log = world.grant(2, world.bays[1], world.other);
  ++other_log.log;
  EXPECT_EQ(World::text(world.run(other_log)), "wrong_phase");
  EXPECT_EQ(world.the_site().handover.taken, 1u);
}

TEST(Handover, AGrantThatCannotBeABookingIsInTheBooksAsRefused) {
  Controlled world;
  world.tell(world.grant(1, world.bays[0], world.driver));
  EXPECT_EQ(World::text(world.run(world.grant(2, world.bays[0], world.other))), "GrantTaken");
  const auto* taken = std::get_if<GrantTaken>(&world.events.back());
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->refusal, Refusal::slot_taken);
  EXPECT_EQ(world.the_site().handover.taken, 2u);
}

TEST(Handover, AFreedHoldEndsUnlessItsCarHasCome) {
  Controlled world;
  const BookingId booking{world.make(world.grant(1, world.bays[0], world.driver))};
  TakeGrant free = world.grant(2, world.bays[0], {});
  free.kind = GrantKind::free;
  free.of = 1;
  world.tell(free);
  EXPECT_EQ(world.get(booking).end, BookingEnd::expired);
  const BookingId next{world.make(world.grant(3, world.bays[0], world.other))};
  world.arrive(next);
  free.number = 4;
  free.of = 3;
  EXPECT_EQ(World::text(world.run(free)), "GrantTaken");
  EXPECT_EQ(world.get(next).phase, BookingPhase::active);
}

TEST(Handover, AnExtensionIntoNearSlotsNeedsAGrantToo) {
  Controlled world;
  const BookingId booking = world.book(world.driver, world.bays[0], 15min, 15min);
  world.advance(16min);
  world.tell(HandOver{world.site});
  const Instant end = world.get(booking).span.end;
  EXPECT_EQ(World::text(world.run(ExtendBooking{booking, end + 15min})), "site_decides");
  TakeGrant grant = world.grant(1, world.bays[0], world.driver);
  grant.kind = GrantKind::extend;
  grant.booking = booking;
  grant.span = {end, end + 15min};
  grant.granted_until = end + 15min;
  EXPECT_EQ(World::text(world.run(grant)), "BookingExtended GrantTaken");
  EXPECT_EQ(world.get(booking).span.end, end + 15min);
}

TEST(Handover, AControllerIsChangedOnlyWhenNoSlotIsItsOwnAnyMore) {
  Controlled world;
  world.tell(world.grant(1, world.bays[0], world.driver));
  EXPECT_EQ(World::text(world.run(AssignController{world.site, {}})), "wrong_phase");
  EXPECT_EQ(World::text(world.run(RegisterStation{world.site, "CTL-2", true})), "wrong_phase");
  world.tell(RecordStationLink{world.controller, false});
  world.advance(16min);
  EXPECT_EQ(World::text(world.run(RegisterStation{world.site, "CTL-2", true})), "StationRegistered ControllerAssigned");
  EXPECT_EQ(world.the_site().handover.log, 2u);
  EXPECT_EQ(world.the_site().handover.taken, 0u);
}

TEST(Handover, ABriefingTellsOpenSlotsAndEveryClaimOnThem) {
  Controlled world;
  const BookingId near{world.make(world.grant(1, world.bays[0], world.driver))};
  const BookingId later = world.book(world.other, world.bays[1], 3h);
  const Briefing told = briefing_of(world.the_site(), world.now);
  EXPECT_EQ(told.watermark, world.watermark());
  EXPECT_EQ(told.taken, 1u);
  ASSERT_EQ(told.bays.size(), 4u);
  EXPECT_EQ(told.bays[0].station, "CP-1");
  ASSERT_EQ(told.bays[0].claims.size(), 1u);
  EXPECT_EQ(told.bays[0].claims[0].booking, near);
  EXPECT_EQ(told.bays[0].claims[0].grant, 1u);
  EXPECT_EQ(told.bays[0].open, (std::vector<Interval>{{world.now, world.now + 15min}}));
  ASSERT_EQ(told.bays[1].claims.size(), 1u) << "the day's schedule (A4)";
  EXPECT_EQ(told.bays[1].claims[0].booking, later);
  EXPECT_TRUE(told.bays[3].open.empty()) << "a shared pile is for those with a permission";
}

TEST(Handover, SlotsThatAnEndedBookingHasUsedAreNotToldAsOpen) {
  Controlled world;
  const BookingId booking{world.make(world.grant(1, world.bays[0], world.driver))};
  world.arrive(booking);
  world.advance(5min);
  world.vacate(world.bays[0]);
  ASSERT_GE(world.get(booking).phase, BookingPhase::settling);
  const Briefing told = briefing_of(world.the_site(), world.now);
  EXPECT_TRUE(told.bays[0].claims.empty());
  EXPECT_TRUE(told.bays[0].open.empty());
}

}  // namespace
}  // namespace bayward::core

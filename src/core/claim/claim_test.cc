#include "core/claim/claim.h"

#include <gtest/gtest.h>

#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

const Actor office{Actor::Kind::staff, AccountId{1}};

struct Parking : World {
  explicit Parking(int64_t fee_minor = 3'000) {
    SiteRules rules = the_site().rules;
    rules.wrong_parking_fee_minor = fee_minor;
    tell(SetSiteRules{site, rules});
    plate = state.account(other).vehicle(other_car)->plate;
  }
  // A car stands in bay 1, which the driver has booked, for that long.
  void park(Fingerprint of, Duration length) {
    tell(RecordOccupancy{bays[0], true, now});
    tell(IdentifyVehicle{bays[0], IdentityVia::plate, of, {}, now, {}});
    advance(length);
    happened_last = text(run(RecordOccupancy{bays[0], false, now}));
  }
  const std::vector<Claim>& claims() const { return the_site().claims; }

  Fingerprint plate;
  std::string happened_last;
};

TEST(Claim, AKnownCarThatStoodWhereItDoesNotBelongPaysTheSitesFee) {
  Parking world;
  (void)world.book(world.driver, world.bays[0], 0h, 2h);
  const int64_t before = world.has(world.other, user_available);
  world.park(world.plate, 20min);
  EXPECT_NE(world.happened_last.find("WrongParkingClaimed"), std::string::npos) << world.happened_last;
  ASSERT_EQ(world.claims().size(), 1U);
  const Claim& claim = world.claims()[0];
  EXPECT_EQ(claim.phase, ClaimPhase::charged);
  EXPECT_EQ(claim.account, world.other);
  EXPECT_EQ(claim.until - claim.from, 20min);
  EXPECT_TRUE(is_claim(claim.id));
  EXPECT_EQ(site_of(claim.id), world.site);
  EXPECT_EQ(world.has(world.other, user_available), before - 3'000);
  EXPECT_EQ(world.has(world.other, platform_fee), 3'000);
}

TEST(Claim, WhoDrivesOnWithinTheGraceOwesNothing) {
  Parking world;
  world.park(world.plate, 4min);
  EXPECT_TRUE(world.claims().empty());
}

TEST(Claim, WithoutAFeeInTheRulesNobodyOwesAnything) {
  Parking world(0);
  world.park(world.plate, 1h);
  EXPECT_TRUE(world.claims().empty());
}

TEST(Claim, WhatTheOfficeCalledAFalseAlarmIsOwedByNobody) {
  Parking world;
  world.tell(RecordOccupancy{world.bays[0], true, world.now});
  world.tell(IdentifyVehicle{world.bays[0], IdentityVia::plate, world.plate, {}, world.now, {}});
  world.advance(10min);
  IncidentId incident;
  world.the_site().incidents.for_each([&](const Incident& one) { incident = one.id; });
  (void)world.run(CloseIncident{incident, true}, office);
  world.advance(10min);
  world.tell(RecordOccupancy{world.bays[0], false, world.now});
  EXPECT_TRUE(world.claims().empty());
}

TEST(Claim, TheFeeIsADebtWhereTheWalletIsEmpty) {
  Parking world(1'000'000);
  world.park(world.plate, 10min);
  EXPECT_LT(world.has(world.other, user_available), 0);
  EXPECT_EQ(World::text(world.run_as(world.other, world.wish(world.other, world.bays[2], world.now + 50min, 1h))),
            "debt_outstanding");
}

TEST(Claim, OfNobodysPlateIsOnRecordUntilTheOfficeHasSettledIt) {
  Parking world;
  world.park(print_of(99), 10min);
  ASSERT_EQ(world.claims().size(), 1U);
  const BookingId id = world.claims()[0].id;
  EXPECT_EQ(world.claims()[0].phase, ClaimPhase::open);
  EXPECT_FALSE(world.claims()[0].account);
  EXPECT_EQ(World::text(world.run(SettleClaim{id, true}, office)), "ClaimSettled");
  EXPECT_EQ(World::text(world.run(SettleClaim{id, true}, office)), "nothing");
  EXPECT_EQ(World::text(world.run(SettleClaim{id, false}, office)), "wrong_phase");
  EXPECT_EQ(world.claims()[0].phase, ClaimPhase::paid);
  EXPECT_EQ(world.claims()[0].settled_by, office.account);
}

TEST(Claim, IsAppealedAsADisputeAndPaidBackOnce) {
  Parking world;
  const int64_t before = world.has(world.other, user_available);
  world.park(world.plate, 10min);
  const BookingId id = world.claims()[0].id;
  EXPECT_EQ(World::text(world.run_as(world.driver, OpenDispute{world.driver, id, DisputeReason::not_me})),
            "unknown_booking");
  EXPECT_EQ(World::text(world.run_as(world.other, OpenDispute{world.other, id, DisputeReason::not_me})),
            "DisputeOpened");
  EXPECT_EQ(World::text(world.run(DecideDispute{id, 3'000}, office)), "DisputeDecided BookingRefunded");
  EXPECT_EQ(world.has(world.other, user_available), before);
  EXPECT_EQ(world.has(world.other, platform_fee), 0);
  EXPECT_EQ(World::text(world.run(DecideDispute{id, 1}, office)), "wrong_phase");
  EXPECT_EQ(World::text(world.run(SettleClaim{id, false}, office)), "wrong_phase") << "it has been paid";
}

TEST(Claim, TheChargeIsSafeToRepeatAndSurvivesASnapshot) {
  Parking world;
  world.park(world.plate, 10min);
  const Claim claim = world.claims()[0];
  EXPECT_EQ(World::text(world.run(ChargeClaim{claim.account, claim.id, claim.fee})), "nothing");
  State loaded;
  ASSERT_TRUE(loaded.load(world.state.save()));
  EXPECT_EQ(loaded.site(world.site).claims.size(), 1U);
  world.park(world.plate, 10min);
  EXPECT_EQ(world.claims().size(), 2U);
  EXPECT_NE(world.claims()[1].id, claim.id);
}

}  // namespace
}  // namespace bayward::core

#include "core/dispute/dispute.h"

#include <gtest/gtest.h>

#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

// One hour at 2.00 EUR, over and paid.
BookingId billed(World& world) {
  const BookingId booking = world.book(world.driver, world.bays[2], 0h);
  world.tell(CheckIn{booking});
  world.advance(2h);
  BAYWARD_CHECK(world.get(booking).phase == BookingPhase::closed);
  return booking;
}

const Actor office{Actor::Kind::staff, AccountId{1}};

TEST(Dispute, ARefundIsPostedOnceAndAtMostWhatWasPaid) {
  World world;
  const BookingId booking = billed(world);
  ASSERT_EQ(world.has(world.driver, user_available), 9'800);
  const OpenDispute open{world.driver, booking, DisputeReason::wrong_amount};
  EXPECT_EQ(World::text(world.run_as(world.driver, open)), "DisputeOpened");
  EXPECT_EQ(World::text(world.run_as(world.driver, open)), "already_exists");
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 201}, office)), "invalid");
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, -1}, office)), "invalid");
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 150}, office)), "DisputeDecided BookingRefunded");
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 50}, office)), "wrong_phase");
  EXPECT_EQ(world.has(world.driver, user_available), 9'950);
  const Dispute& dispute = world.state.account(world.driver).disputes.at(booking);
  EXPECT_EQ(dispute.phase, DisputePhase::refunded);
  EXPECT_EQ(dispute.refund.minor, 150);
  EXPECT_EQ(dispute.decided_by, office.account);
}

TEST(Dispute, ABillThatStandsMovesNoMoney) {
  World world;
  const BookingId booking = billed(world);
  (void)world.run_as(world.driver, OpenDispute{world.driver, booking, DisputeReason::overstay});
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 0}, office)), "DisputeDecided");
  EXPECT_EQ(world.has(world.driver, user_available), 9'800);
  EXPECT_EQ(world.state.account(world.driver).disputes.at(booking).phase, DisputePhase::stands);
}

TEST(Dispute, IsTheDriversOwnAndOnlyStaffDecides) {
  World world;
  const BookingId booking = billed(world);
  const OpenDispute open{world.driver, booking, DisputeReason::other};
  EXPECT_EQ(World::text(world.run_as(world.other, open)), "not_yours");
  EXPECT_EQ(World::text(world.run_as(world.other, OpenDispute{world.other, booking, {}})), "unknown_booking");
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 1}, office)), "unknown_thing") << "not disputed yet";
  (void)world.run_as(world.driver, open);
  EXPECT_EQ(World::text(world.run_as(world.driver, DecideDispute{booking, 1})), "not_yours");
}

TEST(Dispute, ComesAfterTheBillAndWithinTwoWeeks) {
  World world;
  const BookingId running = world.book(world.driver, world.bays[1], 0h, 2h);
  EXPECT_EQ(World::text(world.run_as(world.driver, OpenDispute{world.driver, running, {}})), "wrong_phase");
  const BookingId booking = billed(world);
  world.advance(dispute_window + 1min);
  EXPECT_EQ(World::text(world.run_as(world.driver, OpenDispute{world.driver, booking, {}})), "wrong_phase");
}

TEST(Dispute, AnOpenOneKeepsWhatItIsAboutAndSurvivesASnapshot) {
  World world;
  const BookingId booking = billed(world);
  (void)world.run_as(world.driver, OpenDispute{world.driver, booking, {}});
  world.advance(33 * 24h);
  (void)billed(world);
  State loaded;
  ASSERT_TRUE(loaded.load(world.state.save()));
  EXPECT_TRUE(loaded.disputes.contains(booking));
  EXPECT_EQ(World::text(world.run(DecideDispute{booking, 200}, office)), "DisputeDecided BookingRefunded");
  world.advance(31 * 24h);
  (void)billed(world);
  EXPECT_FALSE(world.state.disputes.contains(booking));
}

}  // namespace
}  // namespace bayward::core

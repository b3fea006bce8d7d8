#include "core/account/account.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/limits.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

Money eur(int64_t minor) {
  return {minor, World::euro()};
}

TEST(Wallet, AReferenceCountsOnce) {
  World world;
  const CreditWallet credit{world.driver, eur(500), "SEPA-1"};
  EXPECT_EQ(World::text(world.run(credit)), "LedgerPosted");
  EXPECT_EQ(World::text(world.run(credit)), "already_exists");
  EXPECT_EQ(world.has(world.driver, user_available), 10'500);
  EXPECT_EQ(world.has(world.driver, psp_clearing), -10'500);
}

TEST(Wallet, BadAmountsAreRefused) {
  World world;
  for (const Money& amount : {eur(0), eur(-1), eur(10'000'000'001), Money{5, Currency{{'e', 'u', 'r'}}}}) {
    EXPECT_EQ(World::text(world.run(CreditWallet{world.driver, amount, "r"})), "invalid") << amount.minor;
  }
  EXPECT_EQ(World::text(world.run(CreditWallet{world.driver, eur(1), ""})), "invalid");
  EXPECT_EQ(World::text(world.run(CreditWallet{AccountId{99}, eur(1), "r"})), "unknown_account");
}

TEST(Wallet, AHoldIsRepeatedWithoutEffectAndChangedByASecondAmount) {
  World world;
  const auto booking = site_scoped<BookingId>(world.site, 900);
  EXPECT_EQ(World::text(world.run_alone(HoldFunds{world.driver, booking, eur(300), false})), "FundsHeld");
  EXPECT_EQ(World::text(world.run_alone(HoldFunds{world.driver, booking, eur(300), false})), "nothing");
  EXPECT_EQ(World::text(world.run_alone(HoldFunds{world.driver, booking, eur(500), true})), "FundsHeld");
  EXPECT_EQ(world.has(world.driver, user_held), 500);
  EXPECT_EQ(World::text(world.run_alone(HoldFunds{world.driver, booking, eur(200), true})), "FundsHeld");
  EXPECT_EQ(world.has(world.driver, user_held), 200);
  EXPECT_EQ(world.has(world.driver, user_available), 9'800);
}

TEST(Wallet, CaptureHappensOnceAndGivesBackWhatWasNotNeeded) {
  World world;
  const auto booking = site_scoped<BookingId>(world.site, 900);
  (void)world.run_alone(HoldFunds{world.driver, booking, eur(1'000), false});
  const CaptureFunds capture{world.driver, booking, eur(700), eur(100), eur(400), eur(0), world.owner};
  EXPECT_EQ(World::text(world.run_alone(capture)), "FundsCaptured");
  EXPECT_EQ(World::text(world.run_alone(capture)), "nothing");
  EXPECT_EQ(world.has(world.driver, user_available), 9'300);
  EXPECT_EQ(world.has(world.driver, user_held), 0);
  EXPECT_EQ(world.has(world.driver, tax_payable), 100);
  EXPECT_EQ(world.has(world.driver, platform_fee), 200);
  EXPECT_EQ(world.has(world.driver, transit), 400);
  EXPECT_EQ(World::text(world.run_alone(CreditOwner{world.owner, booking, eur(400)})), "OwnerCredited");
  EXPECT_EQ(World::text(world.run_alone(CreditOwner{world.owner, booking, eur(400)})), "nothing");
  EXPECT_EQ(world.has(world.owner, owner_payable), 400);
  EXPECT_EQ(World::text(world.run_alone(HoldFunds{world.driver, booking, eur(5), true})), "wrong_phase");
}

TEST(Wallet, WhatTheHoldDoesNotCoverBecomesADebtThatStopsFurtherBookings) {
  World world(false);
  world.credit(world.driver, 300);
  const auto booking = site_scoped<BookingId>(world.site, 900);
  (void)world.run_alone(HoldFunds{world.driver, booking, eur(300), false});
  (void)world.run_alone(CaptureFunds{world.driver, booking, eur(450), eur(0), eur(0), eur(0), world.owner});
  EXPECT_EQ(world.has(world.driver, user_available), -150);
  EXPECT_EQ(World::text(world.run(world.wish(world.driver, world.bays[0], world.now + 1h, 1h))), "debt_outstanding");
}

TEST(Wallet, RefundsNeverExceedWhatWasCaptured) {
  World world;
  const auto booking = site_scoped<BookingId>(world.site, 900);
  EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(1)})), "unknown_booking");
  (void)world.run_alone(HoldFunds{world.driver, booking, eur(300), false});
  EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(1)})), "wrong_phase");
  (void)world.run_alone(CaptureFunds{world.driver, booking, eur(300), eur(0), eur(0), eur(0), world.owner});
  EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(200)})), "BookingRefunded");
  EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(101)})), "invalid");
  EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(100)})), "BookingRefunded");
  EXPECT_EQ(world.has(world.driver, user_available), 10'000);
}

TEST(Wallet, RefundsGiveBackTheirTaxToTheCentHoweverTheyAreCut) {
  World world;
  const auto booking = site_scoped<BookingId>(world.site, 900);
  (void)world.run_alone(HoldFunds{world.driver, booking, eur(300), false});
  (void)world.run_alone(CaptureFunds{world.driver, booking, eur(100), eur(19), eur(40), eur(0), world.owner});
  for (int64_t minor : {1, 1, 1, 30, 33, 34}) {
    EXPECT_EQ(World::text(world.run(RefundBooking{booking, world.driver, eur(minor)})), "BookingRefunded");
    if (minor == 30) EXPECT_EQ(world.has(world.driver, tax_payable), 19 - 6);  // 33 of 100: 6.27
  }
  EXPECT_EQ(world.has(world.driver, tax_payable), 0);
  EXPECT_EQ(world.has(world.driver, platform_fee), -40);  // what the owner keeps
  EXPECT_EQ(world.has(world.driver, transit), 40);
  EXPECT_EQ(world.has(world.driver, user_available), 10'000);
}

TEST(Wallet, PayoutsNeverExceedWhatWasEarned) {
  World world;
  (void)world.run_alone(CreditOwner{world.owner, site_scoped<BookingId>(world.site, 900), eur(400)});
  EXPECT_EQ(World::text(world.run(RecordPayout{world.owner, eur(401), "p1"})), "insufficient_funds");
  EXPECT_EQ(World::text(world.run(RecordPayout{world.owner, eur(400), "p2"})), "LedgerPosted");
  EXPECT_EQ(World::text(world.run(RecordPayout{world.owner, eur(1), "p3"})), "insufficient_funds");
}

TEST(Wallet, AnOwnerOfManySitesIsCreditedOncePerBookingEvenAfterThousands) {
  World world;
  const auto early = site_scoped<BookingId>(SiteId{1}, 1);
  for (uint32_t i = 1; i <= 4200; ++i) {
    (void)world.run_alone(CreditOwner{world.owner, site_scoped<BookingId>(SiteId{2}, i), eur(1)});
  }
  EXPECT_EQ(World::text(world.run_alone(CreditOwner{world.owner, early, eur(1)})), "OwnerCredited");
  EXPECT_EQ(World::text(world.run_alone(CreditOwner{world.owner, early, eur(1)})), "nothing");
}

TEST(Accounts, PlatesTokensAndPhonesBelongToOne) {
  World world;
  EXPECT_EQ(World::text(world.run(OpenAccount{print_of(202), role_driver})), "already_exists");
  EXPECT_EQ(World::text(world.run(OpenAccount{print_of(9), 0})), "invalid");
  EXPECT_EQ(World::text(world.run(OpenAccount{print_of(9), 16})), "invalid");
  Vehicle vehicle;
  EXPECT_EQ(World::text(world.run(AddVehicle{world.driver, vehicle})), "invalid") << "no plate";
  vehicle.plate = print_of(2);
  EXPECT_EQ(World::text(world.run(AddVehicle{world.driver, vehicle})), "already_exists");
  vehicle.plate = print_of(50);
  EXPECT_EQ(World::text(world.run_as(world.other, AddVehicle{world.driver, vehicle})), "not_yours");
  EXPECT_EQ(World::text(world.run_as(world.driver, RemoveVehicle{world.other_car})), "not_yours");
  EXPECT_EQ(World::text(world.run(RemoveVehicle{world.other_car})), "VehicleRemoved");
  vehicle.plate = print_of(2);
  EXPECT_EQ(World::text(world.run(AddVehicle{world.driver, vehicle})), "VehicleAdded") << "sold to the driver";
  EXPECT_EQ(World::text(world.run(AddToken{world.driver, print_of(102)})), "already_exists");
  EXPECT_EQ(World::text(world.run(RemoveToken{world.driver, print_of(102)})), "unknown_thing");
}

TEST(Accounts, VehiclesAndTokensAreBounded) {
  World world;
  for (uint8_t i = 1; i < limits::vehicles_per_account; ++i) {
    Vehicle vehicle;
    vehicle.plate = print_of(static_cast<uint8_t>(20 + i));
    world.make(AddVehicle{world.driver, vehicle});
    world.make(AddToken{world.driver, print_of(static_cast<uint8_t>(220 + i))});
  }
  Vehicle vehicle;
  vehicle.plate = print_of(60);
  EXPECT_EQ(World::text(world.run(AddVehicle{world.driver, vehicle})), "limit_reached");
  EXPECT_EQ(World::text(world.run(AddToken{world.driver, print_of(250)})), "limit_reached");
}

TEST(Ledger, EveryEntrySumsToZeroWhateverIsAsked) {
  EXPECT_TRUE(rc::check([] {
    World world;
    const auto small = [] { return *rc::gen::inRange<int64_t>(0, 2'000); };
    for (int i = 0; i < 30; ++i) {
      const auto booking = site_scoped<BookingId>(world.site, *rc::gen::inRange<uint32_t>(900, 904));
      const int64_t total = small();
      Command command = HoldFunds{world.driver, booking, eur(small()), *rc::gen::arbitrary<bool>()};
      if (i % 3 == 1) {
        command =
            CaptureFunds{world.driver, booking, eur(total), eur(total / 7), eur(total / 2), eur(small()), world.owner};
      }
      if (i % 3 == 2) command = RefundBooking{booking, world.driver, eur(small() + 1)};
      (void)world.run_alone(command);
      int64_t sum = 0;
      for (const auto& [key, minor] : world.state.account(world.driver).balances) sum += minor;
      RC_ASSERT(sum == 0);
      int64_t held = 0;
      world.state.account(world.driver).holds.for_each([&](BookingId, const FundsHold& hold) {
        if (hold.phase == HoldPhase::held) held += hold.amount.minor;
      });
      RC_ASSERT(held == world.has(world.driver, user_held));
    }
  }));
}

}  // namespace
}  // namespace bayward::core

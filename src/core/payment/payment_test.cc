#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

Money eur(int64_t minor) {
  return {minor, World::euro()};
}

PaymentId begin(World& world, int64_t minor = 2'000) {
  const Decided begun = world.run_as(world.driver, BeginTopUp{world.driver, eur(minor)});
  BAYWARD_CHECK(begun.ok());
  return PaymentId{begun->subject};
}

TEST(TopUp, IsCreditedOnceHoweverOftenTheProviderSaysSo) {
  World world;
  const PaymentId payment = begin(world);
  EXPECT_EQ(world.has(world.driver, user_available), 10'000) << "asking for it is not paying it";
  const EndTopUp paid{payment, true, eur(2'000), "test:pay"};
  EXPECT_EQ(World::text(world.run(paid)), "TopUpEnded LedgerPosted");
  EXPECT_EQ(World::text(world.run(paid)), "nothing");
  EXPECT_EQ(World::text(world.run(EndTopUp{payment, false, {}, {}})), "nothing");
  EXPECT_EQ(world.has(world.driver, user_available), 12'000);
  EXPECT_EQ(world.has(world.driver, psp_clearing), -12'000);
}

TEST(TopUp, WhatWasReallyPaidCountsEvenAfterAFailure) {
  World world;
  const PaymentId payment = begin(world);
  EXPECT_EQ(World::text(world.run(EndTopUp{payment, false, {}, {}})), "TopUpEnded");
  EXPECT_EQ(World::text(world.run(EndTopUp{payment, true, eur(1'500), "r"})), "TopUpEnded LedgerPosted");
  EXPECT_EQ(world.has(world.driver, user_available), 11'500);
  EXPECT_EQ(world.state.account(world.driver).top_ups.back().amount, eur(1'500));
}

TEST(TopUp, OnlyTheConnectorEndsItAndOnlyWhatWasBegun) {
  World world;
  const PaymentId payment = begin(world);
  EXPECT_EQ(World::text(world.run_as(world.driver, EndTopUp{payment, true, eur(1), "r"})), "not_yours");
  EXPECT_EQ(World::text(world.run(EndTopUp{PaymentId{payment.value + 1}, true, eur(1), "r"})), "unknown_thing");
  EXPECT_EQ(World::text(world.run(EndTopUp{PaymentId{7}, true, eur(1), "r"})), "unknown_thing");
  EXPECT_EQ(World::text(world.run(EndTopUp{payment, true, eur(0), "r"})), "invalid");
  EXPECT_EQ(World::text(world.run_as(world.other, BeginTopUp{world.driver, eur(5)})), "not_yours");
  for (const int64_t minor : {int64_t{0}, int64_t{-1}, top_up_max_minor + 1}) {
    EXPECT_EQ(World::text(world.run_as(world.driver, BeginTopUp{world.driver, eur(minor)})), "invalid") << minor;
  }
}

TEST(TopUp, FewWaitAtATimeAndOldOnesMakeRoomButStillCount) {
  World world;
  const PaymentId first = begin(world);
  for (size_t i = 1; i < limits::top_ups_waiting; ++i) (void)begin(world);
  EXPECT_EQ(World::text(world.run_as(world.driver, BeginTopUp{world.driver, eur(5)})), "limit_reached");
  world.advance(top_up_lapses_after);
  for (size_t i = 0; i < limits::top_ups_kept; ++i) {
    world.tell(EndTopUp{begin(world), false, {}, {}});
  }
  const Account& account = world.state.account(world.driver);
  EXPECT_EQ(account.top_ups.size(), limits::top_ups_kept);
  EXPECT_NE(account.top_ups.front().id, first);
  EXPECT_EQ(World::text(world.run(EndTopUp{first, true, eur(2'000), "late"})), "TopUpEnded LedgerPosted");
  EXPECT_EQ(World::text(world.run(EndTopUp{first, true, eur(2'000), "late"})), "nothing");
}

}  // namespace
}  // namespace bayward::core

#include "core/booking/booking.h"

#include <gtest/gtest.h>

#include "core/booking/due.h"
#include "core/saga.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum LedgerAccount;

// ---- every phase against every command that can meet it ----

enum class Stage { awaiting_funds, confirmed, announced, active, left, settling, closed };

struct Staged {
  World world;
  BookingId id;
};

void bring_to(Staged& staged, Stage stage) {
  World& world = staged.world;
  const RequestBooking request = world.wish(world.driver, world.bays[0], world.now + 2h, 1h);
  staged.id = BookingId{(stage == Stage::awaiting_funds ? world.run_alone(request) : world.run(request))->subject};
  if (stage <= Stage::confirmed) return;
  world.advance(1h + 50min);
  if (stage == Stage::announced) return;
  if (stage == Stage::settling) {
    (void)world.run_alone(CancelBooking{staged.id});
    return;
  }
  if (stage == Stage::closed) {
    world.make(CancelBooking{staged.id});
    return;
  }
  world.arrive(staged.id);
  if (stage == Stage::active) return;
  world.make(world.start_of(9, 1, print_of(101), 1'000));
  world.advance(20min);
  world.vacate(world.bays[0]);  // while the session is open
}

std::string answer(Stage stage, const std::string& command) {
  Staged staged;
  bring_to(staged, stage);
  World& world = staged.world;
  const BookingId id = staged.id;
  const Instant end = world.get(id).span.end;
  if (command == "cancel") return World::text(world.run(CancelBooking{id}));
  if (command == "cancel of a stranger") return World::text(world.run_as(world.other, CancelBooking{id}));
  if (command == "extend") return World::text(world.run(ExtendBooking{id, end + 1h}));
  if (command == "leave") return World::text(world.run(LeaveBay{id}));
  if (command == "charge") return World::text(world.run(RequestCharging{id}));
  if (command == "funds held") return World::text(world.run(ConfirmBooking{id, true}));
  if (command == "funds refused") return World::text(world.run(ConfirmBooking{id, false}));
  if (command == "settled") return World::text(world.run(ConfirmSettlement{id}));
  if (command == "bill") return World::text(world.run(BillBooking{id}));
  return "?";
}

TEST(BookingLifeCycle, EveryPhaseAnswersEveryCommand) {
  struct Row {
    std::string command;
    std::array<std::string, 7> answers;  // by Stage
  };
  const std::vector<Row> table = {
      {"cancel",
       {"wrong_phase", "BookingEnded", "BookingEnded", "wrong_phase", "wrong_phase", "wrong_phase", "wrong_phase"}},
      {"cancel of a stranger",
       {"not_yours", "not_yours", "not_yours", "not_yours", "not_yours", "not_yours", "not_yours"}},
      {"extend",
       {"wrong_phase", "BookingExtended", "BookingExtended", "BookingExtended", "wrong_phase", "wrong_phase",
        "wrong_phase"}},
      {"leave",
       {"wrong_phase", "wrong_phase", "wrong_phase", "bay_occupied", "wrong_phase", "wrong_phase", "wrong_phase"}},
      {"charge",
       {"wrong_phase", "wrong_phase", "ChargingWanted", "ChargingWanted", "wrong_phase", "wrong_phase", "wrong_phase"}},
      {"funds held", {"BookingConfirmed", "nothing", "nothing", "nothing", "nothing", "nothing", "nothing"}},
      {"funds refused", {"BookingEnded", "nothing", "nothing", "nothing", "nothing", "nothing", "nothing"}},
      {"settled", {"nothing", "nothing", "nothing", "nothing", "nothing", "BookingSettled", "nothing"}},
      {"bill", {"nothing", "nothing", "nothing", "nothing", "nothing", "nothing", "nothing"}},
  };
  for (const Row& row : table) {
    for (size_t stage = 0; stage < row.answers.size(); ++stage) {
      EXPECT_EQ(answer(static_cast<Stage>(stage), row.command), row.answers[stage])
          << row.command << " in stage " << stage;
    }
  }
}

TEST(Booking, UnknownOnesAreRefusedByEveryCommand) {
  World world;
  const auto id = site_scoped<BookingId>(world.site, 77);
  for (const Command& command :
       std::vector<Command>{CancelBooking{id}, ExtendBooking{id, world.now}, LeaveBay{id}, RequestCharging{id},
                            BillBooking{id}, ConfirmBooking{id, true}, ConfirmSettlement{id}}) {
    EXPECT_EQ(World::text(world.run(command)), "unknown_booking") << command_name(command);
  }
}

// ---- requests ----

TEST(BookingRequest, IsRefusedForTheDocumentedReason) {
  World world;
  const BayId bay = world.bays[2];
  const auto ask = [&](auto change) {
    RequestBooking request = world.wish(world.driver, bay, world.now + 2h, 1h);
    change(request);
    return World::text(world.run_as(request.account, request));
  };
  EXPECT_EQ(ask([](auto& r) { r.energy_estimate_milliwh = -1; }), "invalid");
  EXPECT_EQ(ask([&](auto& r) { r.bay.value += 50; }), "unknown_bay");
  EXPECT_EQ(ask([&](auto& r) { r.account = AccountId{99}; }), "unknown_account");
  EXPECT_EQ(ask([&](auto& r) { r.vehicle = world.other_car; }), "unknown_vehicle");
  EXPECT_EQ(ask([](auto& r) { r.span.end = r.span.start; }), "bad_interval");
  EXPECT_EQ(ask([](auto& r) { r.span.end += 1min; }), "bad_interval");
  EXPECT_EQ(ask([](auto& r) { r.span = {r.span.end, r.span.start}; }), "bad_interval");
  EXPECT_EQ(ask([](auto& r) { r.span.end += 24h * 2500; }), "too_long");
  EXPECT_EQ(ask([](auto& r) { r.span.start -= 24h; }), "in_the_past");
  EXPECT_EQ(ask([](auto& r) { r.span = {r.span.start + 24h * 40, r.span.end + 24h * 40}; }), "beyond_horizon");
  EXPECT_EQ(ask([](auto& r) { r.energy_estimate_milliwh = 1; }), "charger_unfit");
  RequestBooking strangers = world.wish(world.driver, bay, world.now + 2h, 1h);
  EXPECT_EQ(World::text(world.run_as(world.other, strangers)), "not_yours");
}

TEST(BookingRequest, ATakenSlotIsNeverSoldAgainAndNeighboursMayTouch) {
  World world;
  const BayId bay = world.bays[0];
  world.book(world.driver, bay, 2h, 1h);
  const auto second = [&](Duration in, Duration length) {
    return World::text(world.run(world.wish(world.other, bay, world.now + in, length)));
  };
  EXPECT_EQ(second(2h, 1h), "slot_taken");
  EXPECT_EQ(second(1h, 75min), "slot_taken");
  EXPECT_EQ(second(2h + 45min, 1h), "slot_taken");
  EXPECT_EQ(second(2h + 15min, 15min), "slot_taken");
  EXPECT_EQ(second(1h, 1h), "BookingRequested");
  EXPECT_EQ(second(3h, 1h), "BookingRequested");
}

TEST(BookingRequest, WithoutTheMoneyTheSlotsAreFreeAtOnce) {
  World world(false);
  world.credit(world.driver, 199);
  const auto decided = world.run(world.wish(world.driver, world.bays[0], world.now + 2h, 1h));
  const BookingId id{decided->subject};
  EXPECT_EQ(world.happened(), "BookingRequested BookingEnded");
  EXPECT_EQ(world.get(id).end, BookingEnd::no_funds);
  EXPECT_EQ(world.get(id).phase, BookingPhase::closed);
  EXPECT_EQ(late_refusal(world.state, RequestBooking{}, id.value), Refusal::insufficient_funds);
  world.credit(world.driver, 1);
  EXPECT_EQ(world.get(world.book(world.driver, world.bays[0], 2h)).phase, BookingPhase::confirmed);
  EXPECT_EQ(world.has(world.driver, user_available), 0);
  EXPECT_EQ(world.has(world.driver, user_held), 200);
}

TEST(BookingRequest, AWalkUpBeginsWithTheSlotThatIsNowAndFreesItself) {
  World world;
  world.advance(4min);
  RequestBooking request;
  request.account = world.driver;
  request.vehicle = world.car;
  request.bay = world.bays[2];
  request.kind = BookingKind::walk_up;
  const BookingId id{world.run(request)->subject};
  EXPECT_EQ(world.get(id).span.start, world.now - 4min);
  EXPECT_EQ(world.get(id).span.length(), 2h) << "SiteRules::walk_up_slots";
  world.advance(9min + 59s);
  EXPECT_EQ(world.get(id).phase, BookingPhase::confirmed);
  world.advance(1s);
  EXPECT_EQ(world.get(id).end, BookingEnd::expired);
  EXPECT_EQ(world.get(id).charged.minor, 0);
  EXPECT_EQ(world.has(world.driver, user_available), 10'000);
  EXPECT_EQ(World::text(world.run(world.wish(world.other, world.bays[2], world.now + 1min, 1h))), "BookingRequested");
}

TEST(BookingRequest, AWalkUpReachesOnlyToTheNextBooking) {
  World world;
  world.book(world.other, world.bays[2], 45min);
  RequestBooking request;
  request.account = world.driver;
  request.vehicle = world.car;
  request.bay = world.bays[2];
  request.kind = BookingKind::walk_up;
  EXPECT_EQ(world.get(BookingId{world.run(request)->subject}).span.length(), 45min);
}

// ---- ends and their money (A10, C4) ----

TEST(BookingEnds, InTimeCancellingIsFree) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 2h);
  world.advance(59min);
  world.make(CancelBooking{id});
  EXPECT_EQ(world.get(id).phase, BookingPhase::closed);
  EXPECT_EQ(world.has(world.driver, user_available), 10'000);
  EXPECT_EQ(world.has(world.driver, user_held), 0);
}

TEST(BookingEnds, LateCancellingCostsAShareWhichIsSharedWithTheOwner) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 2h);
  world.advance(75min);
  world.make(CancelBooking{id});
  EXPECT_EQ(world.get(id).charged.minor, 100) << "half of 2.00";
  EXPECT_EQ(world.has(world.driver, user_available), 9'900);
  EXPECT_EQ(world.has(world.owner, owner_payable), 80);
  EXPECT_EQ(world.has(world.driver, platform_fee), 20);
  EXPECT_EQ(world.has(world.driver, transit) + world.has(world.owner, transit), 0);
}

TEST(BookingEnds, ANoShowPaysAndGivesTheRestOfItsSlotsBack) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 1h, 2h);
  world.advance(1h + 29min);
  EXPECT_EQ(world.get(id).phase, BookingPhase::confirmed);
  world.advance(1min);
  EXPECT_EQ(world.get(id).end, BookingEnd::no_show);
  EXPECT_EQ(world.get(id).charged.minor, 400);
  EXPECT_EQ(world.get(id).slots_end, world.now);
  EXPECT_EQ(World::text(world.run(world.wish(world.other, world.bays[0], world.now, 1h))), "BookingRequested");
}

TEST(BookingEnds, LeavingEarlyPaysTheSlotsUsedAndFreesTheOthers) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 1h, 2h);
  world.advance(1h);
  world.arrive(id);
  world.advance(20min);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).end, BookingEnd::completed);
  EXPECT_EQ(world.get(id).charged.minor, 100) << "two quarter hours";
  EXPECT_EQ(world.has(world.driver, user_available), 9'900);
  EXPECT_EQ(World::text(world.run(world.wish(world.other, world.bays[0], world.now + 10min, 30min))),
            "BookingRequested");
}

TEST(BookingEnds, OverstayIsToldOnceAndBilledToTheEnd) {
  World world;
  Tariff tariff = World::tariff();
  tariff.overstay_rate_e4 = 6'000'000;
  world.make(PublishTariff{world.site, tariff, true});
  const BookingId id = world.book(world.driver, world.bays[0], 1h, 1h);
  world.advance(1h);
  world.arrive(id);
  world.advance(1h + 9min);
  EXPECT_FALSE(world.get(id).overstay_told);
  world.advance(1min);
  EXPECT_TRUE(world.get(id).overstay_told);
  EXPECT_TRUE(world.the_site().bay(world.bays[0])->incidents.contains(IncidentKind::overstay));
  world.advance(20min);
  world.vacate(world.bays[0]);
  EXPECT_EQ(world.get(id).charged.minor, 200 + 300);
  EXPECT_TRUE(world.the_site().bay(world.bays[0])->incidents.empty());
}

TEST(BookingEnds, OverstayIsToldAtOnceWhenSomebodyElseIsNextAndTheyAreMoved) {
  World world;
  const BookingId first = world.book(world.driver, world.bays[0], 1h, 1h);
  const BookingId next = world.book(world.other, world.bays[0], 2h, 1h);
  world.advance(1h);
  world.arrive(first);
  world.advance(1h);
  EXPECT_TRUE(world.get(first).overstay_told);
  EXPECT_EQ(world.get(next).bay, world.bays[1]) << "A8: moved before the drive";
  EXPECT_EQ(world.get(next).phase, BookingPhase::confirmed);
}

TEST(BookingEnds, ExtensionHoldsTheNewPriceAndIsRefusedWhereTheNextBegins) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 1h, 1h);
  world.book(world.other, world.bays[0], 3h, 1h);
  const Instant end = world.get(id).span.end;
  EXPECT_EQ(World::text(world.run_as(world.driver, ExtendBooking{id, end + 75min})), "slot_taken");
  EXPECT_EQ(World::text(world.run_as(world.driver, ExtendBooking{id, end})), "bad_interval");
  EXPECT_EQ(World::text(world.run_as(world.driver, ExtendBooking{id, end + 1h})), "BookingExtended");
  EXPECT_EQ(world.has(world.driver, user_held), 400);
}

TEST(BookingEnds, ABayOutOfServiceEndsItsBookingsWithCompensation) {
  World world;
  SiteRules rules;
  rules.displaced_compensation_minor = 500;
  world.make(SetSiteRules{world.site, rules});
  const BookingId id = world.book(world.driver, world.bays[0], 2h);
  world.make(SetBayService{world.bays[0], false});
  EXPECT_EQ(world.get(id).end, BookingEnd::withdrawn);
  EXPECT_EQ(world.has(world.driver, user_available), 10'500);
  EXPECT_EQ(world.has(world.driver, platform_fee), -500);
}

// ---- the saga after a crash: deadlines take it up ----

TEST(BookingSaga, ALostHoldIsAskedForAgainAndConfirms) {
  World world;
  const BookingId id{world.run_alone(world.wish(world.driver, world.bays[0], world.now + 2h, 1h))->subject};
  world.advance(saga_retry);
  EXPECT_EQ(world.happened(), "DeadlineRenewed FundsHeld BookingConfirmed");
  EXPECT_EQ(world.get(id).phase, BookingPhase::confirmed);
  EXPECT_EQ(world.has(world.driver, user_held), 200);
}

TEST(BookingSaga, EveryStepOfTheSettlementMayBeLostOnce) {
  for (int lost_after = 0; lost_after < 3; ++lost_after) {
    World world;
    const BookingId id = world.book(world.driver, world.bays[0], 30min);
    (void)world.run_alone(CancelBooking{id});
    Command step = CaptureFunds{};
    for (int i = 0; i < lost_after; ++i) {
      const Booking& booking = world.get(id);
      if (i == 0)
        step = CaptureFunds{booking.account,      id,         booking.charged, booking.tax, booking.owner_share,
                            booking.compensation, world.owner};
      const Decided decided = world.run_alone(step);
      const auto next = next_steps(world.state, step, decided);
      ASSERT_EQ(next.size(), 1u);
      step = next.front();
    }
    world.advance(saga_retry);
    EXPECT_EQ(world.get(id).phase, BookingPhase::closed) << lost_after;
    EXPECT_EQ(world.has(world.driver, user_available), 9'900);
    EXPECT_EQ(world.has(world.owner, owner_payable), 80);
    EXPECT_EQ(world.has(world.driver, transit) + world.has(world.owner, transit), 0);
  }
}

TEST(BookingSaga, TheOwnerOfTheTimeOfTheBillIsPaidOnceEvenIfTheBayIsSoldMeanwhile) {
  World world;
  const BookingId id = world.book(world.driver, world.bays[0], 30min);
  (void)world.run_alone(CancelBooking{id});
  const Booking& booking = world.get(id);
  (void)world.run_alone(CaptureFunds{booking.account, id, booking.charged, booking.tax, booking.owner_share,
                                     booking.compensation, world.owner});
  (void)world.run_alone(CreditOwner{world.owner, id, booking.owner_share});
  BayInfo sold = world.the_site().bay(world.bays[0])->info;
  sold.owner = world.other;
  world.make(ChangeBay{world.bays[0], sold});
  world.advance(saga_retry);
  EXPECT_EQ(world.get(id).phase, BookingPhase::closed);
  EXPECT_EQ(world.has(world.owner, owner_payable), 80);
  EXPECT_EQ(world.has(world.other, owner_payable), 0);
}

TEST(BookingToken, FitsBothVersionsOfOcpp) {
  EXPECT_EQ(booking_token(BookingId{0xffff'ffff'ffff'ffff}), "BWFFFFFFFFFFFFFFFF");
  EXPECT_EQ(booking_token(BookingId{0x1'0000'000a}), "BW10000000A");
}

}  // namespace
}  // namespace bayward::core

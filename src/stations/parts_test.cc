// The pure parts: readings, tokens, names of transactions, logins, what is wanted and what is due.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/limits.h"
#include "core/booking/booking.h"
#include "core/world_for_test.h"
#include "ports/fake_vault.h"
#include "stations/failed_logins.h"
#include "stations/judge.h"
#include "stations/meter_gate.h"
#include "stations/reconcile.h"
#include "stations/samples.h"
#include "stations/session_key.h"
#include "stations/token.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant t0 = from_unix_s(1'774'252'800);

MeterPoint point(Duration after, int64_t wh) {
  return {t0 + after, wh * 1000};
}

TEST(MeterGate, PassesTheReadingsBesideABoundary) {
  MeterGate gate;
  gate.told(point(0min, 0));
  gate.set_boundaries({t0 + 60min});
  EXPECT_THAT(gate.pass(point(20min, 1), 24h), IsEmpty());
  EXPECT_THAT(gate.pass(point(40min, 2), 24h), IsEmpty());
  EXPECT_THAT(gate.pass(point(61min, 3), 24h), ElementsAre(point(40min, 2), point(61min, 3)));
  EXPECT_TRUE(gate.needs_boundaries());
  EXPECT_THAT(gate.pass(point(80min, 4), 24h), IsEmpty());
  EXPECT_EQ(gate.take_untold(), point(80min, 4));
  EXPECT_EQ(gate.take_untold(), std::nullopt);
}

TEST(MeterGate, PassesOneNowAndThenAndDropsWhatIsOld) {
  MeterGate gate;
  gate.told(point(0min, 0));
  EXPECT_THAT(gate.pass(point(4min, 1), 5min), IsEmpty());
  EXPECT_THAT(gate.pass(point(5min, 2), 5min), ElementsAre(point(5min, 2)));
  EXPECT_THAT(gate.pass(point(5min, 3), 5min), IsEmpty());
  EXPECT_THAT(gate.pass(point(1min, 9), 5min), IsEmpty());
  EXPECT_EQ(gate.last(), point(5min, 2));
}

// The bill is the same as if the engine had been told everything: of every boundary it knows the two readings beside
// it.
TEST(MeterGate, AlwaysTellsBothNeighboursOfEveryBoundary) {
  EXPECT_TRUE(rc::check([](const std::vector<uint8_t>& steps, const std::vector<uint8_t>& cuts) {
    std::vector<MeterPoint> all{{t0, 0}};
    for (const uint8_t step : steps)
      all.push_back({all.back().at + (1 + step) * 1s, all.back().register_milliwh + step});
    std::vector<Instant> boundaries;
    for (const uint8_t cut : cuts) {
      boundaries.push_back((boundaries.empty() ? t0 : boundaries.back()) + (1 + cut) * 2s);
    }
    MeterGate gate;
    gate.told(all.front());
    gate.set_boundaries(boundaries);
    std::vector<MeterPoint> told{all.front()};
    for (size_t i = 1; i < all.size(); ++i) {
      for (const MeterPoint& one : gate.pass(all[i], 24h)) told.push_back(one);
    }
    const auto has = [&](const MeterPoint& wanted) {
      return std::find(told.begin(), told.end(), wanted) != told.end();
    };
    for (const Instant boundary : boundaries) {
      const auto after = std::find_if(all.begin(), all.end(), [&](const MeterPoint& p) { return p.at >= boundary; });
      if (after == all.end() || after == all.begin()) continue;
      RC_ASSERT(has(*after));
      RC_ASSERT(has(*std::prev(after)));
    }
  }));
}

TEST(Samples, EnergyIsExactAndImpossibleValuesAreLeftOut) {
  Readings readings;
  readings.at = t0;
  add_sample(readings, {Measure::energy_import_wh, 0, *ocpp::Decimal::parse("16777217.1")});
  EXPECT_EQ(readings.register_milliwh, 16'777'217'100);
  add_sample(readings, {Measure::energy_import_wh, 1, *ocpp::Decimal::parse("5")});
  EXPECT_EQ(readings.register_milliwh, 16'777'217'100) << "one phase is not the register";
  Readings broken;
  for (const char* value : {"-1", "1e30", "1000000000001"}) {
    add_sample(broken, {Measure::energy_import_wh, 0, *ocpp::Decimal::parse(value)});
  }
  EXPECT_EQ(broken.register_milliwh, std::nullopt);
}

TEST(Token, ABookingsTokenIsReadBackAndNothingElseIs) {
  for (const uint64_t value : {uint64_t{1}, uint64_t{0x10000002a}, ~uint64_t{0}}) {
    EXPECT_EQ(parse_booking_token(core::booking_token(BookingId{value})), BookingId{value});
  }
  EXPECT_EQ(parse_booking_token("bw2a"), BookingId{0x2a});
  for (const char* text : {"", "BW", "BW0", "BW02A", "BWG", "BW2A ", "2A", "BW12345678901234567"}) {
    EXPECT_EQ(parse_booking_token(text), std::nullopt) << text;
  }
}

TEST(Token, IsComparedWithoutCase) {
  const FakeVault vault;
  EXPECT_EQ(present(vault, "abc").token, present(vault, "ABC").token);
  EXPECT_NE(present(vault, "abc").token, present(vault, "abd").token);
  EXPECT_TRUE(present(vault, "").nothing());
}

TEST(SessionKey, DependsOnEveryPartAndItsPlace) {
  const StationId station{1};
  EXPECT_EQ(session_key(station, {"a", "b"}), session_key(station, {"a", "b"}));
  EXPECT_NE(session_key(station, {"a", "b"}), session_key(station, {"ab", ""}));
  EXPECT_NE(session_key(station, {"a", "b"}), session_key(station, {"b", "a"}));
  EXPECT_NE(session_key(station, {"a"}), session_key(StationId{2}, {"a"}));
}

TEST(FailedLogins, AreForgottenAfterAMinuteAndBounded) {
  FailedLogins logins(2);
  logins.failed("S", "p", t0);
  EXPECT_FALSE(logins.too_many("S", "p", t0));
  logins.failed("S", "p", t0);
  EXPECT_TRUE(logins.too_many("S", "p", t0 + 59s));
  EXPECT_FALSE(logins.too_many("S", "q", t0));
  EXPECT_FALSE(logins.too_many("S", "p", t0 + 60s));
  logins.succeeded("S", "p");
  for (size_t i = 0; i < limits::failed_logins + 10; ++i) logins.failed(std::to_string(i), "p", t0 + 1ms * i);
  EXPECT_FALSE(logins.too_many("0", "p", t0));
}

WantedReservation reservation(uint64_t booking, uint16_t evse = 1, Duration expiry = 1h) {
  return {BookingId{booking}, evse, AccountId{7}, t0 + expiry};
}
std::string text(const std::vector<Due>& due) {
  std::string out;
  for (const Due& one : due) {
    if (const auto* r = std::get_if<Reserve>(&one)) out += "R" + std::to_string(r->what.booking.value) + " ";
    if (const auto* c = std::get_if<CancelReservation>(&one)) out += "C" + std::to_string(c->booking.value) + " ";
    if (const auto* s = std::get_if<StartCharging>(&one)) out += "+" + std::to_string(s->what.booking.value) + " ";
    if (const auto* s = std::get_if<StopCharging>(&one)) out += "-" + std::to_string(s->what.session.value) + " ";
  }
  return out;
}

TEST(Reconcile, AsksOnceAndAgainAfterRefusalSilenceAndChange) {
  Wanted wanted;
  Device device;
  wanted.reservations = {reservation(1)};
  EXPECT_EQ(text(reconcile(wanted, device, t0)), "R1 ");
  EXPECT_EQ(text(reconcile(wanted, device, t0)), "") << "on its way";
  reserve_ended(device, BookingId{1}, "Occupied", t0);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 14s)), "");
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 15s)), "R1 ");
  reserve_ended(device, BookingId{1}, "", t0 + 15s);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 40s)), "") << "longer each time";
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 45s)), "R1 ");
  reserve_ended(device, BookingId{1}, "Accepted", t0 + 45s);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 10min)), "");
  wanted.reservations = {reservation(1, 2)};
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 10min)), "R1 ") << "moved to another EVSE: same id, replaced";
  reserve_ended(device, BookingId{1}, "Accepted", t0 + 10min);
  doubt(device);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 10min)), "R1 ") << "a new link";
}

TEST(Reconcile, TakesBackWhatIsHeldOrMayBe) {
  Wanted wanted;
  Device device;
  wanted.reservations = {reservation(1), reservation(2, 2)};
  EXPECT_EQ(text(reconcile(wanted, device, t0)), "R1 R2 ");
  reserve_ended(device, BookingId{1}, "", t0);
  reserve_ended(device, BookingId{2}, "Faulted", t0);
  wanted.reservations.clear();
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 1min)), "C1 ") << "a refused one is not there";
  cancel_ended(device, BookingId{1}, "", t0 + 1min);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 5min)), "C1 ");
  cancel_ended(device, BookingId{1}, "Rejected", t0 + 5min);
  EXPECT_THAT(device.reservations, IsEmpty());
}

TEST(Reconcile, WhatExpiresOrIsUsedNeedsNoCall) {
  Wanted wanted;
  Device device;
  wanted.reservations = {reservation(1), reservation(2, 2)};
  (void)reconcile(wanted, device, t0);
  reserve_ended(device, BookingId{1}, "Accepted", t0);
  reserve_ended(device, BookingId{2}, "Accepted", t0);
  reservation_used(device, 2, t0);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 30s)), "") << "the business state will know soon";
  wanted.reservations.clear();
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 1h)), "");
  EXPECT_THAT(device.reservations, IsEmpty());
}

TEST(Reconcile, StartsAndStopsAreAskedForUntilTheyAreNotWantedAnyMore) {
  Wanted wanted;
  Device device;
  wanted.starts = {{BookingId{1}, 1, AccountId{7}, t0 + 2min}};
  wanted.stops = {{SessionId{5}, {}, 2}};
  EXPECT_EQ(text(reconcile(wanted, device, t0)), "+1 -5 ");
  start_ended(device, BookingId{1}, "Rejected", t0);
  stop_ended(device, SessionId{5}, "Accepted", t0);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 15s)), "+1 ");
  start_ended(device, BookingId{1}, "Accepted", t0 + 15s);
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 60s)), "-5 ") << "accepted, and still charging";
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 3min)), "") << "too late to start";
  wanted.starts = {{BookingId{1}, 1, AccountId{7}, t0 + 6min}};
  EXPECT_EQ(text(reconcile(wanted, device, t0 + 4min)), "+1 ") << "the driver asks again";
}

// Whatever a station answers, and in whatever order things change: in the end it holds what is wanted.
TEST(Reconcile, ConvergesWhateverTheStationSays) {
  EXPECT_TRUE(rc::check([](const std::vector<uint8_t>& story) {
    Wanted wanted;
    Device device;
    std::map<uint64_t, uint16_t> held;  // the station's own truth
    Instant now = t0;
    const auto answer = [&](const Due& due, uint8_t mood) {
      const bool silent = mood % 4 == 1, refuses = mood % 4 == 2;
      if (const auto* r = std::get_if<Reserve>(&due)) {
        if (!refuses) held[r->what.booking.value] = r->what.evse;
        reserve_ended(device, r->what.booking, silent ? "" : refuses ? "Occupied" : "Accepted", now);
      } else if (const auto* c = std::get_if<CancelReservation>(&due)) {
        const bool there = held.contains(c->booking.value);
        if (!silent) held.erase(c->booking.value);
        cancel_ended(device, c->booking, silent ? "" : there ? "Accepted" : "Rejected", now);
      }
    };
    const auto go = [&](uint8_t mood) {
      for (const Due& due : reconcile(wanted, device, now)) answer(due, mood);
      now += 1min;
    };
    for (const uint8_t step : story) {
      const uint64_t booking = 1 + step % 3;
      std::erase_if(wanted.reservations, [&](const auto& r) { return r.booking.value == booking; });
      if (step & 8) wanted.reservations.push_back({BookingId{booking}, uint16_t(1 + step % 2), {}, t0 + 24h * 365});
      go(step >> 4);
    }
    for (int i = 0; i < 20; ++i) go(0);
    RC_ASSERT(held.size() == wanted.reservations.size());
    for (const auto& r : wanted.reservations) RC_ASSERT(held.at(r.booking.value) == r.evse);
  }));
}

TEST(Judge, AcceptsHolderAndOwnerAndSaysWhyNot) {
  core::World world;
  const auto bays = bays_of(world.state, world.station);
  const auto standing = [&](uint8_t card, std::optional<uint16_t> evse = std::nullopt) {
    return judge(world.state, world.station, bays, evse, {core::print_of(card), {}}, world.now);
  };
  constexpr uint8_t driver = 101, other = 102, owner = 103, nobody = 9;
  EXPECT_THAT(bays, SizeIs(2));
  EXPECT_EQ(standing(owner).standing, Standing::accepted);
  EXPECT_EQ(standing(nobody).standing, Standing::unknown);
  EXPECT_TRUE(standing(driver).walk_up.has_value());
  const BookingId booking = world.book(world.driver, world.bays[1], 0h);
  EXPECT_EQ(standing(driver).standing, Standing::accepted);
  EXPECT_EQ(standing(driver, 2).standing, Standing::accepted);
  EXPECT_EQ(standing(driver, 1).standing, Standing::elsewhere);
  EXPECT_EQ(standing(owner, 2).standing, Standing::not_now) << "the owner has shared it";
  EXPECT_EQ(standing(other, 2).standing, Standing::not_now);
  world.tell(world.start_of(1, 2, core::print_of(driver), 0));
  EXPECT_EQ(standing(driver, 1).standing, Standing::concurrent);
  EXPECT_EQ(judge(world.state, world.station, bays, 2, {{}, booking}, world.now).standing, Standing::accepted);
  EXPECT_EQ(judge(world.state, world.station, bays, 1, {{}, booking}, world.now).standing, Standing::not_now);
}

}  // namespace
}  // namespace bayward::stations

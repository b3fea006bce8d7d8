#include "bay/agent/profiles.h"

#include <gtest/gtest.h>

#include "bay/agent/announce.h"
#include "bay/agent/loads.h"

namespace bayward::bay {
namespace {

namespace v201 = ocpp::v201;
using Purpose = v201::ChargingProfilePurposeEnumType;
using Kind = v201::ChargingProfileKindEnumType;
using Unit = v201::ChargingRateUnitEnumType;

const Instant noon = from_unix_s(1'772'020'800);

ChargingProfile profile(int64_t id, Purpose purpose, int64_t level, int64_t limit, Unit unit = Unit::a) {
  ChargingProfile out;
  out.id = id;
  out.stack_level = level;
  out.charging_profile_purpose = purpose;
  out.charging_profile_kind = Kind::absolute;
  v201::ChargingScheduleType& schedule = out.charging_schedule.emplace_back();
  schedule.start_schedule = noon;
  schedule.charging_rate_unit = unit;
  schedule.charging_schedule_period.emplace_back().limit = ocpp::Decimal::of(limit);
  return out;
}
LimitContext at(Duration after_noon) {
  LimitContext out;
  out.now = noon + after_noon;
  out.rating_ma = 32'000;
  return out;
}

TEST(SmartCharging, WithoutAProfileTheRatingIsOffered) {
  EXPECT_EQ(offered_ma({}, at(0s)), 32'000);
}

TEST(SmartCharging, TheLowestPurposeAndTheHighestLevelWithinOneHold_K01) {
  const std::vector<ChargingProfile> all = {profile(1, Purpose::tx_default_profile, 0, 8),
                                            profile(2, Purpose::tx_default_profile, 5, 20),
                                            profile(3, Purpose::charging_station_max_profile, 0, 16)};
  EXPECT_EQ(offered_ma(all, at(1s)), 16'000);
}

TEST(SmartCharging, WattsAreSharedByThePhases) {
  const std::vector<ChargingProfile> all = {profile(1, Purpose::tx_default_profile, 0, 6'900, Unit::w)};
  EXPECT_EQ(offered_ma(all, at(1s)), 10'000);
}

TEST(SmartCharging, ATransactionsOwnProfileStandsForTheDefaultOne) {
  ChargingProfile own = profile(2, Purpose::tx_profile, 0, 25);
  own.transaction_id = "t";
  const std::vector<ChargingProfile> all = {profile(1, Purpose::tx_default_profile, 0, 8), own};
  LimitContext context = at(1s);
  EXPECT_EQ(offered_ma(all, context), 8'000);
  context.transaction = "t";
  context.transaction_started = noon;
  EXPECT_EQ(offered_ma(all, context), 25'000);
}

TEST(SmartCharging, DailyProfilesComeBackAndDurationsEnd_K01) {
  ChargingProfile daily = profile(1, Purpose::tx_default_profile, 0, 10);
  daily.charging_profile_kind = Kind::recurring;
  daily.recurrency_kind = v201::RecurrencyKindEnumType::daily;
  daily.charging_schedule[0].duration = 3600;
  const std::vector<ChargingProfile> all = {daily};
  EXPECT_EQ(offered_ma(all, at(48h + 30min)), 10'000);
  EXPECT_EQ(offered_ma(all, at(48h + 61min)), 32'000);
}

TEST(SmartCharging, ProfilesThatContradictThemselvesAreRefused) {
  LimitContext context = at(0s);
  ChargingProfile bad = profile(1, Purpose::tx_profile, 0, 10);
  EXPECT_TRUE(defect(bad, context).has_value());  // no transaction
  bad = profile(1, Purpose::tx_default_profile, 0, -1);
  EXPECT_TRUE(defect(bad, context).has_value());
  bad = profile(1, Purpose::tx_default_profile, 0, 1);
  bad.charging_schedule[0].start_schedule.reset();
  EXPECT_TRUE(defect(bad, context).has_value());
  EXPECT_FALSE(defect(profile(1, Purpose::tx_default_profile, 0, 1), context).has_value());
}

TEST(SmartCharging, CompositeScheduleChangesWhereTheLimitDoes_K08) {
  ChargingProfile two = profile(1, Purpose::tx_default_profile, 0, 10);
  two.charging_schedule[0].charging_schedule_period.push_back(two.charging_schedule[0].charging_schedule_period[0]);
  two.charging_schedule[0].charging_schedule_period[1].start_period = 600;
  two.charging_schedule[0].charging_schedule_period[1].limit = ocpp::Decimal::of(6);
  const auto schedule = composite(std::vector{two}, at(0s), 1200, Unit::a);
  ASSERT_EQ(schedule.charging_schedule_period.size(), 2U);
  EXPECT_EQ(schedule.charging_schedule_period[1].start_period, 600);
  EXPECT_EQ(schedule.charging_schedule_period[1].limit, ocpp::Decimal::of(6));
}

TEST(Announce, DangerIsShownBeforeEverythingElse) {
  Situation now;
  now.everybody = true;
  now.reserved_minutes = 5;
  now.message = "Special offer";
  now.message_in_front = true;
  const Signs signs = signs_of(now, Language::english);
  EXPECT_EQ(signs.lamp, (Lamp::Signal{Lamp::Colour::red, true}));
  EXPECT_TRUE(signs.urgent);
}

TEST(Announce, TheWrongCarIsToldSoInTheBaysLanguage_B3) {
  Situation now;
  now.occupied = true;
  now.reserved_minutes = 5;
  now.wrong_vehicle = true;
  EXPECT_EQ(signs_of(now, Language::english).lines.at(0), "Wrong bay. This bay is booked by somebody else.");
  EXPECT_EQ(signs_of(now, Language::chinese).lines.at(0), "停错车位，此车位已被他人预订。");
}

TEST(Loads, TheyComeBackOnlyAboveTheirLimitSoThatNothingFlickers_C8) {
  const LoadRule& lamp = load_rules[0];
  EXPECT_TRUE(load_runs(lamp, true, false, 600));
  EXPECT_FALSE(load_runs(lamp, true, false, 599));
  EXPECT_FALSE(load_runs(lamp, false, false, 640));
  EXPECT_TRUE(load_runs(lamp, false, false, 650));
  EXPECT_TRUE(load_runs(lamp, false, true, 0));
}

}  // namespace
}  // namespace bayward::bay

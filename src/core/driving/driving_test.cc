#include "core/driving/driving.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/recommend/search.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

using enum Side;

TEST(Driving, TheSideScrapedMostOftenCountsAndOfEqualsTheLast) {
  const auto prone = [](std::vector<Side> oldest_first) { return prone_side(oldest_first); };
  EXPECT_EQ(prone({}), std::nullopt);
  EXPECT_EQ(prone({right}), right);
  EXPECT_EQ(prone({left, left, right}), left);
  EXPECT_EQ(prone({left, right}), right);
  EXPECT_EQ(prone({left, right, left, right, middle}), right);
}

TEST(Driving, ThreeVisitsAndMoreThanHalfMakeAHabit) {
  const auto usual = [](std::vector<Side> parked) { return usual_part({true, {}, 0, {}, std::move(parked)}); };
  EXPECT_EQ(usual({left, left}), std::nullopt);
  EXPECT_EQ(usual({left, left, left}), left);
  EXPECT_EQ(usual({left, left, left, right, right, right}), std::nullopt);
  EXPECT_EQ(usual({right, middle, right, right}), right);
}

// A6: "The nine combinations each have a defined preference".
TEST(Driving, EachOfTheNineCombinationsHasItsOrderOfParts) {
  using Parts = std::array<Side, sides>;
  EXPECT_EQ(parts_wanted(left, left), (Parts{left, middle, right}));
  EXPECT_EQ(parts_wanted(left, middle), (Parts{middle, right, left}));
  EXPECT_EQ(parts_wanted(left, right), (Parts{right, middle, left}));
  EXPECT_EQ(parts_wanted(middle, left), (Parts{left, middle, right}));
  EXPECT_EQ(parts_wanted(middle, middle), (Parts{middle, left, right}));
  EXPECT_EQ(parts_wanted(middle, right), (Parts{right, middle, left}));
  EXPECT_EQ(parts_wanted(right, left), (Parts{left, middle, right}));
  EXPECT_EQ(parts_wanted(right, middle), (Parts{middle, left, right}));
  EXPECT_EQ(parts_wanted(right, right), (Parts{right, middle, left}));
  EXPECT_EQ(parts_wanted({}, right), (Parts{right, middle, left}));
}

class DrivingTest : public testing::Test {
 protected:
  DrivingTest() {
    (void)world.run_as(world.driver, SetDrivingConsent{world.driver, true});
    plate = world.state.account(world.driver).vehicles.front().plate;
  }
  std::string record(uint8_t reference, Duration ago = 24h) {
    return World::text(world.run(RecordAccident{plate, print_of(reference), world.now - ago}));
  }
  const DrivingRecord& driving() { return world.state.account(world.driver).driving; }

  World world;
  Fingerprint plate;
};

TEST_F(DrivingTest, OnlyTheDriverCanAgree) {
  const auto by = [&](AccountId who, const Actor::Kind kind) {
    return World::text(world.run(SetDrivingConsent{world.other, true}, {kind, who}));
  };
  EXPECT_EQ(by(world.driver, Actor::Kind::person), "not_yours");
  EXPECT_EQ(by(world.driver, Actor::Kind::staff), "not_yours");
  EXPECT_EQ(by({}, Actor::Kind::system), "not_yours");
  EXPECT_EQ(by(world.other, Actor::Kind::person), "DrivingConsentChanged");
  EXPECT_EQ(by(world.other, Actor::Kind::person), "nothing");
}

TEST_F(DrivingTest, WithoutConsentNothingIsKeptAndNobodyLearnsWhoseThePlateIs) {
  EXPECT_EQ(record(1), "AccidentRecorded");
  EXPECT_EQ(record(1), "already_exists");
  const Fingerprint of_other = world.state.account(world.other).vehicles.front().plate;
  EXPECT_EQ(World::text(world.run(RecordAccident{of_other, print_of(2), world.now})), "no_consent");
  EXPECT_EQ(World::text(world.run(RecordAccident{print_of(99), print_of(2), world.now})), "no_consent");
}

TEST_F(DrivingTest, AnAccidentOfTomorrowOrOfLongAgoIsNone) {
  EXPECT_EQ(record(1, -1h), "invalid");
  EXPECT_EQ(record(1, accident_counts_for), "invalid");
}

TEST_F(DrivingTest, ConsentWithdrawnTakesEverythingWithIt) {
  record(1);
  record(2);
  (void)world.run_as(world.driver, SetDrivingConsent{world.driver, false});
  EXPECT_EQ(world.happened(), "AccidentForgotten AccidentForgotten DrivingConsentChanged");
  EXPECT_TRUE(driving().accidents.empty());
  EXPECT_EQ(record(3), "no_consent");
  (void)world.run_as(world.driver, SetDrivingConsent{world.driver, true});
  record(4);
  // A number is never used again: its text may still be being erased.
  EXPECT_EQ(driving().accidents.front().number, 3u);
}

TEST_F(DrivingTest, AnAccidentIsForgottenWhenItsTimeIsOverAndWithItsVehicle) {
  record(1, accident_counts_for - 2h);
  record(2, accident_counts_for - 1h);
  world.advance(90min);
  ASSERT_EQ(driving().accidents.size(), 1u);
  EXPECT_EQ(driving().accidents.front().number, 1u);
  world.tell(RemoveVehicle{world.state.account(world.driver).vehicles.front().id});
  EXPECT_TRUE(driving().accidents.empty());
}

TEST_F(DrivingTest, SoManyAccidentsAreKeptAndTheOldestGoes) {
  for (uint8_t i = 0; i < limits::accidents_kept + 2; ++i) record(static_cast<uint8_t>(i + 1), (20 - i) * 24h);
  EXPECT_EQ(driving().accidents.size(), limits::accidents_kept);
  EXPECT_EQ(driving().accidents.front().number, 3u);
}

TEST_F(DrivingTest, ExpiryAndRecordsAreTheSameAfterASnapshot) {
  record(1, accident_counts_for - 2h);
  const std::string bytes = world.state.save();
  State again;
  ASSERT_TRUE(again.load(bytes));
  EXPECT_EQ(again.save(), bytes);
  EXPECT_EQ(again.account(world.driver).driving, driving());
}

TEST_F(DrivingTest, WhereVisitsEndBecomesAHabitOnlyWithConsent) {
  for (int i = 0; i < 3; ++i) {
    world.arrive(world.book(world.driver, world.bays[0], 0min, 15min));
    world.vacate(world.bays[0]);
    world.arrive(world.book(world.other, world.bays[1], 0min, 15min));
    world.vacate(world.bays[1]);
    world.advance(1h);
  }
  EXPECT_EQ(usual_part(driving()), world.the_site().map.part(0));
  EXPECT_TRUE(world.state.account(world.other).driving.parked.empty());
}

// A garage of nine bays in a row across, 5 m apart, the destination at its entrance.
class Ranked : public testing::Test {
 protected:
  Ranked() {
    garage = SiteId{world.make(DefineSite{
        "Garage", {52'600'000, 13'405'000}, World::euro(), tariff_examples::berlin(), SiteRules{}, world.community})};
    world.make(PublishTariff{garage, World::tariff(), true});
    for (int i = 0; i < 9; ++i) {
      BayInfo info;
      info.label = std::to_string(i);
      info.owner = world.owner;
      info.east_dm = (i - 4) * 50;
      info.north_dm = 200;
      info.clear = i % 3 == 0 ? bit(left) : i % 3 == 1 ? bit(right) : SideSet{0};
      world.publish(BayId{world.make(DefineBay{garage, info})}, 0, 1440);
    }
  }
  std::vector<Offer> search(const DrivingHabits& habits, SearchOrder order = SearchOrder::nearest) {
    SearchRequest request;
    request.destination = {52'600'000, 13'405'000};
    request.wish.span = {world.now + 24h, world.now + 25h};
    request.radius_m = 100;
    request.results_max = 4;
    request.habits = habits;
    request.order = order;
    return core::search(world.state, request, world.now);
  }
  std::string labels(const std::vector<Offer>& offers) {
    std::string out;
    for (const Offer& offer : offers) out += world.state.site(garage).bay(offer.bay).info.label;
    return out;
  }
  static bool has(const Offer& offer, RankReason reason) {
    return std::find(offer.reasons.begin(), offer.reasons.end(), reason) != offer.reasons.end();
  }

  World world;
  SiteId garage;
};

TEST_F(Ranked, WithoutHabitsTheNearestComesFirst) {
  EXPECT_EQ(labels(search({})), "4352");
}

TEST_F(Ranked, ADriverWhoScrapesTheLeftGetsBaysWithRoomOnTheLeft) {
  for (const SearchOrder order : {SearchOrder::nearest, SearchOrder::cheapest}) {
    const auto offers = search({left, {}}, order);
    EXPECT_EQ(labels(offers), "3604");
    EXPECT_TRUE(has(offers[0], RankReason::clear_side));
    EXPECT_FALSE(has(offers[3], RankReason::clear_side));
  }
}

TEST_F(Ranked, TheUsualPartComesFirstThenTheOneAwayFromTheScrapedSide) {
  const BayMap& map = world.state.site(garage).map;
  EXPECT_EQ(map.part(0), left);
  EXPECT_EQ(map.part(4), middle);
  EXPECT_EQ(map.part(8), right);
  const auto offers = search({std::nullopt, right});
  EXPECT_EQ(map.part(Site::index(offers.front().bay)), right);
  EXPECT_TRUE(has(offers.front(), RankReason::usual_part));
  // 3 and 6 have room on the left; 6 lies to the right.
  EXPECT_EQ(labels(search({left, middle})).substr(0, 2), "36");
  EXPECT_EQ(labels(search({left, right})).substr(0, 1), "6");
}

}  // namespace
}  // namespace bayward::core

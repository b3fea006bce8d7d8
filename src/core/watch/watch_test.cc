#include "core/watch/watch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "core/world_for_test.h"

namespace bayward::core {
namespace {

// Of number 9: the plate 9; `alike` is what it looks like, `bare` what is left of it.
PlatePrints prints(uint8_t exact, uint8_t alike = 0, uint8_t bare = 0, bool province = true) {
  const uint8_t second = alike != 0 ? alike : exact;
  return {print_of(exact), print_of(second), print_of(bare != 0 ? bare : second), province};
}

class Watch : public testing::Test {
 protected:
  WatchOrderId place(uint8_t reference, std::vector<PlatePrints> plates, Duration begins = Duration{0},
                     Duration lasts = 24h) {
    PlaceWatchOrder order{print_of(reference), world.now + begins, world.now + begins + lasts, std::move(plates)};
    return WatchOrderId{world.make(order)};
  }
  void read(BayId bay, const PlatePrints& plate) {
    world.tell(IdentifyVehicle{bay, IdentityVia::plate, plate.exact, {}, world.now, plate});
  }
  std::vector<const Incident*> hits() const {
    std::vector<const Incident*> out;
    world.the_site().incidents.for_each([&](const Incident& one) {
      if (one.kind == IncidentKind::watch_list) out.push_back(&one);
    });
    return out;
  }
  DeliveryId owed(const Incident& incident) const { return world.the_site().deliveries_of(incident.id).front(); }
  size_t look_ups() const {
    return static_cast<size_t>(std::count_if(world.events.begin(), world.events.end(), [](const Event& event) {
      return std::holds_alternative<PlateLookedUp>(event);
    }));
  }

  World world;
};

TEST_F(Watch, B5EveryPlateThatIsReadIsLookedUpAndAHitIsToldToThePoliceAlone) {
  const WatchOrderId order = place(50, {prints(9)});
  read(world.bays[2], prints(8));
  EXPECT_EQ(look_ups(), 1U) << "on record though it is nobody's";
  EXPECT_TRUE(hits().empty());
  read(world.bays[1], prints(9));
  ASSERT_EQ(hits().size(), 1U);
  EXPECT_EQ(hits()[0]->hits, (std::vector<WatchHit>{{order, 100}}));
  EXPECT_EQ(hits()[0]->vehicle, print_of(9));
  const Delivery& delivery = world.the_site().deliveries.get(owed(*hits()[0]));
  EXPECT_EQ(delivery.to.party, Party::police_desk);
}

TEST_F(Watch, ANearMatchIsToldWithItsScoreAndAnotherProvinceIsOnRecordOnly) {
  place(50, {prints(9, 19, 29)});
  read(world.bays[0], prints(10, 19, 29));
  ASSERT_EQ(hits().size(), 1U);
  EXPECT_EQ(hits()[0]->hits[0].score, 90);
  read(world.bays[1], prints(11, 21, 29));
  EXPECT_EQ(hits().size(), 1U);
  read(world.bays[2], prints(12, 22, 29, false));
  ASSERT_EQ(hits().size(), 2U);
  EXPECT_EQ(hits()[1]->hits[0].score, 80);
}

TEST_F(Watch, TheSameReadingIsOneLookUpUntilTheOrdersChange) {
  place(50, {prints(9)});
  read(world.bays[0], prints(9));
  read(world.bays[0], prints(9));
  EXPECT_EQ(look_ups(), 0U);
  place(51, {prints(7)});
  read(world.bays[0], prints(9));
  EXPECT_EQ(look_ups(), 1U);
  EXPECT_EQ(hits().size(), 1U) << "told once";
}

TEST_F(Watch, ACarThatStandsThereAlreadyIsFoundByANewOrderAndByOneThatBegins) {
  read(world.bays[0], prints(9));
  place(50, {prints(9)});
  EXPECT_EQ(hits().size(), 1U);
  place(51, {prints(9)}, 1h);
  EXPECT_EQ(hits().size(), 1U);
  world.advance(1h);
  EXPECT_EQ(hits().size(), 2U);
  world.tell(RecordOccupancy{world.bays[0], true, world.now});
  world.vacate(world.bays[0]);
  place(52, {prints(9)});
  EXPECT_EQ(hits().size(), 2U) << "it has left";
}

TEST_F(Watch, AnOrderThatIsWithdrawnExpiredOrReplacedFindsNothingMore) {
  place(50, {prints(9)});
  world.tell(WithdrawWatchOrder{print_of(50)});
  read(world.bays[0], prints(9));
  EXPECT_TRUE(hits().empty());
  EXPECT_TRUE(world.run(WithdrawWatchOrder{print_of(50)}).ok()) << "safe to repeat";
  place(51, {prints(7)}, Duration{0}, 1h);
  world.advance(1h);
  EXPECT_EQ(world.state.watch_book.orders(), 0U);
  place(52, {prints(6)});
  place(52, {prints(5)});
  EXPECT_EQ(world.state.watch_book.orders(), 1U);
  read(world.bays[1], prints(6));
  EXPECT_TRUE(hits().empty());
  EXPECT_EQ(world.run(PlaceWatchOrder{print_of(53), world.now - 2h, world.now - 1h, {}}).error(), Refusal::in_the_past);
}

TEST_F(Watch, AHitIsTriedUntilThePoliceKnowOfItHoweverLongAndThoughTheCarHasLeft) {
  place(50, {prints(9), prints(8)});
  world.tell(RecordOccupancy{world.bays[0], true, world.now});
  read(world.bays[0], prints(9));
  world.vacate(world.bays[0]);
  world.tell(RecordOccupancy{world.bays[0], true, world.now});
  read(world.bays[0], prints(8));
  ASSERT_EQ(hits().size(), 2U) << "the next car's hit doesn't take the place of the first";
  world.advance(23h);
  for (const Incident* hit : hits()) EXPECT_TRUE(world.the_site().deliveries.get(owed(*hit)).pending());
  world.tell(RecordDelivery{owed(*hits()[0]), DeliveryState::delivered});
  ASSERT_EQ(hits().size(), 1U);
  EXPECT_EQ(hits()[0]->vehicle, print_of(8));
}

TEST_F(Watch, NobodyAtTheSiteSeesClosesOrSilencesAHit) {
  const Actor staff{Actor::Kind::staff, AccountId{1}};
  Suppression all;
  all.until = world.now + 1h;
  all.reason = "drill";
  ASSERT_TRUE(world.run(SuppressAlarms{world.site, all}, staff).ok());
  place(50, {prints(9)});
  read(world.bays[0], prints(9));
  ASSERT_EQ(hits().size(), 1U);
  EXPECT_FALSE(hits()[0]->suppressed);
  const IncidentId id = hits()[0]->id;
  EXPECT_EQ(world.run(CloseIncident{id}, staff).error(), Refusal::unknown_thing);
  EXPECT_EQ(world.run(AcknowledgeIncident{id}, staff).error(), Refusal::unknown_thing);
  EXPECT_EQ(world.run(AssignIncident{id, AccountId{1}}, staff).error(), Refusal::unknown_thing);
}

TEST_F(Watch, HundredThousandPlatesComeInPartsAndAreFoundAtOnce) {
  const WatchOrderId order = place(50, {});
  const auto numbered = [](uint32_t number) {
    PlatePrints out = prints(1);
    for (Fingerprint* print : {&out.exact, &out.alike, &out.bare}) std::memcpy(print->bytes.data(), &number, 4);
    return out;
  };
  for (uint32_t part = 0; part < 100; ++part) {
    AddWatchPlates more{order, {}};
    for (uint32_t i = 0; i < 1000; ++i) more.plates.push_back(numbered(1'000'000 + part * 1000 + i));
    ASSERT_TRUE(world.run(more).ok());
  }
  EXPECT_EQ(world.state.watch_book.plates(), 100'000U);
  read(world.bays[0], numbered(1'077'777));
  EXPECT_EQ(hits().size(), 1U);
  AddWatchPlates too_many{order, std::vector<PlatePrints>(limits::watch_plates_together + 1, prints(1))};
  EXPECT_EQ(world.run(too_many).error(), Refusal::limit_reached);
  EXPECT_EQ(world.run(AddWatchPlates{order, {PlatePrints{}}}).error(), Refusal::invalid);
  State copy;
  ASSERT_TRUE(copy.load(world.state.save()));
  EXPECT_EQ(copy.watch_book.look_up(numbered(1'000'001)).size(), 1U);
  world.tell(WithdrawWatchOrder{print_of(50)});
  EXPECT_EQ(world.state.watch_book.plates(), 0U);
}

// Whatever comes in whatever order: the book finds what a list searched from end to end finds, and what is saved is
// what is loaded.
RC_GTEST_PROP(WatchBook, FindsWhatAListFinds, ()) {
  World world;
  const auto steps = *rc::gen::container<std::vector<uint32_t>>(60, rc::gen::arbitrary<uint32_t>());
  for (const uint32_t step : steps) {
    const auto plate = static_cast<uint8_t>(1 + step / 8 % 12);
    const auto reference = static_cast<uint8_t>(50 + step / 128 % 4);
    const PlatePrints some =
        prints(plate, static_cast<uint8_t>(20 + plate / 2), static_cast<uint8_t>(40 + plate / 4), step / 1024 % 2 == 0);
    switch (step % 6) {
      case 0:
      case 1:
        world.tell(PlaceWatchOrder{
            print_of(reference), world.now + std::chrono::hours{step / 2048 % 3}, world.now + 5h, {some}});
        break;
      case 2:
        world.tell(WithdrawWatchOrder{print_of(reference)});
        break;
      case 3:
        world.advance(std::chrono::minutes{step / 2048 % 200});
        break;
      default:
        world.tell(LookUpPlate{world.bays[step % 4], some, world.now});
    }
    size_t expected = 0;
    world.state.watch_book.for_each([&](const WatchOrder& order) {
      const auto meets = [&](const PlatePrints& wanted) { return score(some, wanted) > 0; };
      if (order.in_force && std::any_of(order.plates.begin(), order.plates.end(), meets)) ++expected;
    });
    RC_ASSERT(world.state.watch_book.look_up(some).size() == expected);
  }
  State copy;
  RC_ASSERT(copy.load(world.state.save()));
  RC_ASSERT(copy.save() == world.state.save());
  RC_ASSERT(copy.standing == world.state.standing);
}

}  // namespace
}  // namespace bayward::core

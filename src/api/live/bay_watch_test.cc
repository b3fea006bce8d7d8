#include "api/live/bay_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "api/views/views.h"
#include "core/world_for_test.h"

namespace bayward::api {
namespace {

using core::World;
using testing::ElementsAre;
using testing::IsEmpty;

class BayWatchTest : public testing::Test {
 protected:
  BayWatchTest() { live.load(world.state); }

  World world;
  LiveIndex live;
  BayWatch watch{live};
};

TEST_F(BayWatchTest, WhatWasTouchedIsDueOnceAndAtMostSoManyAtATime) {
  watch.touch({world.bays[0], world.bays[1], world.bays[0]});
  EXPECT_EQ(watch.take_due(world.now, 1).size(), 1u);
  EXPECT_EQ(watch.take_due(world.now, 9).size(), 1u);
  EXPECT_THAT(watch.take_due(world.now, 9), IsEmpty());
}

TEST_F(BayWatchTest, ABayIsDueWhenWhatWasSeenNoLongerHoldsAndNotBefore) {
  watch.tell(world.bays[0], "free", world.now + 1h);
  watch.tell(world.bays[1], "free", far_future);
  EXPECT_EQ(watch.next_due(), world.now + 1h);
  EXPECT_THAT(watch.take_due(world.now + 1h - 1ms, 9), IsEmpty());
  EXPECT_THAT(watch.take_due(world.now + 1h, 9), ElementsAre(world.bays[0]));
  EXPECT_EQ(watch.next_due(), std::nullopt);
}

TEST_F(BayWatchTest, ALaterLookTakesThePlaceOfAnEarlierOne) {
  watch.tell(world.bays[0], "free", world.now + 1h);
  watch.tell(world.bays[0], "held", world.now + 2h);
  EXPECT_EQ(watch.next_due(), world.now + 2h);
}

TEST_F(BayWatchTest, OnlyWhatHasChangedIsNews) {
  EXPECT_TRUE(watch.tell(world.bays[0], "free", far_future));
  EXPECT_FALSE(watch.tell(world.bays[0], "free", far_future));
  EXPECT_TRUE(watch.tell(world.bays[0], "held", far_future));
}

TEST_F(BayWatchTest, AllBaysAreTakenBitByBitEachOnce) {
  const SiteId other{world.make(core::DefineSite{"Other", {}, World::euro(), {}, {}, world.community})};
  core::BayInfo info;
  info.label = "far";
  info.owner = world.owner;
  world.make(core::DefineBay{other, info});
  LiveIndex index;
  index.load(world.state);
  BayWatch all(index);
  all.touch_all();
  std::vector<BayId> seen;
  for (int i = 0; i < 9; ++i) {
    const std::vector<BayId> some = all.take_due(world.now, 2);
    EXPECT_LE(some.size(), 2u);
    seen.insert(seen.end(), some.begin(), some.end());
  }
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 5u);
  EXPECT_EQ(all.next_due(), std::nullopt);
  all.touch_all_of(world.site);
  EXPECT_EQ(all.take_due(world.now, 99).size(), 4u);
}

TEST_F(BayWatchTest, WhenTheClockGoesBackEverythingIsLookedAtAgain) {
  EXPECT_THAT(watch.take_due(world.now, 99), IsEmpty());
  EXPECT_THAT(watch.take_due(world.now - 2h, 99), testing::SizeIs(4));
}

// What must not change before the view says so.
std::string essence(const BayView& view, Instant open_ended) {
  std::string out = std::string(core::to_text(view.state));
  const auto add = [&](const auto& at) { out += at ? " " + to_rfc3339(*at) : " -"; };
  add(view.free_from);
  view.free_until&&* view.free_until >= open_ended ? out += " open-ended" : (add(view.free_until), out);
  return out;
}

TEST(BayView, HoldsUntilItSaysWhenNothingHappens) {
  EXPECT_TRUE(rc::check([] {
    World world;
    const BayId bay = world.add_bay(7);
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      const int start = *rc::gen::inRange(0, 95);
      const int end = *rc::gen::inRange(start + 1, 97);
      (void)world.publish(bay, static_cast<int16_t>(start * 15), static_cast<int16_t>(end * 15));
    }
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      const Duration in = *rc::gen::inRange(0, 100) * 15min;
      world.tell(world.wish(world.driver, bay, world.now + in, *rc::gen::inRange(1, 9) * 15min));
    }
    const core::Site& site = world.the_site();
    Instant at = world.now + *rc::gen::inRange(0, 1440) * 1min;
    for (int i = 0; i < 5; ++i) {
      const BayView seen = view_of(site, *site.bay(bay), at);
      const Instant until = std::min(holds_until(site, seen, at), at + 24h);
      RC_ASSERT(until > at);
      const Instant open_ended = at + 47h;
      for (const Instant later : {at + (until - at) / 2, until - 1ms}) {
        RC_ASSERT(essence(view_of(site, *site.bay(bay), later), open_ended) == essence(seen, open_ended));
      }
      at = until;
    }
  }));
}

}  // namespace
}  // namespace bayward::api

#include "site/occupancy/reference_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <opencv2/imgproc.hpp>
#include <string>

#include "base/prng.h"
#include "site/occupancy/testing/rendered_bay.h"

namespace bayward::site {
namespace {

constexpr BayId bay{7};

struct Tally {
  int empty = 0;
  int occupied = 0;
  int unsure = 0;
  void add(const Verdict& verdict) {
    if (verdict.occupancy == Occupancy::empty) ++empty;
    if (verdict.occupancy == Occupancy::occupied) ++occupied;
    if (verdict.occupancy == Occupancy::unsure) ++unsure;
  }
};

// `scene` changes what is rendered for each of 60 gardens of bays.
template <class Change>
Tally tally(Change change) {
  Tally out;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    RenderedBay scene{.floor_seed = seed, .noise_seed = seed};
    ReferenceDetector detector;
    EXPECT_TRUE(detector.learn(bay, render(scene)));
    Prng prng(seed * 977);
    scene.noise_seed = seed + 1000;
    change(scene, prng);
    const cv::Mat patch = render(scene);
    out.add(detector.look(bay, patch));
    if (std::getenv("GARAGE_SHOW") != nullptr) {
      const Witnesses seen = compare(*detector.reference(bay), patch);
      std::cout << seed << " blocks " << seen.changed_blocks_e4 << " edges " << seen.new_edges_e4 << "\n";
    }
  }
  return out;
}

TEST(ReferenceDetector, TheSameEmptyBayIsEmpty) {
  const Tally seen = tally([](RenderedBay&, Prng&) {});
  EXPECT_EQ(seen.empty, 60);
}

TEST(ReferenceDetector, LightWithinTheStatedLimitsChangesNothing) {
  const Tally seen = tally([](RenderedBay& scene, Prng& prng) { scene.light = 0.35 + 1.35 * prng.uniform(); });
  EXPECT_EQ(seen.occupied, 0);
  EXPECT_GE(seen.empty, 57);
}

TEST(ReferenceDetector, AHardShadowIsNoCar) {
  const Tally seen = tally([](RenderedBay& scene, Prng& prng) {
    scene.shadow = 0.45 + 0.3 * prng.uniform();
    scene.shadow_from = 0.2 + 0.6 * prng.uniform();
    scene.shadow_slope = prng.uniform() - 0.5;
    scene.light = 0.7 + 0.6 * prng.uniform();
  });
  EXPECT_EQ(seen.occupied, 0);
  EXPECT_GE(seen.empty, 50);
}

TEST(ReferenceDetector, ACarOfAnyColourIsSeenInAnyLight) {
  const Tally seen = tally([](RenderedBay& scene, Prng& prng) {
    scene.car = true;
    scene.car_colour = {40 + 200 * prng.uniform(), 40 + 200 * prng.uniform(), 40 + 200 * prng.uniform()};
    scene.car_offset_px = prng.between(-8, 8);
    scene.light = 0.45 + 1.0 * prng.uniform();
  });
  EXPECT_EQ(seen.empty, 0);
  EXPECT_GE(seen.occupied, 55);
}

TEST(ReferenceDetector, AGreyCarOnAGreyFloorIsNeverCalledEmpty) {
  const Tally seen = tally([](RenderedBay& scene, Prng& prng) {
    scene.car = true;
    const double grey = 90 + 30 * prng.uniform();
    scene.car_colour = {grey, grey, grey};
    scene.light = 0.5 + prng.uniform();
    scene.shadow = 0.6;
    scene.shadow_from = prng.uniform();
  });
  EXPECT_EQ(seen.empty, 0);
  EXPECT_GE(seen.occupied, 50);
}

TEST(ReferenceDetector, ASmallThingIsNotCalledACar) {
  const Tally seen = tally([](RenderedBay& scene, Prng&) { scene.box = true; });
  EXPECT_EQ(seen.occupied, 0);
}

TEST(ReferenceDetector, UnreadablePicturesAreUnsureWithTheReason) {
  ReferenceDetector detector;
  const cv::Mat empty = render({});
  EXPECT_EQ(detector.look(bay, empty).doubt, Doubt::no_reference);
  ASSERT_TRUE(detector.learn(bay, empty));
  EXPECT_EQ(detector.look(bay, render({.light = 0.05})).doubt, Doubt::too_dark);
  const cv::Mat grey(empty.size(), CV_8UC3, cv::Scalar::all(128));
  EXPECT_EQ(detector.look(bay, grey).doubt, Doubt::blank);
  const cv::Mat white(empty.size(), CV_8UC3, cv::Scalar::all(255));
  EXPECT_EQ(detector.look(bay, white).doubt, Doubt::too_bright);
  EXPECT_FALSE(detector.learn(bay, grey)) << "a covered camera must not become the reference";
}

TEST(ReferenceDetector, TheReferenceFollowsSlowChangeButNeverACar) {
  ReferenceDetector detector;
  RenderedBay scene{.floor_seed = 3};
  ASSERT_TRUE(detector.learn(bay, render(scene)));
  const cv::Mat first = detector.reference(bay)->clone();
  scene.car = true;
  detector.follow(bay, render(scene));
  EXPECT_EQ(cv::norm(first, *detector.reference(bay), cv::NORM_INF), 0.0);

  scene.car = false;
  // A stain that grows: each day a little, in the end far from the first day.
  for (int day = 1; day <= 60; ++day) {
    scene.stain = day / 60.0;
    scene.noise_seed = static_cast<uint64_t>(day);
    const cv::Mat patch = render(scene);
    EXPECT_EQ(detector.look(bay, patch).occupancy, Occupancy::empty) << "day " << day;
    detector.follow(bay, patch);
  }
  EXPECT_GT(cv::norm(first, *detector.reference(bay), cv::NORM_INF), 10.0);
  const cv::Mat today = render(scene);
  EXPECT_LE(compare(*detector.reference(bay), today).changed_blocks_e4, compare(first, today).changed_blocks_e4);
}

}  // namespace
}  // namespace bayward::site

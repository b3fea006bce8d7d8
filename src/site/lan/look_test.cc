#include "site/lan/look.h"

#include <gtest/gtest.h>

#include "site/lan/testing/garage_fakes.h"
#include "site/occupancy/reference_detector.h"
#include "site/occupancy/testing/rendered_bay.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);

BayState bay(uint64_t id, BayDoing doing) {
  return {.bay = BayId{id}, .label = "A-" + std::to_string(id), .doing = doing};
}
PictureBytes shot(const RenderedBay& scene) {
  return encode_jpeg(render(scene), 960);
}

TEST(Look, OnlyCamerasOfIdleBaysAreAskedAndEachOnce) {
  const BayCameras cameras{
      {BayId{1}, {"north", {}}}, {BayId{2}, {"north", {}}}, {BayId{3}, {"south", {}}}, {BayId{4}, {"west", {}}}};
  const Look look(
      {bay(1, BayDoing::idle), bay(2, BayDoing::idle), bay(3, BayDoing::charging), bay(4, BayDoing::unknown)}, cameras,
      start + 3s);
  EXPECT_EQ(look.cameras(), std::vector<std::string>{"north"});
}

TEST(Look, IsCompleteWhenAllAnsweredOrTheTimeIsOver) {
  const BayCameras cameras{{BayId{1}, {"north", {}}}, {BayId{2}, {"south", {}}}};
  Look look({bay(1, BayDoing::idle), bay(2, BayDoing::idle)}, cameras, start + 3s);
  look.took("north", PictureBytes("x"));
  look.took("nowhere", PictureBytes("x"));
  EXPECT_FALSE(look.complete(start));
  EXPECT_TRUE(look.complete(start + 3s));
  look.took("south", fail("no route to host"));
  EXPECT_TRUE(look.complete(start));
}

TEST(Look, BaysAreOfferedByWhatWasSeen) {
  const BayCameras cameras{{BayId{1}, {"taken", {}}},
                           {BayId{2}, {"gone", {}}},
                           {BayId{3}, {"empty", {}}},
                           {BayId{4}, {"broken", {}}},
                           {BayId{5}, {"new", {}}}};
  ReferenceDetector detector;
  for (uint64_t id = 1; id <= 4; ++id) ASSERT_TRUE(detector.learn(BayId{id}, render({})));
  std::vector<BayState> states;
  for (uint64_t id = 1; id <= 6; ++id) states.push_back(bay(id, BayDoing::idle));
  states.push_back(bay(7, BayDoing::charging));
  Look look(states, cameras, start + 3s);
  look.took("taken", shot({.car = true}));
  look.took("empty", shot({.noise_seed = 9}));
  look.took("broken", PictureBytes("nonsense"));
  look.took("new", shot({}));

  const Judged judged = judge(look, cameras, detector, start + 3s);
  ASSERT_EQ(judged.looked.bays.size(), 6U);
  EXPECT_EQ(judged.looked.bays[0].state.bay, BayId{3});
  EXPECT_EQ(judged.looked.bays[0].offer, Offer::seen_free);
  EXPECT_EQ(judged.looked.bays[1].reason, "the camera did not answer in time");
  EXPECT_EQ(judged.looked.bays[2].reason, "the picture is neither JPEG nor PNG");
  EXPECT_EQ(judged.looked.bays[3].reason, "no camera looks at this bay");
  EXPECT_EQ(judged.looked.bays[4].verdict.doubt, Doubt::no_reference);
  EXPECT_EQ(judged.looked.bays[5].offer, Offer::seen_taken);
  EXPECT_EQ(judged.looked.others.size(), 1U);
  EXPECT_EQ(judged.looked.pictures.size(), 3U) << "the taken, the empty and the new one";
  EXPECT_EQ(judged.looked.cameras_gone.size(), 2U);
}

TEST(Look, TheFirstReferenceComesFromABayWhoseOwnSensorSaysEmpty) {
  const BayCameras cameras{{BayId{1}, {"one", {}}}, {BayId{2}, {"two", {}}}};
  std::vector<BayState> states{bay(1, BayDoing::idle), bay(2, BayDoing::idle)};
  states[0].sensed_vehicle = false;
  Look look(states, cameras, start + 3s);
  look.took("one", shot({}));
  look.took("two", shot({}));
  ReferenceDetector detector;
  const Judged judged = judge(look, cameras, detector, start);
  EXPECT_EQ(judged.learnt, std::vector<BayId>{BayId{1}});
  EXPECT_NE(detector.reference(BayId{1}), nullptr);
  EXPECT_EQ(detector.reference(BayId{2}), nullptr) << "nobody said that it is empty";
}

}  // namespace
}  // namespace bayward::site

#include "sim/picture/bay_picture.h"

#include <gtest/gtest.h>

#include "site/occupancy/reference_detector.h"

namespace bayward::picture {
namespace {

cv::Mat patch_of(const BayScene& scene) {
  const auto picture = site::decode_picture(draw_bay(scene));
  EXPECT_TRUE(picture.ok());
  return site::bay_patch(*picture, bay_view());
}

BayScene scene_of(const std::string& label, const char* plate, uint64_t moment, double light = 1) {
  BayScene scene{label, std::nullopt, light, 0, moment};
  if (plate) scene.car = look_of(plate);
  return scene;
}

TEST(BayPicture, IsAPictureOfItsSizeAndTheSameForTheSameScene) {
  const BayScene scene = scene_of("B12", "M-AN 1001", 4);
  const PictureBytes bytes = draw_bay(scene);
  const auto size = site::picture_size(bytes);
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(size->width_px, picture_width_px);
  EXPECT_EQ(size->height_px, picture_height_px);
  EXPECT_EQ(bytes, draw_bay(scene));
  EXPECT_NE(bytes, draw_bay(scene_of("B12", "M-AN 1001", 5)));
}

TEST(BayPicture, TheBaysPlaceInItIsAViewThatCanBeUsed) {
  EXPECT_TRUE(site::check_view(bay_view()).ok());
}

TEST(BayPicture, TheGaragesOwnDetectorTellsCarsFromEmptyBaysInIt) {
  for (const char* label : {"A01", "A17", "B12"}) {
    site::ReferenceDetector detector;
    const BayId bay{1};
    ASSERT_TRUE(detector.learn(bay, patch_of(scene_of(label, nullptr, 1))));
    for (const double light : {0.6, 1.0}) {
      for (uint64_t moment = 2; moment < 4; ++moment) {
        EXPECT_EQ(detector.look(bay, patch_of(scene_of(label, nullptr, moment, light))).occupancy,
                  site::Occupancy::empty);
        for (const char* plate : {"M-AN 1001", "M-AN 1002", "京AD12345", "沪A12345", "7ABC123"}) {
          EXPECT_EQ(detector.look(bay, patch_of(scene_of(label, plate, moment, light))).occupancy,
                    site::Occupancy::occupied)
              << label << ' ' << plate << ' ' << light;
        }
      }
    }
  }
}

TEST(BayPicture, InTheDarkTheDetectorDoesNotPretend) {
  site::ReferenceDetector detector;
  ASSERT_TRUE(detector.learn(BayId{1}, patch_of(scene_of("A01", nullptr, 1))));
  EXPECT_EQ(detector.look(BayId{1}, patch_of(scene_of("A01", "M-AN 1001", 2, 0.04))).occupancy,
            site::Occupancy::unsure);
}

TEST(Plates, AreKnownByTheWayTheyRead) {
  EXPECT_EQ(style_of("京A·D12345"), PlateStyle::china_green);
  EXPECT_EQ(style_of("沪A·12345"), PlateStyle::china_blue);
  EXPECT_EQ(style_of("M-AN 1001"), PlateStyle::europe);
  EXPECT_EQ(style_of("7ABC123"), PlateStyle::united_states);
  for (const char* text : {"", "京", "京A", "M", "9", "X\xff"}) {
    EXPECT_FALSE(draw_plate(text, style_of(text)).empty());
  }
}

}  // namespace
}  // namespace bayward::picture

#include "site/lan/picture_place.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <opencv2/core.hpp>
#include <set>

#include "site/access/keyed.h"
#include "site/occupancy/picture.h"

namespace bayward::site {
namespace {

constexpr Place garage{481'351'253, 115'819'806};
const std::string id = "00112233445566778899aabbccddeeff";

PictureBytes grey() {
  return encode_jpeg(cv::Mat(48, 64, CV_8UC3, cv::Scalar(90, 120, 200)), 960);
}

TEST(PicturePlace, OnlyTheSecretGivesThePlaceBack) {
  EXPECT_TRUE(rc::check("shift and back is exact on the whole globe", [] {
    const Place place{static_cast<int32_t>(*rc::gen::inRange(-900'000'000, 900'000'001)),
                      static_cast<int32_t>(*rc::gen::inRange(-1'800'000'000, 1'800'000'000))};
    const auto secret = *rc::gen::string<std::string>();
    const auto picture = *rc::gen::string<std::string>();
    const Place shifted = shift_place(place, secret, picture);
    RC_ASSERT(valid_place(shifted));
    RC_ASSERT(unshift_place(shifted, secret, picture) == place);
    RC_ASSERT(!(unshift_place(shifted, secret + "x", picture) == place));
  }));
}

TEST(PicturePlace, ALeakedPictureDoesNotTellWhere) {
  // Shifted places of one true place: spread over the whole circle, none twice, the mean far from any hint.
  int quarters[4] = {};
  std::set<int32_t> seen;
  for (int i = 0; i < 4000; ++i) {
    const Place shifted = shift_place(garage, "one secret", std::to_string(i));
    ++quarters[(int64_t{shifted.longitude_e7} + 1'800'000'000) / 900'000'000];
    seen.insert(shifted.latitude_e7);
  }
  for (const int quarter : quarters) EXPECT_NEAR(quarter, 1000, 120);
  EXPECT_GT(seen.size(), 3990U);
}

TEST(PicturePlace, TheWrittenPictureReadsBackExactly) {
  prepare_picture_places();
  for (const Place place : {garage, Place{-338'567'844, 1'512'152'967}, Place{0, -1'800'000'000}}) {
    const Result<PictureBytes> out = with_place(grey(), place, "secret", id);
    ASSERT_TRUE(out.ok()) << out.error().message;
    const Result<WrittenPlace> in = read_place(*out);
    ASSERT_TRUE(in.ok()) << in.error().message;
    EXPECT_EQ(in->picture_id, id);
    EXPECT_EQ(unshift_place(in->shifted, "secret", in->picture_id), place);
    EXPECT_NE(unshift_place(in->shifted, "another", in->picture_id), place);
    EXPECT_TRUE(decode_picture(*out).ok());
  }
}

TEST(PicturePlace, PicturesWithoutAPlaceGetAPlainAnswer) {
  prepare_picture_places();
  EXPECT_EQ(read_place(grey()).error().message, "the picture says no place");
  EXPECT_FALSE(read_place("nonsense").ok());
}

// The judge is not ours: the exiv2 program reads the coordinates, as degrees, minutes and seconds.
TEST(PicturePlace, Exiv2TheProgramReadsTheSamePlace) {
  if (std::system("command -v exiv2 >/dev/null 2>&1") != 0) GTEST_SKIP() << "exiv2 is not installed";
  prepare_picture_places();
  const std::string file = ::testing::TempDir() + "bayward_place_" + random_token() + ".jpg";
  const Result<PictureBytes> out = with_place(grey(), garage, "secret", id);
  ASSERT_TRUE(out.ok());
  std::ofstream(file, std::ios::binary) << *out;
  FILE* pipe = popen(("exiv2 -Pkv -g GPSLatitude -g ImageUniqueID " + file).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said(4096, '\0');
  said.resize(fread(said.data(), 1, said.size(), pipe));
  pclose(pipe);
  std::remove(file.c_str());
  const Place shifted = shift_place(garage, "secret", id);
  const int64_t whole = std::abs(int64_t{shifted.latitude_e7});
  EXPECT_NE(said.find(std::to_string(whole / 10'000'000) + "/1 "), std::string::npos) << said;
  EXPECT_NE(said.find(shifted.latitude_e7 < 0 ? "S" : "N"), std::string::npos) << said;
  EXPECT_NE(said.find(id), std::string::npos) << said;
  EXPECT_EQ(said.find("48/1 8/1"), std::string::npos) << "the true place must not be there";
}

}  // namespace
}  // namespace bayward::site

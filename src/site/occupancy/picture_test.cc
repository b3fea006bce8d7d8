#include "site/occupancy/picture.h"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "base/limits.h"
#include "site/occupancy/testing/rendered_bay.h"

namespace bayward::site {
namespace {

std::string coded(const std::string& kind, const cv::Mat& picture) {
  std::vector<uint8_t> out;
  EXPECT_TRUE(cv::imencode(kind, picture, out));
  return {out.begin(), out.end()};
}

TEST(Picture, JpegAndPngDecodeToTheirOwnSize) {
  for (const std::string kind : {".jpg", ".png"}) {
    const Result<cv::Mat> decoded = decode_picture(coded(kind, render({})));
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->cols, patch_width_px);
    EXPECT_EQ(decoded->rows, patch_height_px);
  }
}

TEST(Picture, RefusalsSayWhatIsWrong) {
  const std::string jpeg = coded(".jpg", render({}));
  const auto reason = [](std::string_view bytes) { return decode_picture(bytes).error().message; };
  EXPECT_EQ(reason(""), "the picture is empty");
  EXPECT_EQ(reason("GIF89a...................................."), "the picture is neither JPEG nor PNG");
  EXPECT_EQ(reason(jpeg.substr(0, jpeg.size() / 2)), "the picture is cut off: its end is missing");
  EXPECT_EQ(reason(jpeg.substr(0, 12)), "the picture is a damaged JPEG: it has no frame");
  EXPECT_NE(reason(std::string(limits::picture_bytes + 1, 'x')).find("more than"), std::string::npos);
  const std::string png = coded(".png", render({}));
  EXPECT_EQ(reason(png.substr(0, png.size() / 2)), "the picture does not decode: it is damaged");
}

TEST(Picture, ABombIsRefusedByItsHeaderAlone) {
  std::string png = coded(".png", render({}));
  png[16] = 0;
  png[17] = 0;
  png[18] = '\x40';  // 16384 pixels wide
  const Result<cv::Mat> refused = decode_picture(png);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("set the camera to a smaller one"), std::string::npos);
}

TEST(Picture, WhatPeopleGetHasNoMetadataAndABoundedSide) {
  const cv::Mat big(1200, 1600, CV_8UC3, cv::Scalar(10, 200, 30));
  const Result<PictureSize> size = picture_size(encode_jpeg(big, 960));
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(size->width_px, 960);
  EXPECT_EQ(size->height_px, 720);
  EXPECT_EQ(encode_jpeg(big, 960).find("Exif"), std::string::npos);
}

TEST(BayViews, CornersMustSpanAConvexPartOfThePicture) {
  EXPECT_TRUE(check_view({}).ok());
  BayView crossed;
  std::swap(crossed.corners[1], crossed.corners[2]);
  EXPECT_FALSE(check_view(crossed).ok());
  BayView outside;
  outside.corners[0].x_e4 = -1;
  EXPECT_FALSE(check_view(outside).ok());
  EXPECT_FALSE(check_view({.corners = {{{0, 100}, {100, 100}, {100, 0}, {0, 0}}}}).ok());
}

TEST(BayViews, ThePatchIsTheBayAlone) {
  cv::Mat picture(400, 600, CV_8UC3, cv::Scalar(0, 0, 0));
  cv::rectangle(picture, {150, 100}, {449, 299}, cv::Scalar(0, 255, 0), -1);
  const BayView view{.corners = {{{2600, 7300}, {7400, 7300}, {7400, 2700}, {2600, 2700}}}};
  ASSERT_TRUE(check_view(view).ok());
  const cv::Mat patch = bay_patch(picture, view);
  EXPECT_EQ(patch.cols, patch_width_px);
  EXPECT_GT(cv::mean(patch)[1], 250);
}

}  // namespace
}  // namespace bayward::site

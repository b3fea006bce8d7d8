// Bays rendered for tests: floor with its own texture and markings, light, one hard shadow, sensor noise, a car or a
// box. Ours alone, so that what the detector is tuned with does not depend on the town's pictures.
#pragma once

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/prng.h"
#include "site/occupancy/picture.h"

namespace bayward::site {

struct RenderedBay {
  uint64_t floor_seed = 1;
  uint64_t noise_seed = 1;
  double light = 1.0;
  double shadow = 1.0;       // the light left in it; 1: none
  double shadow_from = 0.5;  // share of the length at which it begins
  double shadow_slope = 0.0;
  double stain = 0.0;
  double noise = 3.0;
  bool car = false;
  bool box = false;
  int64_t car_offset_px = 0;
  cv::Scalar car_colour{60, 40, 160};
};

namespace rendered {

inline double gauss(Prng& prng) {
  double sum = 0;
  for (int i = 0; i < 6; ++i) sum += prng.uniform();
  return (sum - 3) * 1.41;
}

inline cv::Mat grain(uint64_t seed, double amount) {
  Prng prng(seed);
  cv::Mat out(patch_height_px, patch_width_px, CV_32F);
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) out.at<float>(y, x) = static_cast<float>(gauss(prng) * amount);
  }
  return out;
}

inline void draw_floor(cv::Mat& scene, const RenderedBay& bay) {
  Prng prng(bay.floor_seed * 31);
  const double base = 95 + 40 * prng.uniform();
  scene = cv::Scalar(base, base + 2, base + 3);
  cv::Mat rough = grain(bay.floor_seed, 22);
  cv::GaussianBlur(rough, rough, {}, 1.6);
  cv::Mat coarse = grain(bay.floor_seed + 77, 60);
  cv::GaussianBlur(coarse, coarse, {}, 5);
  rough += coarse;
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{rough, rough, rough}, three);
  scene += three;
  const cv::Scalar paint(215, 220, 220);
  cv::line(scene, {5, 0}, {5, patch_height_px}, paint, 3);
  cv::line(scene, {patch_width_px - 6, 0}, {patch_width_px - 6, patch_height_px}, paint, 3);
  cv::line(scene, {5, 6}, {patch_width_px - 6, 6}, paint, 3);
  if (bay.stain > 0) {
    cv::Mat dark(scene.size(), CV_32FC3, cv::Scalar::all(1));
    cv::ellipse(dark, {48, 100}, {16, 24}, 20, 0, 360, cv::Scalar::all(1 - 0.6 * bay.stain), -1);
    cv::GaussianBlur(dark, dark, {}, 5);
    scene = scene.mul(dark);
  }
}

inline void draw_car(cv::Mat& scene, const RenderedBay& bay) {
  const int x = static_cast<int>(bay.car_offset_px);
  const cv::Scalar glass(45, 38, 32);
  cv::Mat under(scene.size(), CV_32FC3, cv::Scalar::all(1));
  cv::rectangle(under, {13 + x, 12}, {84 + x, 152}, cv::Scalar::all(0.45), -1);
  cv::GaussianBlur(under, under, {}, 3);
  scene = scene.mul(under);
  cv::rectangle(scene, {17 + x, 20}, {79 + x, 146}, bay.car_colour, -1);
  cv::ellipse(scene, {48 + x, 22}, {31, 8}, 0, 0, 360, bay.car_colour, -1);
  cv::rectangle(scene, {23 + x, 44}, {73 + x, 62}, glass, -1);
  cv::rectangle(scene, {24 + x, 112}, {72 + x, 128}, glass, -1);
  cv::rectangle(scene, {18 + x, 64}, {22 + x, 108}, glass, -1);
  cv::rectangle(scene, {74 + x, 64}, {78 + x, 108}, glass, -1);
  cv::rectangle(scene, {22 + x, 138}, {34 + x, 144}, cv::Scalar(40, 40, 190), -1);
  cv::rectangle(scene, {62 + x, 138}, {74 + x, 144}, cv::Scalar(40, 40, 190), -1);
  cv::rectangle(scene, {40 + x, 140}, {56 + x, 145}, cv::Scalar(230, 230, 230), -1);
  cv::line(scene, {30 + x, 30}, {66 + x, 30}, bay.car_colour * 0.75, 2);
}

}  // namespace rendered

inline cv::Mat render(const RenderedBay& bay) {
  cv::Mat scene(patch_height_px, patch_width_px, CV_32FC3);
  rendered::draw_floor(scene, bay);
  if (bay.box) cv::rectangle(scene, {40, 70}, {58, 88}, cv::Scalar(70, 120, 160), -1);
  if (bay.car) rendered::draw_car(scene, bay);
  if (bay.shadow < 1) {
    cv::Mat dim(scene.size(), CV_32FC3, cv::Scalar::all(1));
    const double at = bay.shadow_from * patch_height_px;
    const double lean = bay.shadow_slope * patch_width_px;
    const std::vector<cv::Point> corners{{0, static_cast<int>(at)},
                                         {patch_width_px, static_cast<int>(at + lean)},
                                         {patch_width_px, patch_height_px},
                                         {0, patch_height_px}};
    cv::fillPoly(dim, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar::all(bay.shadow));
    cv::GaussianBlur(dim, dim, {}, 1.0);
    scene = scene.mul(dim);
  }
  scene *= bay.light;
  cv::Mat noise = rendered::grain(bay.noise_seed * 7919 + 13, bay.noise);
  cv::Mat three;
  cv::merge(std::vector<cv::Mat>{noise, noise, noise}, three);
  scene += three;
  cv::Mat out;
  scene.convertTo(out, CV_8UC3);
  return out;
}

}  // namespace bayward::site

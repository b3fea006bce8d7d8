#include "site/occupancy/reference_detector.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/check.h"
#include "site/occupancy/picture.h"

namespace bayward::site {
namespace {

constexpr int block_px = 16;
constexpr int blocks = (patch_width_px / block_px) * (patch_height_px / block_px);

// Found with the rendered bays of reference_detector_test.cc, between its empty and its occupied ones.
constexpr int blocks_few_e4 = 2000;
constexpr int blocks_many_e4 = 3600;
constexpr int edges_few_e4 = 420;
constexpr int edges_many_e4 = 520;

constexpr double grey_dark = 14;
constexpr double grey_bright = 242;
constexpr double grey_flat = 1.6;

constexpr double texture_least = 0.022;  // of the local light
constexpr double noise_grey = 2.2;       // what a sensor adds, after smoothing
constexpr double alike_least = 0.45;     // correlation of a block with its reference
constexpr double colour_same = 0.035;    // difference of colour shares
constexpr double edge_least = 0.30;

struct Appearance {
  cv::Mat detail;  // float: relative to the surroundings
  cv::Mat light;   // float: the surroundings, in grey levels
  cv::Mat colour;  // float, 3 channels: shares of blue, green and red
};

Appearance appearance(const cv::Mat& patch) {
  Appearance out;
  cv::Mat grey;
  cv::cvtColor(patch, grey, cv::COLOR_BGR2GRAY);
  grey.convertTo(grey, CV_32F);
  cv::GaussianBlur(grey, grey, {}, 1.2);
  cv::GaussianBlur(grey, out.light, {}, 7.0);
  out.light += 6.0;
  cv::Mat difference = grey + 6.0 - out.light;
  cv::divide(difference, out.light, out.detail);

  cv::Mat smooth;
  patch.convertTo(smooth, CV_32FC3);
  cv::GaussianBlur(smooth, smooth, {}, 2.0);
  smooth += cv::Scalar::all(4);
  std::array<cv::Mat, 3> channel;
  cv::split(smooth, channel.data());
  const cv::Mat sum = channel[0] + channel[1] + channel[2];
  for (cv::Mat& one : channel) cv::divide(one, sum, one);
  cv::merge(channel.data(), channel.size(), out.colour);
  return out;
}

double texture(const cv::Mat& detail) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(detail, mean, deviation);
  return deviation[0];
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  const cv::Mat a0 = a - cv::mean(a)[0];
  const cv::Mat b0 = b - cv::mean(b)[0];
  const double scale = std::sqrt(a0.dot(a0) * b0.dot(b0));
  return scale < 1e-9 ? 1.0 : a0.dot(b0) / scale;
}

bool block_changed(const Appearance& was, const Appearance& is, const cv::Rect& block) {
  const cv::Mat a = was.detail(block);
  const cv::Mat b = is.detail(block);
  // Noise weighs more where there is little light.
  const double least_was = texture_least + noise_grey / cv::mean(was.light(block))[0];
  const double least_is = texture_least + noise_grey / cv::mean(is.light(block))[0];
  const bool textured = texture(a) > least_was || texture(b) > least_is;
  if (textured && correlation(a, b) < alike_least) return true;
  const cv::Scalar colour = cv::mean(was.colour(block)) - cv::mean(is.colour(block));
  return std::max({std::abs(colour[0]), std::abs(colour[1]), std::abs(colour[2])}) > colour_same;
}

cv::Mat edges(const Appearance& look) {
  cv::Mat x;
  cv::Mat y;
  cv::Mat strength;
  cv::Sobel(look.detail, x, CV_32F, 1, 0);
  cv::Sobel(look.detail, y, CV_32F, 0, 1);
  cv::magnitude(x, y, strength);
  // 4 x noise: what is left of it after smoothing and Sobel's weights.
  cv::Mat least;
  cv::divide(4.0 * noise_grey * 0.5, look.light, least);
  least += edge_least;
  cv::Mat out = strength > least;
  return out;
}

Doubt readable(const cv::Mat& patch) {
  cv::Mat grey;
  cv::cvtColor(patch, grey, cv::COLOR_BGR2GRAY);
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(grey, mean, deviation);
  if (mean[0] < grey_dark) return Doubt::too_dark;
  if (mean[0] > grey_bright) return Doubt::too_bright;
  if (deviation[0] < grey_flat) return Doubt::blank;
  return Doubt::none;
}

int scaled(double value, double low, double high) {
  return static_cast<int>(50 + 49 * std::clamp((value - low) / (high - low), 0.0, 1.0));
}

void check_patch(const cv::Mat& patch) {
  BAYWARD_CHECK(patch.type() == CV_8UC3 && patch.cols == patch_width_px && patch.rows == patch_height_px);
}

}  // namespace

Witnesses compare(const cv::Mat& reference, const cv::Mat& patch) {
  const Appearance was = appearance(reference);
  const Appearance is = appearance(patch);
  int changed = 0;
  for (int y = 0; y < patch_height_px; y += block_px) {
    for (int x = 0; x < patch_width_px; x += block_px) {
      if (block_changed(was, is, {x, y, block_px, block_px})) ++changed;
    }
  }
  cv::Mat known;
  cv::dilate(edges(was), known, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
  cv::Mat fresh = edges(is);
  fresh.setTo(0, known);
  return {.changed_blocks_e4 = changed * 10000 / blocks,
          .new_edges_e4 = cv::countNonZero(fresh) * 10000 / (patch_width_px * patch_height_px)};
}

bool ReferenceDetector::learn(BayId bay, const cv::Mat& patch) {
  check_patch(patch);
  if (readable(patch) != Doubt::none) return false;
  references_[bay] = patch.clone();
  return true;
}

void ReferenceDetector::follow(BayId bay, const cv::Mat& patch) {
  const Verdict verdict = look(bay, patch);
  if (verdict.occupancy != Occupancy::empty || verdict.confidence_percent < 80) return;
  cv::Mat& reference = references_.at(bay);
  // The light of the day must not wander in: the picture is first brought to the reference's.
  const cv::Scalar was = cv::mean(reference);
  const cv::Scalar is = cv::mean(patch);
  cv::Mat levelled = patch.clone();
  cv::multiply(levelled, cv::Scalar(was[0] / (is[0] + 1), was[1] / (is[1] + 1), was[2] / (is[2] + 1)), levelled);
  cv::addWeighted(reference, 0.9, levelled, 0.1, 0, reference);
}

Verdict ReferenceDetector::look(BayId bay, const cv::Mat& patch) {
  check_patch(patch);
  const auto found = references_.find(bay);
  if (found == references_.end()) return {.doubt = Doubt::no_reference};
  if (const Doubt doubt = readable(patch); doubt != Doubt::none) return {.doubt = doubt};
  const Witnesses seen = compare(found->second, patch);
  if (seen.changed_blocks_e4 <= blocks_few_e4 && seen.new_edges_e4 <= edges_few_e4) {
    const int by_blocks = scaled(blocks_few_e4 - seen.changed_blocks_e4, 0, blocks_few_e4);
    const int by_edges = scaled(edges_few_e4 - seen.new_edges_e4, 0, edges_few_e4);
    return {.occupancy = Occupancy::empty, .confidence_percent = std::min(by_blocks, by_edges)};
  }
  if (seen.changed_blocks_e4 >= blocks_many_e4 && seen.new_edges_e4 >= edges_many_e4) {
    const int by_blocks = scaled(seen.changed_blocks_e4, blocks_many_e4, 7000);
    const int by_edges = scaled(seen.new_edges_e4, edges_many_e4, 1500);
    return {.occupancy = Occupancy::occupied, .confidence_percent = std::min(by_blocks, by_edges)};
  }
  return {.doubt = Doubt::in_between};
}

const cv::Mat* ReferenceDetector::reference(BayId bay) const {
  const auto found = references_.find(bay);
  return found == references_.end() ? nullptr : &found->second;
}

}  // namespace bayward::site

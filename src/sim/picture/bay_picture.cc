#include "sim/picture/bay_picture.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "base/prng.h"
#include "sim/picture/camera_view.h"
#include "sim/picture/car_drawing.h"

namespace bayward::picture {
namespace {

constexpr double bay_half_m = 1.25;
constexpr double bay_deep_m = 5;
constexpr double wall_m = 5.4;
constexpr double noise_levels = 3.0;
constexpr int jpeg_quality = 88;

const CameraView& view() {
  static const CameraView camera({0, -3.1, 2.7}, {0, 2.1, 0.55}, 54, {picture_width_px, picture_height_px});
  return camera;
}

uint64_t hash_of(const std::string& text) {
  uint64_t hash = 1469598103934665603ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211ULL;
  return hash;
}

// Random textures are made once, larger than a picture, and laid on it with an offset: a garage full of cameras is
// asked for its pictures at once, on the thread that moves the cars.
constexpr int spare_px = 256;

const cv::Size& texture_size() {
  static const cv::Size size(picture_width_px + spare_px, picture_height_px + spare_px);
  return size;
}

void lay_on(cv::Mat& picture, const cv::Mat& texture, uint64_t seed) {
  Prng random(seed);
  const auto x = static_cast<int>(random.below(spare_px));
  const auto y = static_cast<int>(random.below(spare_px));
  cv::Mat wide;
  picture.convertTo(wide, CV_16SC3);
  wide += texture(cv::Rect(x, y, picture.cols, picture.rows));
  wide.convertTo(picture, CV_8UC3);
}

// Concrete: fine grain, and patches of other mixings.
const cv::Mat& grain() {
  static const cv::Mat texture = [] {
    cv::RNG random(2207);
    cv::Mat fine(texture_size(), CV_32F);
    random.fill(fine, cv::RNG::NORMAL, 0, 7);
    cv::GaussianBlur(fine, fine, {}, 1.1);
    cv::Mat coarse(fine.rows / 16, fine.cols / 16, CV_32F);
    random.fill(coarse, cv::RNG::NORMAL, 0, 6);
    cv::resize(coarse, coarse, fine.size(), 0, 0, cv::INTER_CUBIC);
    fine = fine * 1.6 + coarse;
    cv::Mat three;
    cv::merge(std::vector{fine, fine, fine}, three);
    three.convertTo(three, CV_16SC3);
    return three;
  }();
  return texture;
}

// Of the sensor.
const cv::Mat& noise() {
  static const cv::Mat texture = [] {
    cv::RNG random(4409);
    cv::Mat out(texture_size(), CV_16SC3);
    random.fill(out, cv::RNG::NORMAL, 0, noise_levels);
    return out;
  }();
  return texture;
}

void fill(cv::Mat& picture, const std::vector<Spot3>& outline, const cv::Scalar& colour) {
  cv::fillConvexPoly(picture, view().project(outline), colour, cv::LINE_AA);
}

void draw_room(cv::Mat& picture, const std::string& label) {
  picture = cv::Scalar(96, 100, 102);
  const cv::Scalar paint(205, 212, 214);
  fill(picture, {{-9, wall_m, 0}, {9, wall_m, 0}, {9, wall_m, 3}, {-9, wall_m, 3}}, cv::Scalar(150, 158, 160));
  fill(picture, {{-9, wall_m, 0}, {9, wall_m, 0}, {9, wall_m, 0.35}, {-9, wall_m, 0.35}}, cv::Scalar(70, 78, 82));
  for (const double x : {-bay_half_m, bay_half_m})
    fill(picture, {{x - 0.06, 0, 0}, {x + 0.06, 0, 0}, {x + 0.06, bay_deep_m, 0}, {x - 0.06, bay_deep_m, 0}}, paint);
  fill(picture, {{-0.85, 4.5, 0}, {0.85, 4.5, 0}, {0.85, 4.5, 0.12}, {-0.85, 4.5, 0.12}}, cv::Scalar(40, 190, 220));
  lay_on(picture, grain(), hash_of(label));
  // The pile on the wall and the label beside it.
  fill(picture, {{0.5, wall_m, 0.7}, {0.78, wall_m, 0.7}, {0.78, wall_m, 1.35}, {0.5, wall_m, 1.35}},
       cv::Scalar(60, 58, 55));
  fill(picture, {{0.57, wall_m, 1.12}, {0.71, wall_m, 1.12}, {0.71, wall_m, 1.25}, {0.57, wall_m, 1.25}},
       cv::Scalar(190, 170, 120));
  cv::putText(picture, label, view().project({{-0.55, wall_m, 1.25}}).front(), cv::FONT_HERSHEY_DUPLEX, 1.0,
              cv::Scalar(60, 70, 75), 2, cv::LINE_AA);
}

// A lamp over the lane: bright in the middle, dim towards the corners; and as much of it as is on.
void light_up(cv::Mat& picture, double light, uint64_t moment) {
  Prng flicker(moment * 77 + 5);
  const double level = light * (0.97 + 0.06 * flicker.uniform());
  static const cv::Mat pool = [] {
    cv::Mat out(picture_height_px, picture_width_px, CV_32FC3);
    const cv::Point2d middle(out.cols * 0.5, out.rows * 0.62);
    for (int y = 0; y < out.rows; ++y) {
      for (int x = 0; x < out.cols; ++x) {
        const double far = std::hypot((x - middle.x) / out.cols, (y - middle.y) / out.rows);
        const auto share = static_cast<float>(1.08 - 0.55 * far * far * 2);
        out.at<cv::Vec3f>(y, x) = {share, share, share};
      }
    }
    return out;
  }();
  cv::Mat floating;
  picture.convertTo(floating, CV_32FC3);
  floating = floating.mul(pool, level);
  floating.convertTo(picture, CV_8UC3);
}

void fill_with_smoke(cv::Mat& picture, double percent_per_m, uint64_t moment) {
  if (percent_per_m <= 0) return;
  cv::RNG random(moment * 31 + 11);
  cv::Mat clouds(8, 10, CV_32F);
  random.fill(clouds, cv::RNG::UNIFORM, 0.7, 1.3);
  cv::resize(clouds, clouds, picture.size(), 0, 0, cv::INTER_CUBIC);
  // Beer and Lambert over the 6 m to the wall.
  const double kept = std::pow(1 - std::min(percent_per_m, 95.0) / 100, 6);
  cv::Mat floating;
  picture.convertTo(floating, CV_32FC3);
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      const float share = std::clamp(static_cast<float>(1 - kept) * clouds.at<float>(y, x), 0.0F, 1.0F);
      cv::Vec3f& pixel = floating.at<cv::Vec3f>(y, x);
      pixel = pixel * (1 - share) + cv::Vec3f(150, 152, 154) * share;
    }
  }
  floating.convertTo(picture, CV_8UC3);
}

}  // namespace

CarLook look_of(const std::string& plate) {
  static constexpr std::array<std::array<uint8_t, 3>, 8> colours = {{{225, 226, 228},
                                                                     {38, 40, 44},
                                                                     {128, 132, 136},
                                                                     {52, 72, 128},
                                                                     {146, 36, 40},
                                                                     {62, 96, 76},
                                                                     {190, 182, 160},
                                                                     {84, 124, 168}}};
  Prng random(hash_of(plate));
  CarLook look;
  look.plate = plate;
  look.style = style_of(plate);
  look.rgb = colours[random.below(colours.size())];
  look.shape = static_cast<CarShape>(random.below(3));
  look.backed_in = random.chance(3, 10);
  look.aside_m = 0.36 * random.uniform() - 0.18;
  look.deep_m = 0.3 * random.uniform() - 0.1;
  return look;
}

PictureBytes draw_bay(const BayScene& scene) {
  cv::Mat picture(picture_height_px, picture_width_px, CV_8UC3);
  draw_room(picture, scene.label);
  if (scene.car) draw_car(picture, view(), *scene.car);
  light_up(picture, scene.light, scene.moment);
  fill_with_smoke(picture, scene.smoke_percent_per_m, scene.moment);
  lay_on(picture, noise(), scene.moment ^ hash_of(scene.label));
  std::vector<uint8_t> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, jpeg_quality});
  return {bytes.begin(), bytes.end()};
}

site::BayView bay_view() {
  const std::vector<Spot3> ground{{-bay_half_m, 0.1, 0}, {bay_half_m, 0.1, 0}, {1.1, 4.6, 0.9}, {-1.1, 4.6, 0.9}};
  site::BayView corners;
  for (size_t i = 0; i < ground.size(); ++i) {
    const cv::Point2d at = view().project(ground[i]);
    corners.corners[i] = {std::clamp(cvRound(at.x / picture_width_px * 10'000), 0, 10'000),
                          std::clamp(cvRound(at.y / picture_height_px * 10'000), 0, 10'000)};
  }
  return corners;
}

}  // namespace bayward::picture

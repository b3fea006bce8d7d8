#include "sim/picture/car_drawing.h"

#include <opencv2/imgproc.hpp>

namespace bayward::picture {
namespace {

// A cut across the car: how far from its nearer end, where its roof line is, how wide it is up there.
struct Cut {
  double y = 0;
  double top_z = 0;
  double half_top = 0;
  bool glass_to_next = false;
};

constexpr double floor_z = 0.2;
constexpr double belt_z = 0.9;
constexpr double half_width = 0.89;
constexpr double first_y = 0.35;  // its end stands so far inside the bay

std::vector<Cut> profile(CarShape shape, bool front) {
  if (shape == CarShape::van) {
    return front ? std::vector<Cut>{{0, 0.95, 0.84, false},
                                    {0.75, 1.1, 0.8, true},
                                    {1.4, 1.85, 0.7, false},
                                    {4.3, 1.88, 0.7, false}}
                 : std::vector<Cut>{{0, 1.0, 0.86, true},
                                    {0.2, 1.85, 0.72, false},
                                    {2.9, 1.88, 0.72, false},
                                    {3.5, 1.1, 0.8, false},
                                    {4.3, 0.95, 0.8, false}};
  }
  if (shape == CarShape::hatchback) {
    return front ? std::vector<Cut>{{0, 0.78, 0.84, false},
                                    {0.95, 0.98, 0.8, true},
                                    {1.7, 1.48, 0.62, false},
                                    {3.4, 1.46, 0.62, false},
                                    {4.0, 0.95, 0.8, false}}
                 : std::vector<Cut>{{0, 0.95, 0.84, true},
                                    {0.5, 1.45, 0.63, false},
                                    {2.3, 1.48, 0.62, false},
                                    {3.05, 0.98, 0.8, false},
                                    {4.0, 0.78, 0.8, false}};
  }
  return front ? std::vector<Cut>{{0, 0.74, 0.84, false},  {1.1, 0.95, 0.8, true},   {1.9, 1.42, 0.6, false},
                                  {3.2, 1.41, 0.6, false}, {3.9, 0.98, 0.78, false}, {4.6, 0.92, 0.8, false}}
               : std::vector<Cut>{{0, 0.92, 0.84, false},  {0.6, 0.99, 0.8, true},  {1.3, 1.41, 0.6, false},
                                  {2.6, 1.42, 0.6, false}, {3.4, 0.95, 0.8, false}, {4.6, 0.74, 0.8, false}};
}

cv::Scalar shade(const CarLook& look, double factor) {
  const auto& rgb = look.rgb;
  return {std::min(255.0, rgb[2] * factor + 8), std::min(255.0, rgb[1] * factor + 8),
          std::min(255.0, rgb[0] * factor + 8)};
}

class CarPainter {
 public:
  CarPainter(cv::Mat& picture, const CameraView& view, const CarLook& look)
      : picture_(picture), view_(view), look_(look), cuts_(profile(look.shape, look.backed_in)) {}

  void shadow() {
    cv::Mat dark(picture_.size(), CV_32F, cv::Scalar(1));
    const double end = cuts_.back().y;
    cv::fillPoly(dark, std::vector{outline({{-1.02, -0.15, 0}, {1.02, -0.15, 0}, {1.02, end, 0}, {-1.02, end, 0}})},
                 0.3);
    cv::GaussianBlur(dark, dark, {}, 9);
    cv::Mat three;
    cv::merge(std::vector{dark, dark, dark}, three);
    cv::Mat floating;
    picture_.convertTo(floating, CV_32FC3);
    floating = floating.mul(three);
    floating.convertTo(picture_, CV_8UC3);
  }

  void body() {
    for (size_t i = cuts_.size() - 1; i-- > 0;) slice(cuts_[i], cuts_[i + 1]);
    wheels();
    end_face();
  }

 private:
  std::vector<cv::Point> outline(std::vector<Spot3> spots) const {
    for (Spot3& spot : spots) {
      spot.x += look_.aside_m;
      spot.y += first_y + look_.deep_m;
    }
    return view_.project(spots);
  }
  void fill(std::vector<Spot3> spots, const cv::Scalar& colour) {
    cv::fillConvexPoly(picture_, outline(std::move(spots)), colour, cv::LINE_AA);
  }

  // Between two cuts: both flanks, the side windows or shoulders over them, the top.
  void slice(const Cut& a, const Cut& b) {
    const cv::Scalar glass(52, 44, 38);
    for (const double side : {-1.0, 1.0}) {
      const double x = side * half_width;
      fill({{x, a.y, floor_z}, {x, b.y, floor_z}, {x, b.y, belt_z}, {x, a.y, belt_z}}, shade(look_, 0.55));
      const bool cabin = a.top_z > 1.2 || b.top_z > 1.2;
      fill({{x, a.y, belt_z}, {x, b.y, belt_z}, {side * b.half_top, b.y, b.top_z}, {side * a.half_top, a.y, a.top_z}},
           cabin ? glass : shade(look_, 0.7));
    }
    const std::vector<Spot3> top{{-a.half_top, a.y, a.top_z},
                                 {a.half_top, a.y, a.top_z},
                                 {b.half_top, b.y, b.top_z},
                                 {-b.half_top, b.y, b.top_z}};
    fill(top, shade(look_, a.top_z > 1.3 ? 1.05 : 0.92));
    if (!a.glass_to_next) return;
    const double inside = 0.08;
    const double rise = b.top_z - a.top_z;
    const double run = b.y - a.y;
    fill({{-a.half_top + inside, a.y + 0.08 * run, a.top_z + 0.08 * rise},
          {a.half_top - inside, a.y + 0.08 * run, a.top_z + 0.08 * rise},
          {b.half_top - inside / 2, b.y - 0.08 * run, b.top_z - 0.08 * rise},
          {-b.half_top + inside / 2, b.y - 0.08 * run, b.top_z - 0.08 * rise}},
         glass);
    // What the ceiling's lamps leave on it.
    fill({{-0.5, a.y + 0.5 * run, a.top_z + 0.5 * rise},
          {-0.1, a.y + 0.5 * run, a.top_z + 0.5 * rise},
          {0.05, a.y + 0.62 * run, a.top_z + 0.62 * rise},
          {-0.35, a.y + 0.62 * run, a.top_z + 0.62 * rise}},
         cv::Scalar(96, 88, 80));
  }

  void wheels() {
    for (const double side : {-1.0, 1.0}) {
      const double in = side * (half_width - 0.22);
      const double out = side * (half_width - 0.01);
      fill({{in, 0.05, 0}, {out, 0.05, 0}, {out, 0.05, 0.34}, {in, 0.05, 0.34}}, cv::Scalar(28, 28, 28));
    }
  }

  // What the camera looks at: the boot or the bonnet's end.
  void end_face() {
    const Cut& end = cuts_.front();
    const double top = end.top_z;
    fill({{-half_width, 0, 0.28},
          {half_width, 0, 0.28},
          {half_width, 0, belt_z * 0.9},
          {end.half_top, 0, top},
          {-end.half_top, 0, top},
          {-half_width, 0, belt_z * 0.9}},
         shade(look_, 0.8));
    fill({{-half_width, -0.04, 0.24}, {half_width, -0.04, 0.24}, {half_width, -0.04, 0.45}, {-half_width, -0.04, 0.45}},
         shade(look_, 0.5));
    if (look_.backed_in)
      fill({{-0.5, -0.01, 0.5}, {0.5, -0.01, 0.5}, {0.55, -0.01, 0.64}, {-0.55, -0.01, 0.64}}, cv::Scalar(30, 30, 30));
    lights(std::min(top, belt_z) - 0.2);
    plate(look_.backed_in ? 0.38 : 0.58);
  }

  void lights(double z) {
    const cv::Scalar plain = look_.backed_in ? cv::Scalar(225, 228, 225) : cv::Scalar(40, 36, 165);
    const cv::Scalar amber(40, 165, 255);
    for (const double side : {-1.0, 1.0}) {
      const double in = side * 0.55;
      const double out = side * 0.85;
      fill({{in, -0.02, z}, {out, -0.02, z}, {out, -0.02, z + 0.14}, {in, -0.02, z + 0.14}}, plain);
      const double edge = side * 0.74;
      fill({{edge, -0.02, z}, {out, -0.02, z}, {out, -0.02, z + 0.14}, {edge, -0.02, z + 0.14}},
           look_.hazard_lights ? amber : cv::Scalar(60, 110, 190));
      if (look_.hazard_lights) glow(outline({{side * 0.8, -0.03, z + 0.07}}).front(), amber);
    }
  }

  void glow(cv::Point at, const cv::Scalar& colour) {
    cv::Mat light(picture_.size(), CV_8UC3, cv::Scalar::all(0));
    cv::circle(light, at, 26, colour, -1);
    cv::GaussianBlur(light, light, {}, 12);
    picture_ += light;
  }

  void plate(double z) {
    if (look_.plate.empty()) return;
    const cv::Mat made = draw_plate(look_.plate, look_.style);
    cv::Mat image;  // as fine as it will be seen: a thin line must not flicker away
    cv::resize(made, image, {}, 0.3, 0.3, cv::INTER_AREA);
    const double half = made.cols / 2000.0;  // a pixel of it is a millimetre
    const double high = made.rows / 1000.0;
    const auto corners =
        outline({{-half, -0.05, z + high}, {half, -0.05, z + high}, {half, -0.05, z}, {-half, -0.05, z}});
    const std::vector<cv::Point2f> from{{0, 0},
                                        {static_cast<float>(image.cols), 0},
                                        {static_cast<float>(image.cols), static_cast<float>(image.rows)},
                                        {0, static_cast<float>(image.rows)}};
    const std::vector<cv::Point2f> to(corners.begin(), corners.end());
    const cv::Mat way = cv::getPerspectiveTransform(from, to);
    cv::Mat laid;
    cv::warpPerspective(image, laid, way, picture_.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::Mat where(picture_.size(), CV_8U, cv::Scalar(0));
    cv::fillConvexPoly(where, corners, 255);
    laid.copyTo(picture_, where);
  }

  cv::Mat& picture_;
  const CameraView& view_;
  const CarLook& look_;
  std::vector<Cut> cuts_;
};

}  // namespace

void draw_car(cv::Mat& picture, const CameraView& view, const CarLook& look) {
  CarPainter painter(picture, view, look);
  painter.shadow();
  painter.body();
}

}  // namespace bayward::picture

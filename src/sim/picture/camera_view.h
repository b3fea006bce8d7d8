// A pinhole camera over the lane, looking into a bay. Metres: x to the right of the bay's middle, y into the bay from
// its mouth, z up. Plain values.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace bayward::picture {

struct Spot3 {
  double x = 0;
  double y = 0;
  double z = 0;
};

class CameraView {
 public:
  CameraView(Spot3 eye, Spot3 target, double field_deg, cv::Size picture);
  cv::Point2d project(const Spot3& at) const;
  std::vector<cv::Point> project(const std::vector<Spot3>& outline) const;

 private:
  Spot3 eye_;
  cv::Vec3d right_, up_, ahead_;
  double focal_px_;
  cv::Point2d middle_;
};

}  // namespace bayward::picture

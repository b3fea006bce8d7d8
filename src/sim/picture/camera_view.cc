#include "sim/picture/camera_view.h"

#include <algorithm>
#include <cmath>

namespace bayward::picture {
namespace {

constexpr double nearest_m = 0.05;  // what is behind the camera is drawn as if it were just before it

}  // namespace

CameraView::CameraView(Spot3 eye, Spot3 target, double field_deg, cv::Size picture)
    : eye_(eye),
      focal_px_(picture.width / 2.0 / std::tan(field_deg * CV_PI / 360)),
      middle_(picture.width / 2.0, picture.height / 2.0) {
  ahead_ = cv::normalize(cv::Vec3d(target.x - eye.x, target.y - eye.y, target.z - eye.z));
  right_ = cv::normalize(ahead_.cross(cv::Vec3d(0, 0, 1)));
  up_ = right_.cross(ahead_);
}

cv::Point2d CameraView::project(const Spot3& at) const {
  const cv::Vec3d from(at.x - eye_.x, at.y - eye_.y, at.z - eye_.z);
  const double depth = std::max(nearest_m, from.dot(ahead_));
  return {middle_.x + focal_px_ * from.dot(right_) / depth, middle_.y - focal_px_ * from.dot(up_) / depth};
}

std::vector<cv::Point> CameraView::project(const std::vector<Spot3>& outline) const {
  std::vector<cv::Point> out;
  out.reserve(outline.size());
  for (const Spot3& at : outline) {
    const cv::Point2d point = project(at);
    out.emplace_back(cvRound(point.x), cvRound(point.y));
  }
  return out;
}

}  // namespace bayward::picture

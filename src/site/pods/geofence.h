// The area a pod may be moved in. Pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/site/site.h"

namespace bayward::site {

class Geofence {
 public:
  // 3 to limits::fence_corners corners in order, none farther than 20 km from the first; otherwise a reason. Sites on
  // the 180th meridian are not supported and refused.
  static Result<Geofence> create(std::vector<core::GeoPoint> corners);
  // By the even-odd rule; a point on the border may be either.
  bool contains(core::GeoPoint point) const;

 private:
  explicit Geofence(std::vector<core::GeoPoint> corners) : corners_(std::move(corners)) {}
  std::vector<core::GeoPoint> corners_;
};

}  // namespace bayward::site

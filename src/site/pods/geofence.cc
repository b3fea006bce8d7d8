#include "site/pods/geofence.h"

#include <algorithm>
#include <cstdint>

#include "base/limits.h"

namespace bayward::site {

Result<Geofence> Geofence::create(std::vector<core::GeoPoint> corners) {
  if (corners.size() < 3 || corners.size() > limits::fence_corners) {
    return fail("the geofence needs 3 to " + std::to_string(limits::fence_corners) + " corners");
  }
  int64_t twice_area = 0;
  for (size_t i = 0; i < corners.size(); ++i) {
    const core::GeoPoint& a = corners[i];
    const core::GeoPoint& b = corners[(i + 1) % corners.size()];
    if (std::abs(int64_t{a.longitude_e6} - corners[0].longitude_e6) > 10'000'000 ||
        core::distance_m(corners[0], a) > 20'000) {
      return fail("the geofence is more than 20 km wide: are its corners latitude, longitude?");
    }
    // Relative to the first corner, which is near: no product can overflow.
    const int64_t a_east = int64_t{a.longitude_e6} - corners[0].longitude_e6;
    const int64_t a_north = int64_t{a.latitude_e6} - corners[0].latitude_e6;
    const int64_t b_east = int64_t{b.longitude_e6} - corners[0].longitude_e6;
    const int64_t b_north = int64_t{b.latitude_e6} - corners[0].latitude_e6;
    twice_area += a_east * b_north - b_east * a_north;
  }
  if (twice_area == 0) return fail("the geofence has no area");
  return Geofence(std::move(corners));
}

bool Geofence::contains(core::GeoPoint point) const {
  bool inside = false;
  for (size_t i = 0, before = corners_.size() - 1; i < corners_.size(); before = i++) {
    const core::GeoPoint& a = corners_[i];
    const core::GeoPoint& b = corners_[before];
    if ((a.latitude_e6 > point.latitude_e6) == (b.latitude_e6 > point.latitude_e6)) continue;
    const double share =
        (static_cast<double>(point.latitude_e6) - a.latitude_e6) / (static_cast<double>(b.latitude_e6) - a.latitude_e6);
    const double crossing = a.longitude_e6 + share * (static_cast<double>(b.longitude_e6) - a.longitude_e6);
    if (point.longitude_e6 < crossing) inside = !inside;
  }
  return inside;
}

}  // namespace bayward::site

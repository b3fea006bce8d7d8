#include "core/recommend/site_index.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bayward::core {
namespace {

constexpr double cell_height_m = 1111.9;  // north-south; east-west it is narrower by the cosine of the latitude

}  // namespace

void SiteIndex::add(SiteId site, GeoPoint place) {
  cells_[key(cell(place.latitude_e6), cell(place.longitude_e6))].push_back({site, place});
}

double SiteIndex::nearest_in_ring_m(GeoPoint from, int32_t ring) {
  if (ring < 2) return 0;  // it may lie right behind the border of the own cell
  const double farthest_e6 = std::abs(static_cast<double>(from.latitude_e6)) + (ring + 1.0) * cell_e6;
  const double narrowest_m = cell_height_m * std::cos(std::min(89e6, farthest_e6) * std::numbers::pi / 180e6);
  return (ring - 1) * narrowest_m;
}

}  // namespace bayward::core

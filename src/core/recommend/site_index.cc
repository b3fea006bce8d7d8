#include "core/recommend/site_index.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bayward::core {

void SiteIndex::add(SiteId site, GeoPoint place) {
  cells_[key(cell(place.latitude_e6), cell(place.longitude_e6))].push_back({site, place});
}

double SiteIndex::narrowest_cell_m(GeoPoint from, int32_t ring) const {
  const double latitude_e6 =
      std::min(89e6, std::abs(static_cast<double>(from.latitude_e6)) + static_cast<double>(ring + 1) * cell_e6);
  return cell_height_m * std::cos(latitude_e6 * std::numbers::pi / 180e6);
}

}  // namespace bayward::core

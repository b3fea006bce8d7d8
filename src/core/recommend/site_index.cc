#include "core/recommend/site_index.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"

namespace bayward::core {
namespace {

constexpr double cell_height_m = 1111.9;  // north-south; east-west it is narrower by the cosine of the latitude

}  // namespace

void SiteIndex::add(SiteId site, GeoPoint place) {
  const int32_t row = cell(place.latitude_e6);
  if (rows_.empty()) first_row_ = row;
  if (row < first_row_) {
    rows_.insert(rows_.begin(), static_cast<size_t>(first_row_ - row), {});
    first_row_ = row;
  }
  const auto at = static_cast<size_t>(row - first_row_);
  if (at >= rows_.size()) rows_.resize(at + 1);
  const int32_t column = cell(place.longitude_e6);
  Row& cells = rows_[at];
  cells.insert(first_from(cells, column + 1), {column, place, 0, site});
}

void SiteIndex::set_extent(SiteId site, GeoPoint place, double extent_m) {
  Row& cells = rows_[static_cast<size_t>(cell(place.latitude_e6) - first_row_)];
  const auto entry = std::find_if(cells.begin(), cells.end(), [&](const Entry& e) { return e.site == site; });
  BAYWARD_CHECK(entry != cells.end());
  entry->extent_m = static_cast<int32_t>(std::ceil(extent_m));
}

// A binary search without a branch to guess wrong.
SiteIndex::Row::const_iterator SiteIndex::first_from(const Row& row, int32_t column) {
  auto from = row.begin();
  for (size_t left = row.size(); left > 0;) {
    const size_t half = (left + 1) / 2;
    from += from[static_cast<std::ptrdiff_t>(half - 1)].column < column ? static_cast<std::ptrdiff_t>(half) : 0;
    left -= half;
  }
  return from;
}

double SiteIndex::nearest_in_ring_m(GeoPoint from, int32_t ring) {
  if (ring == 0) return 0;
  const double farthest_e6 = std::abs(static_cast<double>(from.latitude_e6)) + (ring + 2.0) * cell_e6;
  const double narrowest_m = cell_height_m * std::cos(std::min(89e6, farthest_e6) * std::numbers::pi / 180e6);
  return ring * narrowest_m;
}

}  // namespace bayward::core

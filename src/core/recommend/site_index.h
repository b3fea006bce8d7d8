// Finds sites near a point: a grid of cells of 0.01 degrees, searched in growing rings.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "core/site/site.h"

namespace bayward::core {

class SiteIndex {
 public:
  void add(SiteId site, GeoPoint place);

  // Calls `visit(site, metres)` in rings outwards, until it has covered `radius_m` or `enough(metres)` says that
  // nothing farther away than `metres` is wanted.
  template <class Visit, class Enough>
  void near(GeoPoint from, double radius_m, Visit visit, Enough enough) const;

 private:
  struct Entry {
    SiteId site;
    GeoPoint place;
  };
  static constexpr int32_t cell_e6 = 10'000;
  // North-south height of a cell in metres; east-west it is narrower by the cosine of the latitude.
  static constexpr double cell_height_m = 1111.9;

  static int64_t key(int32_t row, int32_t column) {
    return (static_cast<int64_t>(row) << 32) ^ static_cast<uint32_t>(column);
  }
  static int32_t cell(int32_t coordinate_e6) {
    return coordinate_e6 >= 0 ? coordinate_e6 / cell_e6 : (coordinate_e6 - cell_e6 + 1) / cell_e6;
  }
  double narrowest_cell_m(GeoPoint from, int32_t ring) const;

  template <class Visit>
  void visit_cell(int32_t row, int32_t column, GeoPoint from, Visit& visit) const {
    const auto found = cells_.find(key(row, column));
    if (found == cells_.end()) return;
    for (const Entry& entry : found->second) visit(entry.site, distance_m(from, entry.place));
  }

  std::unordered_map<int64_t, std::vector<Entry>> cells_;
};

template <class Visit, class Enough>
void SiteIndex::near(GeoPoint from, double radius_m, Visit visit, Enough enough) const {
  const int32_t row = cell(from.latitude_e6);
  const int32_t column = cell(from.longitude_e6);
  for (int32_t ring = 0;; ++ring) {
    // Everything in this ring is at least (ring - 1) cells away, plus the way to the border of the own cell.
    const double nearest_m = ring == 0 ? 0 : (ring - 1) * narrowest_cell_m(from, ring);
    if (nearest_m > radius_m || enough(nearest_m)) return;
    for (int32_t r = row - ring; r <= row + ring; ++r) {
      const bool whole_row = r == row - ring || r == row + ring;
      for (int32_t c = column - ring; c <= column + ring; c += whole_row || ring == 0 ? 1 : 2 * ring) {
        visit_cell(r, c, from, visit);
      }
    }
  }
}

}  // namespace bayward::core

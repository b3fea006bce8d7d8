// Finds sites near a point: a grid of cells of 0.01 degrees, looked through in square rings outwards.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "core/site/site.h"

namespace bayward::core {

class SiteIndex {
 public:
  struct Entry {
    SiteId site;
    GeoPoint place;
  };

  void add(SiteId site, GeoPoint place);

  // No site in ring `ring` or beyond is nearer than this. Ring 0 is the cell of `from`.
  static double nearest_in_ring_m(GeoPoint from, int32_t ring);

  template <class Visit>
  void visit_ring(GeoPoint from, int32_t ring, Visit visit) const {
    const int32_t row = cell(from.latitude_e6);
    const int32_t column = cell(from.longitude_e6);
    for (int32_t r = row - ring; r <= row + ring; ++r) {
      const bool whole_row = ring == 0 || r == row - ring || r == row + ring;
      for (int32_t c = column - ring; c <= column + ring; c += whole_row ? 1 : 2 * ring) visit_cell(r, c, visit);
    }
  }

 private:
  static constexpr int32_t cell_e6 = 10'000;

  static int64_t key(int32_t row, int32_t column) {
    return (static_cast<int64_t>(row) << 32) ^ static_cast<uint32_t>(column);
  }
  static int32_t cell(int32_t coordinate_e6) {
    return coordinate_e6 >= 0 ? coordinate_e6 / cell_e6 : (coordinate_e6 - cell_e6 + 1) / cell_e6;
  }
  template <class Visit>
  void visit_cell(int32_t row, int32_t column, Visit& visit) const {
    const auto found = cells_.find(key(row, column));
    if (found == cells_.end()) return;
    for (const Entry& entry : found->second) visit(entry);
  }

  std::unordered_map<int64_t, std::vector<Entry>> cells_;
};

}  // namespace bayward::core

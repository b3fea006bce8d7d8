// Finds sites near a point: a grid of cells of 0.01 degrees, looked through in square rings outwards. The cells of a
// row lie in one piece of memory, so a search meets few cache lines before it knows which sites it wants.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "core/site/site.h"

namespace bayward::core {

class SiteIndex {
 public:
  struct Entry {
    int32_t column = 0;  // of its cell
    GeoPoint place;
    int32_t extent_m = 0;  // no bay of it is farther from its place; rounded up
    SiteId site;
  };

  void add(SiteId site, GeoPoint place);
  void set_extent(SiteId site, GeoPoint place, double extent_m);

  // No site in ring `ring` or beyond is nearer than this. Ring 0 is the cell of `from` and the eight around it.
  static double nearest_in_ring_m(GeoPoint from, int32_t ring);

  template <class Visit>
  void visit_ring(GeoPoint from, int32_t ring, Visit visit) const {
    const int32_t row = cell(from.latitude_e6);
    const int32_t column = cell(from.longitude_e6);
    const int32_t reach = ring + 1;
    for (int32_t r = row - reach; r <= row + reach; ++r) {
      if (ring == 0 || r == row - reach || r == row + reach) {
        visit_cells(r, column - reach, column + reach, visit);
      } else {
        visit_cells(r, column - reach, column - reach, visit);
        visit_cells(r, column + reach, column + reach, visit);
      }
    }
  }

 private:
  using Row = std::vector<Entry>;  // by column

  static constexpr int32_t cell_e6 = 10'000;

  static int32_t cell(int32_t coordinate_e6) {
    return coordinate_e6 >= 0 ? coordinate_e6 / cell_e6 : (coordinate_e6 - cell_e6 + 1) / cell_e6;
  }
  static Row::const_iterator first_from(const Row& row, int32_t column);

  template <class Visit>
  void visit_cells(int32_t row, int32_t first, int32_t last, Visit& visit) const {
    const int64_t at = int64_t{row} - first_row_;
    if (at < 0 || at >= static_cast<int64_t>(rows_.size())) return;
    const Row& cells = rows_[static_cast<size_t>(at)];
    for (auto entry = first_from(cells, first); entry != cells.end() && entry->column <= last; ++entry) visit(*entry);
  }

  std::vector<Row> rows_;  // from the southernmost that has a site to the northernmost
  int32_t first_row_ = 0;
};

}  // namespace bayward::core

// Smoke under one ceiling: each place exchanges air with the places near it, the ventilation takes some away, a source
// gives some. One object per level; deterministic.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"

namespace bayward::physics {

struct Spread {
  double reach_m = 9;            // air moves between places nearer to each other than this
  double exchange_per_s = 0.02;  // share of the difference that passes in a second between places 2.5 m apart
  double away_per_s = 0.004;     // ventilation
};

class Smoke {
 public:
  struct Point {
    double east_m = 0;
    double north_m = 0;
  };
  explicit Smoke(std::vector<Point> places, Spread spread = {});

  // Obscuration that a place's own source adds, in %/m a second; 0 puts it out.
  void set_source(size_t place, double percent_per_m_s);
  void step(Duration length);
  // In %/m, as smoke alarms are rated (EN 14604: an alarm must sound between 0.05 and 0.2 dB/m, 1.1 to 4.5 %/m).
  double percent_per_m(size_t place) const { return density_.at(place); }
  bool clear() const;

 private:
  struct Neighbour {
    size_t place;
    double per_s;
  };
  Spread spread_;
  std::vector<double> density_;
  std::vector<double> source_;
  std::vector<std::vector<Neighbour>> near_;
};

}  // namespace bayward::physics

#include "sim/physics/smoke.h"

#include <algorithm>
#include <cmath>

namespace bayward::physics {
namespace {

constexpr Duration step_max = 1s;
constexpr double nearest_m = 2.5;
constexpr double nothing = 1e-4;
constexpr double full = 99.0;

}  // namespace

Smoke::Smoke(std::vector<Point> places, Spread spread)
    : spread_(spread), density_(places.size()), source_(places.size()), near_(places.size()) {
  for (size_t a = 0; a < places.size(); ++a) {
    for (size_t b = 0; b < places.size(); ++b) {
      const double metres = std::hypot(places[a].east_m - places[b].east_m, places[a].north_m - places[b].north_m);
      if (a == b || metres > spread.reach_m) continue;
      const double ratio = nearest_m / std::max(metres, nearest_m);
      near_[a].push_back({b, spread.exchange_per_s * ratio * ratio});
    }
  }
}

void Smoke::set_source(size_t place, double percent_per_m_s) {
  source_.at(place) = percent_per_m_s;
}

void Smoke::step(Duration length) {
  if (clear()) return;
  std::vector<double> next(density_.size());
  while (length > Duration{0}) {
    const Duration part = std::min(length, step_max);
    const double seconds = static_cast<double>(part.count()) / 1000;
    for (size_t place = 0; place < density_.size(); ++place) {
      double change = source_[place] - spread_.away_per_s * density_[place];
      for (const Neighbour& other : near_[place]) change += other.per_s * (density_[other.place] - density_[place]);
      next[place] = std::clamp(density_[place] + change * seconds, 0.0, full);
    }
    density_.swap(next);
    length -= part;
  }
}

bool Smoke::clear() const {
  return std::all_of(source_.begin(), source_.end(), [](double source) { return source == 0; }) &&
         std::all_of(density_.begin(), density_.end(), [](double density) { return density < nothing; });
}

}  // namespace bayward::physics

#include "core/tariff/readings.h"

#include <algorithm>
#include <tuple>

#include "base/limits.h"

namespace bayward {
namespace {

bool plausible(const MeterPoint& point) {
  return point.register_milliwh >= 0 && point.register_milliwh <= limits::register_milliwh_max;
}

// The longest subsequence whose register never falls, by patience sorting: last_of_length[n] is the lowest reading that
// ends a rising run of n + 1 readings.
std::vector<MeterPoint> longest_rising(const std::vector<MeterPoint>& points) {
  constexpr size_t none = SIZE_MAX;
  std::vector<size_t> last_of_length;
  std::vector<size_t> previous(points.size(), none);
  for (size_t i = 0; i < points.size(); ++i) {
    const auto longer =
        std::upper_bound(last_of_length.begin(), last_of_length.end(), points[i].register_milliwh,
                         [&](int64_t value, size_t other) { return value < points[other].register_milliwh; });
    if (longer != last_of_length.begin()) previous[i] = *std::prev(longer);
    if (longer == last_of_length.end()) {
      last_of_length.push_back(i);
    } else {
      *longer = i;
    }
  }
  std::vector<MeterPoint> rising;
  rising.reserve(last_of_length.size());
  for (size_t i = last_of_length.empty() ? none : last_of_length.back(); i != none; i = previous[i]) {
    rising.push_back(points[i]);
  }
  std::reverse(rising.begin(), rising.end());
  return rising;
}

}  // namespace

bool rises(std::span<const MeterPoint> readings) {
  for (size_t i = 0; i < readings.size(); ++i) {
    if (!plausible(readings[i])) return false;
    if (i == 0) continue;
    if (readings[i].at < readings[i - 1].at) return false;
    if (readings[i].register_milliwh < readings[i - 1].register_milliwh) return false;
  }
  return true;
}

std::vector<MeterPoint> rising_readings(std::span<const MeterPoint> readings, bool& defect) {
  std::vector<MeterPoint> points;
  points.reserve(readings.size());
  std::copy_if(readings.begin(), readings.end(), std::back_inserter(points), plausible);
  std::sort(points.begin(), points.end(), [](const MeterPoint& a, const MeterPoint& b) {
    return std::tie(a.at, a.register_milliwh) < std::tie(b.at, b.register_milliwh);
  });
  std::vector<MeterPoint> rising = longest_rising(points);
  if (rising.size() != readings.size()) defect = true;
  return rising;
}

RegisterAt RegisterCurve::at(Instant when) {
  while (index_ + 1 < readings_.size() && readings_[index_ + 1].at <= when) ++index_;
  const MeterPoint& before = readings_[index_];
  if (before.at == when || index_ + 1 == readings_.size()) return {before.register_milliwh, false};
  const MeterPoint& after = readings_[index_ + 1];
  const int64_t rise = after.register_milliwh - before.register_milliwh;
  const __int128 part = static_cast<__int128>(rise) * (when - before.at).count() / (after.at - before.at).count();
  return {before.register_milliwh + static_cast<int64_t>(part), rise > 0};
}

}  // namespace bayward

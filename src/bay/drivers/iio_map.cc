#include "bay/drivers/iio_map.h"

#include <array>
#include <cmath>
#include <set>

#include "base/limits.h"
#include "bay/safety/limits.h"

namespace bayward::bay {
namespace {

// IEC 61851-1 table A.4: the levels of the pilot with their tolerance of 1 V.
struct PilotLevel {
  double mv;
  safety::Pilot state;
};
constexpr std::array<PilotLevel, 6> pilot_levels = {{{12'000, safety::Pilot::a},
                                                     {9'000, safety::Pilot::b},
                                                     {6'000, safety::Pilot::c},
                                                     {3'000, safety::Pilot::d},
                                                     {0, safety::Pilot::e},
                                                     {-12'000, safety::Pilot::f}}};
constexpr double pilot_tolerance_mv = 1'000;

}  // namespace

bool iio_measures(safety::Channel channel) {
  const safety::ChannelRange& range = safety::range_of(channel);
  return range.lowest != 0 || range.highest != 1;
}

Status check(const IioMap& map) {
  std::set<std::string> devices;
  for (const IioPoint& point : map.points) devices.insert(point.device);
  if (map.points.size() <= safety::channel_count && devices.size() <= limits::bay_iio_devices) return Done{};
  return fail("at most " + std::to_string(limits::bay_iio_devices) + " devices and " +
              std::to_string(safety::channel_count) + " channels");
}

void cover(const IioMap& map, Coverage& out) {
  for (const IioPoint& point : map.points) out.measured.emplace_back(safety::range_of(point.what).word);
}

std::optional<int32_t> iio_value(const IioPoint& point, double kernel_value) {
  const double value = kernel_value * point.scale + point.offset;
  if (!std::isfinite(value) || std::abs(value) > 2e9) return std::nullopt;
  if (point.what != safety::Channel::pilot) return static_cast<int32_t>(std::lround(value));
  for (const PilotLevel& level : pilot_levels) {
    if (std::abs(value - level.mv) <= pilot_tolerance_mv) return static_cast<int32_t>(level.state);
  }
  return std::nullopt;
}

}  // namespace bayward::bay

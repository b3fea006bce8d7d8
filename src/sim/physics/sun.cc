#include "sim/physics/sun.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/prng.h"

namespace bayward::physics {
namespace {

constexpr double radians = std::numbers::pi / 180;
constexpr double mains_adapter_w = 10;  // charges the battery when the sun does not

}  // namespace

// Declination by Cooper's formula, the hour angle from UTC and longitude; the equation of time (16 min at most) is no
// matter for a lamp's battery.
double sun_height(const Spot& spot, Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const auto of_year = (day - std::chrono::sys_days{date.year() / 1 / 1}).count() + 1;
  const double declination =
      23.45 * radians * std::sin(2 * std::numbers::pi * (284.0 + static_cast<double>(of_year)) / 365);
  const double utc_h = static_cast<double>((at - day).count()) / 3.6e6;
  const double hour_angle = (15 * (utc_h - 12) + spot.longitude_deg) * radians;
  const double latitude = spot.latitude_deg * radians;
  return std::sin(latitude) * std::sin(declination) + std::cos(latitude) * std::cos(declination) * std::cos(hour_angle);
}

double panel_w(const Spot& spot, Instant at, double peak_w, uint64_t weather_seed) {
  const double height = sun_height(spot, at);
  if (height <= 0) return 0;
  const auto hour = unix_s(at) / 3600;
  const auto clouds = [&](int64_t when) { return Prng(weather_seed ^ static_cast<uint64_t>(when)).uniform(); };
  const double within = static_cast<double>(unix_s(at) % 3600) / 3600;
  const double cover = clouds(hour) * (1 - within) + clouds(hour + 1) * within;
  return peak_w * height * (1 - 0.75 * cover);
}

StoreFlow feed(BayStore& store, double solar_w, double load_w, bool mains, Duration length) {
  const double hours = static_cast<double>(length.count()) / 3.6e6;
  const double from_mains = mains ? load_w + mains_adapter_w : 0;
  const double over = std::min(solar_w + from_mains - load_w, store.charge_max_w);
  const double room_wh = store.capacity_wh - store.charged_wh;
  const double into_wh = std::clamp(over * hours, -store.charged_wh, room_wh);
  const bool starved = over * hours < -store.charged_wh;
  store.charged_wh += into_wh;
  return {hours > 0 ? into_wh / hours : 0, !starved};
}

}  // namespace bayward::physics

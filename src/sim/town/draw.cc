#include "sim/town/draw.h"

#include <algorithm>
#include <cmath>

namespace bayward::town {
namespace {

constexpr double taper_from = 0.8;
constexpr double full_at = 0.995;

double hours(Duration length) {
  return static_cast<double>(length.count()) / 3.6e6;
}
Duration from_hours(double length) {
  return Duration{static_cast<int64_t>(std::ceil(length * 3.6e6))};
}

class BatteryDraw : public Draw {
 public:
  BatteryDraw(const Battery& battery, double power_w) : power_w_(power_w) {
    const double capacity = static_cast<double>(battery.capacity_wh);
    const double charged = static_cast<double>(battery.charged_wh);
    steady_wh_ = std::max(0.0, taper_from * capacity - charged);
    // Where the taper begins, with the power that goes with it when the car comes fuller than that.
    taper_left_wh_ = capacity - std::max(charged, taper_from * capacity);
    time_constant_h_ = (1 - taper_from) * capacity / power_w_;
    const double missing_at_full = (1 - full_at) * capacity;
    const double taper_h =
        taper_left_wh_ <= missing_at_full ? 0.0 : time_constant_h_ * std::log(taper_left_wh_ / missing_at_full);
    length_h_ = steady_wh_ / power_w_ + taper_h;
  }

  int64_t wh_after(Duration powered) const override {
    const double h = std::clamp(hours(powered), 0.0, length_h_);
    const double steady_h = steady_wh_ / power_w_;
    if (h <= steady_h) return static_cast<int64_t>(power_w_ * h);
    const double tapered = taper_left_wh_ * (1 - std::exp(-(h - steady_h) / time_constant_h_));
    return static_cast<int64_t>(steady_wh_ + tapered);
  }
  Duration length() const override { return from_hours(length_h_); }

 private:
  double power_w_;
  double steady_wh_ = 0;
  double taper_left_wh_ = 0;
  double time_constant_h_ = 0;
  double length_h_ = 0;
};

class RecordedDraw : public Draw {
 public:
  RecordedDraw(int64_t wh, Duration charging) : wh_(wh), charging_(std::max(charging, Duration{1})) {}

  int64_t wh_after(Duration powered) const override {
    if (powered >= charging_) return wh_;
    if (powered <= Duration{0}) return 0;
    return static_cast<int64_t>(static_cast<__int128>(wh_) * powered.count() / charging_.count());
  }
  Duration length() const override { return charging_; }

 private:
  int64_t wh_;
  Duration charging_;
};

}  // namespace

std::shared_ptr<const Draw> battery_draw(const Battery& battery, int64_t charger_w) {
  const int64_t power_w = std::max<int64_t>(1, std::min(battery.power_max_w, charger_w));
  return std::make_shared<BatteryDraw>(battery, static_cast<double>(power_w));
}

std::shared_ptr<const Draw> recorded_draw(int64_t wh, Duration charging) {
  return std::make_shared<RecordedDraw>(wh, charging);
}

}  // namespace bayward::town

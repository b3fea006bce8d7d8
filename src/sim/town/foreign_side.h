// One EVSE of somebody else's charging station, as its drivers find it. The town's thread.
#pragma once

#include "sim/town/bay_side.h"
#include "sim/town/charge_point.h"

namespace bayward::town {

class ForeignSide final : public BaySide {
 public:
  ForeignSide(ChargePoint& point, int32_t evse) : point_(point), evse_(evse) {}

  void car_enters(const std::string& plate, Instant at) override { point_.car_enters(evse_, plate, at); }
  void car_leaves(Instant at) override { point_.car_leaves(evse_, at); }
  void plug_in(const Battery& battery, Instant at) override {
    point_.plug_in(evse_, battery_draw(battery, power_max_w()), at);
  }
  void unplug(Instant at) override { point_.unplug(evse_, at); }
  void show_card(const std::string& card, Instant at) override {
    point_.present_card(evse_, card, at, [](CardResult) {});
  }
  bool charging() const override { return point_.evse(evse_).transaction != nullptr; }
  int64_t power_max_w() const override { return point_.evse(evse_).power_max_w; }

 private:
  ChargePoint& point_;
  int32_t evse_;
};

}  // namespace bayward::town

// The meter register over time, from readings that may be few, late, out of order or wrong. Pure; part of price.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/tariff/price.h"

namespace bayward {

// In time order, the register within limits and never falling: the usual case, needing no repair.
bool rises(std::span<const MeterPoint> readings);

// The readings in time order without those that contradict (Invoice::register_defect says which); `defect` is set when
// any was left out. Arriving out of order alone is no defect.
std::vector<MeterPoint> rising_readings(std::span<const MeterPoint> readings, bool& defect);

struct RegisterAt {
  int64_t milliwh = 0;
  bool estimated = false;  // no reading at that instant, and energy flowed between those around it
};

// Asked for rising instants within the readings, it walks them once. Keeps a view: the readings must outlive it.
class RegisterCurve {
 public:
  explicit RegisterCurve(std::span<const MeterPoint> rising) : readings_(rising) {}
  // Of several readings at that instant, the last.
  RegisterAt at(Instant when);

 private:
  std::span<const MeterPoint> readings_;
  size_t index_ = 0;
};

}  // namespace bayward

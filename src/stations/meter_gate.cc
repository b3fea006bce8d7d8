#include "stations/meter_gate.h"

#include <algorithm>

namespace bayward::stations {

void MeterGate::set_boundaries(std::vector<Instant> boundaries) {
  boundaries_ = std::move(boundaries);
}

void MeterGate::told(const MeterPoint& reading) {
  last_ = reading;
  last_told_ = true;
  told_at_ = reading.at;
}

std::optional<MeterPoint> MeterGate::take_untold() {
  if (!last_ || last_told_) return std::nullopt;
  last_told_ = true;
  told_at_ = last_->at;
  return last_;
}

std::vector<MeterPoint> MeterGate::pass(const MeterPoint& reading, Duration live_every) {
  if (last_ && reading.at <= last_->at) return {};
  const auto next = std::upper_bound(boundaries_.begin(), boundaries_.end(), reading.at);
  const bool crosses = next != boundaries_.begin();
  boundaries_.erase(boundaries_.begin(), next);
  const bool live = !told_at_ || reading.at - *told_at_ >= live_every;
  std::vector<MeterPoint> out;
  if (crosses && last_ && !last_told_) out.push_back(*last_);
  last_ = reading;
  last_told_ = crosses || live;
  if (last_told_) {
    told_at_ = reading.at;
    out.push_back(reading);
  }
  return out;
}

}  // namespace bayward::stations

// The bay's idea of the time: what the central system last told it, carried on by the uptime (OCPP 2.0.1 B01.FR.06,
// G02.FR.03); before that what the operating system believes, marked as unsure: after a long power cut it may be a year
// off. A plain value.
#pragma once

#include <optional>

#include "bay/moment.h"

namespace bayward::bay {

class DeviceClock {
 public:
  Instant now(Moment moment) const { return told_ ? from_uptime(moment.up) : moment.wall; }
  bool sure() const { return told_.has_value(); }

  // Returns by how much times were wrong that were taken so far in this boot: to be added to them.
  Duration told(Instant central_time, Moment moment) {
    const Duration correction = told_ ? Duration{0} : central_time - moment.wall;
    told_ = Told{central_time, moment.up};
    return correction;
  }

 private:
  struct Told {
    Instant time;
    Uptime up;
  };
  Instant from_uptime(Uptime up) const { return told_->time + (up - told_->up); }
  std::optional<Told> told_;
};

}  // namespace bayward::bay

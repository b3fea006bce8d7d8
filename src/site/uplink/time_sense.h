// How sure the site is of the time (a machine may wake with a clock that is a year off), and who tells it. One thread.
#pragma once

#include "base/time.h"

namespace bayward::uplink {

class TimeSense {
 public:
  virtual ~TimeSense() = default;
  // False: now() is not before the real time's last known moment, and no more is known. What ends by the clock can't be
  // judged then.
  virtual bool sure() const = 0;
  // The platform's time, as of now.
  virtual void told(Instant time) = 0;
};

// Where nobody doubts the clock.
inline bool is_sure(const TimeSense* time) {
  return !time || time->sure();
}

}  // namespace bayward::uplink

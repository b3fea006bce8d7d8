// A clock that only goes forward, for state machines that measure how long ago something was. Its zero is arbitrary:
// never shown, never stored, never compared with a SystemClock (net/io.h).
#pragma once

#include <chrono>

#include "ports/clock.h"

namespace bayward::net {

class MonotonicClock final : public Clock {
 public:
  Instant now() const override {
    return Instant{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
  }
};

}  // namespace bayward::net

// A clock for demonstrations and replays: starts at a given time and runs a given number of times as fast. Any thread.
#pragma once

#include <chrono>
#include <cmath>

#include "ports/clock.h"

namespace bayward::net {

class ScaledClock final : public Clock {
 public:
  ScaledClock(Instant start, double speed) : start_(start), speed_(speed) {}

  Instant now() const override {
    const std::chrono::duration<double, std::milli> real = std::chrono::steady_clock::now() - real_start_;
    return start_ + Duration{std::llround(real.count() * speed_)};
  }

 private:
  const Instant start_;
  const double speed_;
  const std::chrono::steady_clock::time_point real_start_ = std::chrono::steady_clock::now();
};

}  // namespace bayward::net

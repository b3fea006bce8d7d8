// The clock as a port: only net (SystemClock, net/io.h) and the simulation implement it; the core is given its time.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/time.h"

namespace bayward {

// now() may be called from any thread. It may step either way: whoever needs order doesn't get it from here.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// For tests: stands still until it is set.
class FakeClock : public Clock {
 public:
  explicit FakeClock(Instant start = from_unix_ms(0)) : ms_(unix_ms(start)) {}

  Instant now() const override { return from_unix_ms(ms_.load()); }
  void set(Instant at) { ms_.store(unix_ms(at)); }
  void advance(Duration by) { ms_.fetch_add(by.count()); }

 private:
  std::atomic<int64_t> ms_;
};

}  // namespace bayward

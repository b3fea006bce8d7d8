// Rate limits by the generic cell rate algorithm (ITU-T I.371): one number per caller, the time at which its bucket
// will be full again. Lock-free; any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace bayward::api {

struct Rate {
  int64_t burst = 20;     // requests at once
  Duration interval{1s};  // one more every so often; zero: no limit
};

class Pace {
 public:
  // Zero: go on. Otherwise the time to wait.
  Duration admit(const Rate& rate, Instant now) {
    if (rate.interval <= Duration{0}) return Duration{0};
    const int64_t interval_ms = rate.interval.count();
    const int64_t now_ms = unix_ms(now);
    int64_t full_at = full_at_ms_.load(std::memory_order_relaxed);
    while (true) {
      const int64_t next = (full_at > now_ms ? full_at : now_ms) + interval_ms;
      const int64_t wait = next - now_ms - rate.burst * interval_ms;
      // After a clock that stepped back nobody waits longer than for a full bucket.
      if (wait > 0 && full_at - now_ms <= 2 * rate.burst * interval_ms) return Duration{wait};
      const int64_t mine = wait > 0 ? now_ms + interval_ms : next;
      if (full_at_ms_.compare_exchange_weak(full_at, mine, std::memory_order_relaxed)) return Duration{0};
    }
  }

 private:
  std::atomic<int64_t> full_at_ms_{0};
};

// One pace per key, in a table of fixed size: two keys that fall together share one, which only makes both slower. The
// seed is random, so nobody can aim at another.
class RateTable {
 public:
  RateTable(Rate rate, size_t places, uint64_t seed) : rate_(rate), seed_(seed), paces_(places) {}

  Duration admit(std::string_view key, Instant now) {
    uint64_t hash = 0xcbf29ce484222325ULL ^ seed_;
    for (const char c : key) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3ULL;
    hash = (hash ^ (hash >> 32) ^ seed_) * 0x9e3779b97f4a7c15ULL;
    return paces_[(hash >> 20) % paces_.size()].admit(rate_, now);
  }

 private:
  const Rate rate_;
  const uint64_t seed_;
  std::vector<Pace> paces_;
};

}  // namespace bayward::api

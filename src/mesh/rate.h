// A token bucket: `per_second` on average, twice as many at once. Internal to mesh.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace bayward::mesh {

class Rate {
 public:
  Rate(int64_t per_second, Instant now) : per_second_(per_second), milli_tokens_(full()), at_(now) {}

  bool take(Instant now) {
    const int64_t passed = std::clamp<int64_t>((now - at_).count(), 0, 60'000);
    at_ = std::max(at_, now);
    milli_tokens_ = std::min(full(), milli_tokens_ + passed * per_second_);
    if (milli_tokens_ < 1000) return false;
    milli_tokens_ -= 1000;
    return true;
  }

 private:
  int64_t full() const { return per_second_ * 2000; }
  int64_t per_second_;
  int64_t milli_tokens_;
  Instant at_;
};

}  // namespace bayward::mesh

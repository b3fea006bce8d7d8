#include "sim/town/real_town_time.h"

#include <algorithm>
#include <cmath>

namespace bayward::town {

void RealTownTime::synchronise(Instant server_now) {
  start_ = server_now;
  real_start_ = Steady::now();
}

Instant RealTownTime::now() const {
  const std::chrono::duration<double, std::milli> passed = Steady::now() - real_start_;
  return start_ + Duration{static_cast<int64_t>(passed.count() * speed_)};
}

Duration RealTownTime::in_real_time(Duration real) const {
  return Duration{static_cast<int64_t>(static_cast<double>(real.count()) * speed_)};
}

Duration RealTownTime::real_until(Instant when) const {
  const double town_ms = static_cast<double>((when - now()).count());
  return Duration{static_cast<int64_t>(std::ceil(std::max(0.0, town_ms / speed_)))};
}

void RealTownTime::at(Instant when, std::function<void()> work) {
  // Beyond a day of the machine's time nothing is waited for in one go.
  constexpr Duration longest = 24h;
  const Duration wait = real_until(when);
  if (wait <= longest) {
    io_.after(wait, std::move(work));
  } else {
    io_.after(longest, [this, when, work = std::move(work)]() mutable { at(when, std::move(work)); });
  }
}

}  // namespace bayward::town

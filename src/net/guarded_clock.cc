#include "net/guarded_clock.h"

#include <chrono>

namespace bayward::net {
namespace {

constexpr Duration follow_from{2s};      // less is the two clocks' reading one after the other
constexpr Duration set_back_most{5min};  // by NTP, of a clock that ran fast

}  // namespace

GuardedClock::GuardedClock(const Clock& machine, const Clock& monotonic, std::optional<Instant> last_known)
    : machine_(machine), monotonic_(monotonic), last_known_(last_known), began_(monotonic.now()) {
  const Instant time = machine_.now();
  sure_ = believable(time);
  (void)move_to(sure_ ? time : *last_known_);
}

bool GuardedClock::believable(Instant machine_time) const {
  if (!last_known_) return true;
  const Instant least = *last_known_ + (monotonic_.now() - began_);
  return machine_time >= least - set_back_most && machine_time <= least + longest_away;
}

Duration GuardedClock::move_to(Instant time) {
  const Duration by = time - now();
  offset_ms_ += by.count();
  return by;
}

Duration GuardedClock::tell(Instant time, Duration tolerance) {
  told_ = true;
  sure_ = true;
  const Duration wrong = time - now();
  if (wrong < tolerance && wrong > -tolerance) return Duration{0};
  return move_to(time);
}

Duration GuardedClock::look() {
  if (told_) return Duration{0};
  const Instant time = machine_.now();
  const Duration apart = time - now();
  if ((apart < follow_from && apart > -follow_from) || !believable(time)) return Duration{0};
  sure_ = true;
  return move_to(time);
}

}  // namespace bayward::net

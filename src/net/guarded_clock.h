// A clock for a machine whose own may be wrong, by a year after a dead battery. It runs on monotonic time from a
// beginning that is believed only when it can be: not before the last time that is known to have been, and not long
// after it. Otherwise it goes on from that last time and says that it is not sure, until the machine's clock has been
// set or somebody who knows tells the time. Reading it: any thread. tell() and look(): one thread.
#pragma once

#include <atomic>
#include <optional>

#include "ports/clock.h"

namespace bayward::net {

class GuardedClock final : public Clock {
 public:
  // The longest a machine is away for before its clock is doubted.
  static constexpr Duration longest_away = std::chrono::days{60};

  // `machine` and `monotonic` outlive this. Nothing known: the machine is believed.
  GuardedClock(const Clock& machine, const Clock& monotonic, std::optional<Instant> last_known);

  Instant now() const override { return monotonic_.now() + Duration{offset_ms_.load()}; }
  bool sure() const { return sure_.load(); }

  // By how much it was wrong; less than `tolerance` (the message was on its way) is nothing and changes nothing.
  Duration tell(Instant time, Duration tolerance);
  // Every few seconds: until somebody tells the time, the machine's clock is followed where it can be believed. By how
  // much this clock was moved.
  Duration look();

 private:
  bool believable(Instant machine_time) const;
  Duration move_to(Instant time);

  const Clock& machine_;
  const Clock& monotonic_;
  const std::optional<Instant> last_known_;
  const Instant began_;  // monotonic
  std::atomic<int64_t> offset_ms_{0};
  std::atomic<bool> sure_{false};
  bool told_ = false;
};

}  // namespace bayward::net

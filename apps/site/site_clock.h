// The site's clock (net/guarded_clock.h) with its last known time in the data directory: a controller that was off with
// a dead battery must not take an old right to charge for a live one. For demonstrations a scaled clock instead,
// believed as the command line gives it. The io thread; clock() is read anywhere.
#pragma once

#include <filesystem>
#include <memory>

#include "config.h"
#include "net/guarded_clock.h"
#include "net/io.h"
#include "net/monotonic_clock.h"
#include "site/uplink/time_sense.h"

namespace bayward {

class SiteClock final : public uplink::TimeSense {
 public:
  explicit SiteClock(const SiteConfig& config);

  Clock& clock() { return scaled_ ? *scaled_ : static_cast<Clock&>(*guarded_); }
  bool sure() const override { return !guarded_ || guarded_->sure(); }
  void told(Instant time) override;
  // About once a second.
  void tick();

 private:
  void keep();

  const std::filesystem::path file_;
  net::SystemClock machine_;
  net::MonotonicClock monotonic_;
  std::unique_ptr<Clock> scaled_;  // one of these two
  std::unique_ptr<net::GuardedClock> guarded_;
  Instant keep_at_{};  // monotonic
  bool complained_ = false;
};

}  // namespace bayward

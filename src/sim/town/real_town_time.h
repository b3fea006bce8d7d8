// Town time by the machine's clock, at the server's speed: start + (real - real0) x speed, as `bayward-server serve
// --clock-speed` computes it. Any thread may ask now(); the rest belongs to the io thread.
#pragma once

#include <chrono>

#include "net/io.h"
#include "sim/town/town_time.h"

namespace bayward::town {

class RealTownTime : public TownTime {
 public:
  RealTownTime(net::IoContext& io, Instant start, double speed) : io_(io), start_(start), speed_(speed) {}

  // The server's clock just said so.
  void synchronise(Instant server_now);
  double speed() const { return speed_; }

  Instant now() const override;
  void at(Instant when, std::function<void()> work) override;
  Duration in_real_time(Duration real) const override;
  // How long of the machine's time until then.
  Duration real_until(Instant when) const;

 private:
  using Steady = std::chrono::steady_clock;

  net::IoContext& io_;
  Instant start_;
  double speed_;
  Steady::time_point real_start_ = Steady::now();
};

}  // namespace bayward::town

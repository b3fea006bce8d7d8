// For tests: time that passes when it is told to.
#pragma once

#include <map>
#include <utility>

#include "sim/town/town_time.h"

namespace bayward::town {

class FakeTownTime : public TownTime {
 public:
  explicit FakeTownTime(Instant start) : now_(start) {}

  Instant now() const override { return now_; }
  void at(Instant when, std::function<void()> work) override { waiting_.emplace(when, std::move(work)); }
  Duration in_real_time(Duration real) const override { return real; }

  // Runs what falls due on the way, in order, each at its own time.
  void run_until(Instant end) {
    while (!waiting_.empty() && waiting_.begin()->first <= end) {
      auto next = waiting_.extract(waiting_.begin());
      now_ = std::max(now_, next.key());
      next.mapped()();
    }
    now_ = std::max(now_, end);
  }
  void run_for(Duration length) { run_until(now_ + length); }

 private:
  Instant now_;
  std::multimap<Instant, std::function<void()>> waiting_;
};

}  // namespace bayward::town

// Virtual time: what happens next, in order. One thread; ties are resolved by order of scheduling, so a seed always
// runs the same way.
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "base/time.h"

namespace bayward::sim {

class Scheduler {
 public:
  explicit Scheduler(Instant start) : now_(start) {}

  Instant now() const { return now_; }
  uint64_t steps() const { return steps_; }
  void at(Instant when, std::function<void()> what) { queue_.push({std::max(when, now_), next_++, std::move(what)}); }
  void after(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

  // Runs the next thing if it is due before `until`; otherwise moves the time there and says false.
  bool run_one(Instant until) {
    if (queue_.empty() || queue_.top().when > until) {
      now_ = std::max(now_, until);
      return false;
    }
    now_ = queue_.top().when;
    const std::function<void()> what = std::move(const_cast<Item&>(queue_.top()).what);
    queue_.pop();
    ++steps_;
    what();
    return true;
  }

 private:
  struct Item {
    Instant when;
    uint64_t order;
    std::function<void()> what;
    bool operator<(const Item& other) const { return when != other.when ? when > other.when : order > other.order; }
  };
  std::priority_queue<Item> queue_;
  Instant now_;
  uint64_t next_ = 0;
  uint64_t steps_ = 0;
};

}  // namespace bayward::sim

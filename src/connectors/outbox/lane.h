// What waits for one channel: at most limits::alarm_sends under way, danger before the rest, else in order. One thread.
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "base/limits.h"

namespace bayward::outbox {

class Lane {
 public:
  // Begins to send; false: it isn't wanted any more. Whoever said true says free() when it is done.
  using Work = std::function<bool()>;

  void add(bool urgent, Work work) {
    (urgent ? urgent_ : other_).push_back(std::move(work));
    go_on();
  }
  void free() {
    --under_way_;
    go_on();
  }

 private:
  void go_on() {
    while (under_way_ < limits::alarm_sends && !(urgent_.empty() && other_.empty())) {
      std::deque<Work>& from = urgent_.empty() ? other_ : urgent_;
      const Work work = std::move(from.front());
      from.pop_front();
      ++under_way_;
      if (!work()) --under_way_;
    }
  }

  std::deque<Work> urgent_;
  std::deque<Work> other_;
  size_t under_way_ = 0;
};

}  // namespace bayward::outbox

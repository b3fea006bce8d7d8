// The clock and the timers that everything in the town lives by. One thread owns the town: all of its classes, and
// everything given to at(), run there.
#pragma once

#include <functional>

#include "base/time.h"

namespace bayward::town {

class TownTime {
 public:
  virtual ~TownTime() = default;
  virtual Instant now() const = 0;
  // Calls `work` once now() has reached `when`, never from inside at(). What has been given can't be taken back:
  // whoever may be gone by then keeps a token of its own.
  virtual void at(Instant when, std::function<void()> work) = 0;
  // How much town time passes in so much time of the machine: for patience with sockets, which don't speed up.
  virtual Duration in_real_time(Duration real) const = 0;
};

}  // namespace bayward::town

// Whose messages are new: this gateway's own counter, and for every other sender which numbers were heard already. Made
// durable by a CounterStore ahead of use, so that a reboot neither repeats a number nor takes an old recording for new.
#pragma once

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "mesh/counters.h"
#include "mesh/mac.h"

namespace bayward::mesh {

// Numbers heard from one sender: the highest, and which of those just below it.
class ReplayWindow {
 public:
  explicit ReplayWindow(uint64_t heard_up_to = 0) : highest_(heard_up_to) { seen_.set(); }

  enum class Verdict : uint8_t { fresh, duplicate, too_old };
  // Remembers the number when it is fresh.
  Verdict take(uint64_t counter);
  uint64_t highest() const { return highest_; }

 private:
  static constexpr size_t size = 256;
  uint64_t highest_;
  std::bitset<size> seen_;  // bit i: highest_ - i was heard; what was before the start counts as heard
};

class Senders {
 public:
  // `floor` lifts the own counter when the store was lost: the wall clock in milliseconds, since nobody sends that
  // fast.
  Senders(CounterStore& store, uint64_t floor, Instant now);

  uint64_t next();
  // The others have heard higher numbers from us: store and clock were lost.
  void lift(uint64_t at_least);

  // Nothing is known about the sender yet: without prove() its messages could be old recordings.
  bool proven(const MacAddress& sender) const { return windows_.contains(sender); }
  // From now on numbers above `heard_up_to` are fresh. Nothing changes for a sender that is known.
  void prove(const MacAddress& sender, uint64_t heard_up_to, Instant now);
  ReplayWindow::Verdict take(const MacAddress& sender, uint64_t counter, Instant now);

  // Writes what is due: a further block of numbers, and what was heard. Returns what failed, once per failure.
  std::optional<std::string> poll(Instant now);
  Instant next_poll() const;
  std::optional<std::string> load_failure() const { return load_failure_; }

 private:
  struct Known {
    ReplayWindow window;
    Instant heard;
  };
  CounterStore& store_;
  std::map<MacAddress, Known> windows_;
  uint64_t next_ = 1;
  uint64_t durable_below_ = 0;  // numbers below it may be used
  bool changed_ = false;
  bool failing_ = false;  // the last save failed: tried again only when it is due
  Instant next_save_;
  std::optional<std::string> load_failure_;
};

}  // namespace bayward::mesh

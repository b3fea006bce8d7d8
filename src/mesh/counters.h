// What a gateway must not forget over a reboot: how far its own counter went, and how far it has heard each other
// gateway's. Without it an old recording of a message could be played back as new.
#pragma once

#include <cstdint>
#include <map>

#include "base/result.h"
#include "mesh/mac.h"

namespace bayward::mesh {

struct CounterState {
  uint64_t own_next = 0;                 // every number below it may have been used
  std::map<MacAddress, uint64_t> heard;  // the highest number heard from each gateway

  friend bool operator==(const CounterState&, const CounterState&) = default;
};

// Called by the node on its owner's thread and never on the way of an alarm: from poll(), a block of numbers ahead.
// Implementations: file_counter_store.h; the bay keeps it in its own database.
class CounterStore {
 public:
  virtual ~CounterStore() = default;
  // Empty state when there is none yet; a failure when there is one that can't be read.
  virtual Result<CounterState> load() = 0;
  // Durable when it returns.
  virtual Status save(const CounterState& state) = 0;
};

// Remembers as long as it lives: for tests and for links on one machine.
class MemoryCounterStore final : public CounterStore {
 public:
  Result<CounterState> load() override { return state_; }
  Status save(const CounterState& state) override {
    state_ = state;
    return Done{};
  }

 private:
  CounterState state_;
};

}  // namespace bayward::mesh

#include "mesh/senders.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// What was heard is written so often. A recording of the time since can be played back to a gateway that has just
// rebooted; the versions of the records make that harmless, and its neighbours put it right at once.
constexpr Duration save_every = 60s;

}  // namespace

ReplayWindow::Verdict ReplayWindow::take(uint64_t counter) {
  if (counter > highest_) {
    const uint64_t ahead = counter - highest_;
    if (ahead >= size) {
      seen_.reset();
    } else {
      seen_ <<= ahead;
    }
    seen_.set(0);
    highest_ = counter;
    return Verdict::fresh;
  }
  const uint64_t behind = highest_ - counter;
  if (behind >= size) return Verdict::too_old;
  if (seen_.test(behind)) return Verdict::duplicate;
  seen_.set(behind);
  return Verdict::fresh;
}

Senders::Senders(CounterStore& store, uint64_t floor, Instant now) : store_(store), next_save_(now) {
  auto loaded = store.load();
  CounterState state;
  if (loaded) {
    state = *std::move(loaded);
  } else {
    load_failure_ = loaded.error().message;
  }
  next_ = std::max({state.own_next, floor, uint64_t{1}});
  durable_below_ = state.own_next;
  for (const auto& [sender, highest] : state.heard) prove(sender, highest, now);
  changed_ = false;
}

uint64_t Senders::next() {
  return next_++;
}

void Senders::lift(uint64_t at_least) {
  next_ = std::max(next_, at_least);
}

Instant Senders::next_poll() const {
  return durable_below_ <= next_ && !failing_ ? Instant::min() : next_save_;
}

void Senders::prove(const MacAddress& sender, uint64_t heard_up_to, Instant now) {
  if (windows_.contains(sender)) return;
  if (windows_.size() == limits::mesh_senders) {
    windows_.erase(std::ranges::min_element(windows_, {}, [](const auto& entry) { return entry.second.heard; }));
  }
  windows_.emplace(sender, Known{ReplayWindow(heard_up_to), now});
  changed_ = true;
}

ReplayWindow::Verdict Senders::take(const MacAddress& sender, uint64_t counter, Instant now) {
  const auto known = windows_.find(sender);
  if (known == windows_.end()) return ReplayWindow::Verdict::too_old;
  const auto verdict = known->second.window.take(counter);
  if (verdict == ReplayWindow::Verdict::fresh) {
    known->second.heard = now;
    changed_ = true;
  }
  return verdict;
}

std::optional<std::string> Senders::poll(Instant now) {
  const bool block_needed = next_ + limits::mesh_counters_ahead / 2 >= durable_below_;
  const bool used_up = durable_below_ <= next_ && !failing_;
  if (now < next_save_ && !used_up) return std::nullopt;
  if (!block_needed && !changed_) {
    next_save_ = now + save_every;
    return std::nullopt;
  }
  next_save_ = now + save_every;
  CounterState state;
  state.own_next = next_ + limits::mesh_counters_ahead;
  for (const auto& [sender, known] : windows_) state.heard.emplace(sender, known.window.highest());
  const Status saved = store_.save(state);
  failing_ = !saved;
  if (failing_) return saved.error().message;
  durable_below_ = state.own_next;
  changed_ = false;
  return std::nullopt;
}

}  // namespace bayward::mesh

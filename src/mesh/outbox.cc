#include "mesh/outbox.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace bayward::mesh {

void Outbox::send(size_t interface, Urgency urgency, Bytes frame) {
  if (!up_[interface]) return;
  ++counters.frames_sent;
  frames_.push_back({urgency, {interface, std::move(frame)}});
}

void Outbox::relay(size_t from, Urgency urgency, const Bytes& frame) {
  for (size_t i = 0; i < up_.size(); ++i) {
    if (i == from || !up_[i]) continue;
    Bytes copy = frame;
    set_source(copy, config_.interfaces[i].mac);
    ++counters.relayed;
    send(i, urgency, std::move(copy));
  }
}

void Outbox::tell(Event event) {
  const bool again = std::holds_alternative<TopologyChanged>(event) && !events_.empty() &&
                     std::holds_alternative<TopologyChanged>(events_.back());
  if (again) return;
  if (events_.size() >= limits::mesh_events) {
    const auto state = std::ranges::find_if(
        events_, [](const Event& waiting) { return std::holds_alternative<StateReceived>(waiting); });
    if (state != events_.end()) events_.erase(state);
  }
  events_.push_back(std::move(event));
}

std::vector<OutFrame> Outbox::take_frames() {
  std::ranges::stable_sort(frames_, {}, &Waiting::urgency);
  std::vector<OutFrame> out;
  out.reserve(frames_.size());
  for (Waiting& waiting : frames_) out.push_back(std::move(waiting.frame));
  frames_.clear();
  return out;
}

std::vector<Event> Outbox::take_events() {
  return std::exchange(events_, {});
}

}  // namespace bayward::mesh

#include "ports/memory_bus.h"

#include <algorithm>

namespace bayward {

struct MemoryBus::Port final : MeshLink {
  Port(MemoryBus& owner, size_t at, std::string called) : bus(owner), segment(at), label(std::move(called)) {}

  bool send(std::span<const uint8_t> frame) override {
    bus.transmit(*this, frame);
    return true;
  }
  void on_frame(std::function<void(std::span<const uint8_t>)> to) override { receiver = std::move(to); }
  void on_carrier(std::function<void(bool)> to) override { carrier = std::move(to); }
  std::string name() const override { return label; }

  MemoryBus& bus;
  size_t segment;
  std::string label;
  std::function<void(std::span<const uint8_t>)> receiver;
  std::function<void(bool)> carrier;
};

MemoryBus::MemoryBus(uint64_t seed, Instant now) : prng_(seed), now_(now) {}
MemoryBus::~MemoryBus() = default;

size_t MemoryBus::add_segment(const Faults& faults) {
  segments_.push_back({faults, false, {}});
  return segments_.size() - 1;
}

void MemoryBus::set_faults(size_t segment, const Faults& faults) {
  segments_.at(segment).faults = faults;
}

void MemoryBus::cut(size_t segment, bool is_cut, bool carrier) {
  Segment& here = segments_.at(segment);
  here.is_cut = is_cut;
  if (is_cut) std::erase_if(flights_, [segment](const auto& entry) { return entry.second.segment == segment; });
  if (!carrier) return;
  for (Port* port : here.ports) {
    if (port->carrier) port->carrier(!is_cut);
  }
}

MeshLink& MemoryBus::attach(size_t segment, std::string name) {
  ports_.push_back(std::make_unique<Port>(*this, segment, std::move(name)));
  segments_.at(segment).ports.push_back(ports_.back().get());
  return *ports_.back();
}

Duration MemoryBus::draw_delay(const Faults& faults) {
  Duration delay{prng_.between(faults.delay_min.count(), std::max(faults.delay_min, faults.delay_max).count())};
  if (prng_.chance(faults.reorder_per_mille, 1000)) delay += Duration{prng_.between(0, faults.reorder_by.count())};
  return delay;
}

void MemoryBus::transmit(Port& from, std::span<const uint8_t> frame) {
  const Segment& here = segments_[from.segment];
  ++frames_sent_;
  if (tap_) tap_(from.segment, frame);
  if (here.is_cut) return;
  for (Port* to : here.ports) {
    if (to == &from || prng_.chance(here.faults.loss_per_mille, 1000)) continue;
    const int copies = prng_.chance(here.faults.duplicate_per_mille, 1000) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      flights_.emplace(std::pair{now_ + draw_delay(here.faults), ++order_},
                       Flight{from.segment, to, {frame.begin(), frame.end()}});
    }
  }
}

void MemoryBus::advance(Instant now) {
  while (!flights_.empty() && flights_.begin()->first.first <= now) {
    const auto first = flights_.begin();
    now_ = std::max(now_, first->first.first);
    const Flight flight = std::move(first->second);
    flights_.erase(first);
    if (!flight.to->receiver) continue;
    ++frames_delivered_;
    flight.to->receiver(flight.frame);
  }
  now_ = std::max(now_, now);
}

std::optional<Instant> MemoryBus::next_delivery() const {
  if (flights_.empty()) return std::nullopt;
  return flights_.begin()->first.first;
}

}  // namespace bayward

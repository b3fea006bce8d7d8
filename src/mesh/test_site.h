// For tests: gateways on a memory bus under virtual time, and everything they were told.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "mesh/driver.h"
#include "ports/clock.h"
#include "ports/memory_bus.h"

namespace bayward::mesh::test {

inline MacAddress al_mac_of(size_t gateway) {
  return {{0x02, 0, 0x5e, 0, 0x53, static_cast<uint8_t>(gateway + 1)}};
}
inline MacAddress interface_mac_of(size_t gateway, size_t interface) {
  return {{0x02, 1, static_cast<uint8_t>(gateway + 1), 0, 0x53, static_cast<uint8_t>(interface)}};
}
inline KeyRing test_keys() {
  SiteKey key{};
  key.fill(7);
  return {{{1, key}}, 1};
}
inline NodeConfig test_config(size_t gateway, size_t interfaces) {
  NodeConfig config;
  config.al_mac = al_mac_of(gateway);
  for (size_t i = 0; i < interfaces; ++i) {
    config.interfaces.push_back({interface_mac_of(gateway, i), MediaType::gigabit_ethernet});
  }
  config.keys = test_keys();
  config.oui = {0x02, 0xBA, 0x11};
  config.name = "gateway " + std::to_string(gateway + 1);
  config.boot_nonce = 0x1000 + gateway;
  return config;
}

// A segment is the list of gateways on it. Two make a cable, more a switch.
using Segments = std::vector<std::vector<size_t>>;

inline Segments line_of(size_t count) {
  Segments out;
  for (size_t i = 0; i + 1 < count; ++i) out.push_back({i, i + 1});
  return out;
}

class Site {
 public:
  Site(size_t count, Segments segments, const MemoryBus::Faults& faults = {}, uint64_t seed = 1)
      : bus(seed, clock.now()), segments_(std::move(segments)), gateways_(count) {
    for (size_t s = 0; s < segments_.size(); ++s) {
      bus.add_segment(faults);
      for (const size_t gateway : segments_[s]) {
        gateways_[gateway].links.push_back(&bus.attach(s, "g" + std::to_string(gateway)));
      }
    }
    for (size_t i = 0; i < count; ++i) gateways_[i].config = test_config(i, gateways_[i].links.size());
  }

  NodeConfig& config(size_t gateway) { return gateways_[gateway].config; }
  Driver& driver(size_t gateway) { return *gateways_[gateway].driver; }
  const Node& node(size_t gateway) { return gateways_[gateway].driver->node(); }
  std::vector<Event>& events(size_t gateway) { return gateways_[gateway].events; }
  size_t size() const { return gateways_.size(); }

  void start(size_t i) {
    Gateway& gateway = gateways_[i];
    gateway.driver = std::make_unique<Driver>(
        Node(gateway.config, *gateway.store, clock.now()), gateway.links, clock,
        [this](Duration delay, std::function<void()> work) {
          timers_.emplace(std::pair{clock.now() + delay, ++order_}, std::move(work));
        },
        [&gateway](const Event& event) { gateway.events.push_back(event); });
  }
  void stop(size_t i) { gateways_[i].driver.reset(); }
  // With a new nonce, as after power was lost.
  void restart(size_t i) {
    stop(i);
    gateways_[i].config.boot_nonce += 0x10000;
    start(i);
  }
  void lose_store(size_t i) { gateways_[i].store = std::make_unique<MemoryCounterStore>(); }
  void start_all() {
    for (size_t i = 0; i < gateways_.size(); ++i) start(i);
  }

  // Runs until `done`, at most so long; says whether it came.
  template <class Done>
  bool run_until(Done done, Duration longest) {
    const Instant end = clock.now() + longest;
    while (!done()) {
      Instant next = timers_.empty() ? end : timers_.begin()->first.first;
      if (const auto frame = bus.next_delivery()) next = std::min(next, *frame);
      if (next > end) {
        clock.set(end);
        bus.advance(end);
        return done();
      }
      clock.set(std::max(next, clock.now()));
      bus.advance(clock.now());
      while (!timers_.empty() && timers_.begin()->first.first <= clock.now()) {
        const auto work = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        work();
      }
    }
    return true;
  }
  void run(Duration length) {
    run_until([] { return false; }, length);
  }
  bool all_know_all() {
    return std::ranges::all_of(gateways_, [this](const Gateway& gateway) {
      return !gateway.driver || gateway.driver->node().gateways().size() + 1 == running();
    });
  }
  size_t running() const {
    return static_cast<size_t>(std::ranges::count_if(gateways_, [](const Gateway& g) { return g.driver != nullptr; }));
  }
  bool converge(Duration longest = 60s) {
    return run_until([this] { return all_know_all(); }, longest);
  }

  template <class T>
  size_t count(size_t gateway) const {
    return static_cast<size_t>(std::ranges::count_if(
        gateways_[gateway].events, [](const Event& event) { return std::holds_alternative<T>(event); }));
  }
  template <class T>
  const T* last(size_t gateway) const {
    const auto& events = gateways_[gateway].events;
    for (auto it = events.rbegin(); it != events.rend(); ++it) {
      if (const T* found = std::get_if<T>(&*it)) return found;
    }
    return nullptr;
  }
  bool has_alarm(size_t gateway, const AlarmId& id, bool cleared = false) {
    const auto alarms = node(gateway).alarms();
    return std::ranges::any_of(alarms, [&](const Alarm& one) { return one.id == id && one.cleared == cleared; });
  }

  FakeClock clock{from_unix_ms(1'000'000)};
  MemoryBus bus;

 private:
  struct Gateway {
    NodeConfig config;
    std::unique_ptr<MemoryCounterStore> store = std::make_unique<MemoryCounterStore>();
    std::vector<MeshLink*> links;
    std::vector<Event> events;
    std::unique_ptr<Driver> driver;
  };
  Segments segments_;
  std::vector<Gateway> gateways_;
  std::map<std::pair<Instant, uint64_t>, std::function<void()>> timers_;
  uint64_t order_ = 0;
};

inline AlarmContent fire_at(std::string bay) {
  AlarmContent out;
  out.kind = AlarmKind::connector_hot;
  out.level = AlarmLevel::danger;
  out.value_milli = 91'500;
  out.unit = "Cel";
  out.device = "pile-" + bay;
  out.bay = std::move(bay);
  out.address = "12 Lake Road, level -1";
  return out;
}

}  // namespace bayward::mesh::test

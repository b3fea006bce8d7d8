// The local mesh of the town's garage, all in this process: a gateway for every bay of ours (or a few of them), two
// gates on each level, the site's gateway. A level's gateways share one segment; its west and its east gate join it to
// the west and the east riser, both of which end at the site's gateway, so that either riser may be cut.
//
// The mesh lives by the machine's clock, not by the town's: how long an alarm takes is how long it takes. Frames go
// through memory, so what is measured is the work of the gateways, without the flight time of a real power line.
// The town's thread.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bay/bay_state.h"
#include "mesh/driver.h"
#include "net/io.h"
#include "ports/memory_bus.h"

namespace bayward::town {

class TownMesh {
 public:
  // `told` hears every event of every gateway, with the gateway's name.
  using Told = std::function<void(const std::string& gateway, const mesh::Event& event)>;

  TownMesh(net::IoContext& io, uint64_t seed, Told told);
  ~TownMesh();

  // The site's gateway and the gates of so many levels.
  void build(size_t levels, const std::string& site_name);
  // Bays of one level share gateways so that the mesh stays within limits::mesh_gateways. `total`: bays in the town.
  void add_bay(const std::string& label, size_t level, size_t total);

  // A bay's agent speaks.
  void publish(const std::string& label, const bay::BayState& state);
  void raise(const bay::BayAlarm& alarm);
  // Both risers' gateways find each other within seconds; all of them.
  bool complete() const;
  size_t gateways() const { return members_.size(); }
  std::string gateway_of(const std::string& label) const;
  const mesh::Node* site_node() const;

  enum class Riser : uint8_t { west, east };
  void cut(Riser riser, bool is_cut);

 private:
  struct Member {
    std::string name;
    mesh::MacAddress mac;
    std::unique_ptr<mesh::MemoryCounterStore> counters = std::make_unique<mesh::MemoryCounterStore>();
    std::unique_ptr<mesh::Driver> driver;
  };
  struct BayPlace {
    Member* member = nullptr;
    uint8_t index = 0;
    mesh::BayState published;
  };
  class MachineClock final : public Clock {
   public:
    Instant now() const override;

   private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  };

  Member& add_member(std::string name, const std::vector<size_t>& segments, uint8_t priority);
  void deliver();

  net::IoContext& io_;
  Prng random_;
  Told told_;
  MachineClock clock_;
  MemoryBus bus_;
  mesh::KeyRing keys_;
  std::vector<size_t> level_segments_;
  size_t west_ = 0;
  size_t east_ = 0;
  std::list<Member> members_;
  std::map<std::string, BayPlace> bays_;                            // by label
  std::map<size_t, std::pair<Member*, uint8_t>> filling_;           // by level: a gateway with room
  std::map<std::pair<std::string, uint32_t>, mesh::AlarmId> open_;  // by device and its number
  bool delivering_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace bayward::town

// Keeps in the vault what belongs to watch lists for as long as it is needed and no longer (B5): the plate of a hit
// until the police have it, the text of an order until it ends, a bay's reading until the car has left. And tells links
// that want them of the vehicles that are seen.
//
// hear() is called by the engine's committing thread; everything else happens in what `post` runs, on one thread. It
// outlives the engine's threads, and what `post` runs never outlives it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "connectors/police/viid_words.h"
#include "ports/engine.h"
#include "ports/vault.h"

namespace bayward::police {

class WatchKeeper {
 public:
  struct Ports {
    EngineDoor& engine;
    Vault& vault;
    std::function<void(std::function<void()>)> post;
  };
  // Subscribes to the engine: at start-up, before traffic. `seen` (may be empty) is told of every vehicle.
  WatchKeeper(Ports ports, std::function<void(const Sighting&)> seen);
  WatchKeeper(const WatchKeeper&) = delete;
  WatchKeeper& operator=(const WatchKeeper&) = delete;

  // Once the engine runs: hits that were open before.
  void start();

 private:
  void hear(const CommittedRecord& record);
  void keep_hit(IncidentId incident, BayId bay);
  void forget(const VaultKey& key);
  void tell(const core::PlateLookedUp& look, uint32_t number);

  const Ports ports_;
  const std::function<void(const Sighting&)> seen_;
  std::set<IncidentId> hits_;
};

}  // namespace bayward::police

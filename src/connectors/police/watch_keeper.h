// Keeps in the vault what belongs to watch lists for as long as it is needed and no longer (B5): the plate of a hit
// until the police have it, the text of an order until it ends, a bay's reading until the car has left. And tells links
// that want them of the vehicles that are seen, with the picture where they may have it: that it goes out is on record
// before it does (F3).
//
// hear() is called by the engine's committing thread; everything else happens in what `post` runs, on one thread. It
// outlives the engine's threads, and what `post` runs never outlives it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/police/viid_words.h"
#include "ports/engine.h"
#include "ports/plate_picture.h"
#include "ports/vault.h"

namespace bayward::police {

class WatchKeeper {
 public:
  struct Ports {
    EngineDoor& engine;
    Vault& vault;
    std::function<void(std::function<void()>)> post;
  };
  // Who is told of every vehicle; it may have pictures.
  struct Desk {
    std::string name;
    bool pictures = false;
    std::function<void(const Sighting&)> seen;
  };
  // Subscribes to the engine: at start-up, before traffic.
  WatchKeeper(Ports ports, std::vector<Desk> desks);
  WatchKeeper(const WatchKeeper&) = delete;
  WatchKeeper& operator=(const WatchKeeper&) = delete;

  // Once the engine runs: hits that were open before.
  void start();
  // Now and then: pictures whose time is over, of cars that nobody has seen leaving.
  void erase_old(Instant now);

 private:
  void hear(const CommittedRecord& record);
  void keep_hit(IncidentId incident, BayId bay);
  void forget(const VaultKey& key);
  void tell(const core::PlateLookedUp& look, uint32_t number);
  void give(const Desk& desk, const Sighting& sighting, const core::PlateLookedUp& look);
  std::optional<PlatePicture> picture_of(BayId bay, std::string_view plate);

  const Ports ports_;
  const std::vector<Desk> desks_;
  std::set<IncidentId> hits_;
};

}  // namespace bayward::police

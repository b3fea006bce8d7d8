// What one seed's town and its troubles are like. Everything is drawn from the seed before the run starts.
#pragma once

#include <cstdint>

#include "base/prng.h"
#include "base/time.h"
#include "engine/engine.h"
#include "journal/faulty/faulty_journal.h"

namespace bayward::sim {

struct Profile {
  EngineOptions engine;
  FaultPlan disk;

  // The network between clients and engine; chances out of 1000 per message.
  uint32_t lost = 0;
  uint32_t doubled = 0;
  uint32_t delayed = 0;  // by up to a minute, so that later ones overtake it
  bool stations_keep_order = true;

  // The machine.
  Duration kill_every{0};          // on average; 0: never
  Duration clock_step_every{0};    // on average; 0: never
  uint32_t kill_after_commit = 0;  // of 1000 commits
  uint32_t snapshot_after_commit = 0;
  bool storm = false;  // for some minutes it dies after nearly every commit
  bool flood = false;  // once, more requests come at once than the inbox holds

  // The town.
  int sites = 2;
  int bays_per_site = 4;
  uint32_t controlled = 0;  // of 1000 sites have a controller of their own
  int drivers = 40;
  Duration think{60min};  // of each driver, on average
};

Profile draw_profile(Prng& prng);

}  // namespace bayward::sim

#include "sim/det/profile.h"

#include <algorithm>

namespace bayward::sim {
namespace {

uint32_t sometimes(Prng& prng, uint32_t most) {
  return prng.chance(2, 3) ? static_cast<uint32_t>(prng.below(most + 1)) : 0;
}

}  // namespace

Profile draw_profile(Prng& prng) {
  Profile profile;
  profile.engine.chain_sagas = prng.chance(1, 2);
  profile.disk.unavailable = sometimes(prng, 20);
  profile.disk.unavailable_run_max = 6;
  profile.disk.crash_lost = sometimes(prng, 10);
  profile.disk.crash_kept = sometimes(prng, 10);
  profile.disk.crash_torn = sometimes(prng, 10);
  profile.disk.snapshot_fails = sometimes(prng, 200);
  profile.disk.snapshot_damaged = sometimes(prng, 200);
  profile.lost = sometimes(prng, 150);
  profile.doubled = sometimes(prng, 150);
  profile.delayed = sometimes(prng, 100);
  profile.stations_keep_order = prng.chance(2, 3);
  if (prng.chance(1, 2)) profile.kill_every = std::chrono::minutes{prng.between(20, 300)};
  if (prng.chance(1, 3)) profile.clock_step_every = std::chrono::minutes{prng.between(60, 400)};
  profile.kill_after_commit = sometimes(prng, 5);
  profile.snapshot_after_commit = sometimes(prng, 20);
  profile.storm = !profile.engine.chain_sagas && prng.chance(1, 2);
  profile.flood = prng.chance(1, 25);
  profile.sites = static_cast<int>(prng.between(1, 3));
  profile.bays_per_site = static_cast<int>(prng.between(2, 6));
  profile.drivers = prng.chance(1, 40) ? 2000 : static_cast<int>(prng.between(10, 80));
  // One request a few minutes in the whole town, however many live there: the bays are few.
  profile.think = std::chrono::seconds{prng.between(120, 400) * profile.drivers};
  profile.controlled = prng.chance(2, 3) ? 700 : 0;
  return profile;
}

}  // namespace bayward::sim

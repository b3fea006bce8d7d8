// One driver's trip: find, book, come (or not), park, charge, leave. The town's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/prng.h"
#include "sim/town/community.h"
#include "sim/town/plan.h"

namespace bayward::town {

struct TripCounters {
  uint64_t started = 0;
  uint64_t booked = 0;
  uint64_t nothing_found = 0;
  uint64_t parked = 0;
  uint64_t charged = 0;
  uint64_t bay_was_taken = 0;
  uint64_t wrong_bays = 0;
  uint64_t power_refused = 0;
  uint64_t bookings_refused = 0;
  std::map<std::string, uint64_t> refusals;  // by word
};

struct TripWorld {
  TownTime& time;
  Street& street;
  Prng random;
  TripCounters counters;
  size_t under_way = 0;
  bool closing = false;     // everybody goes home
  Changes closing_changed;  // ... or a trip has ended
  // Somebody drives in to that place; empty: nobody looks.
  std::function<void(const std::string& plate, const Place& place)> at_entrance;
};

// Waits; false when the town closes first.
Task<bool> wait_until(TripWorld& world, Instant when);

// From searching, trip.lead before `arrival`, until the driver has left the bay or given up; busy meanwhile.
Task<> take_trip(TripWorld& world, Driver& driver, Trip trip, Instant arrival);

// Drives to this bay (the platform's id), holds it on the spot and uses it as `trip` says; busy meanwhile. For drills.
Task<> take_bay(TripWorld& world, Driver& driver, std::string bay, Trip trip);

}  // namespace bayward::town

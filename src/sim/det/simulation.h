// The deterministic simulation: core, engine and journal under virtual time, network and disk, from one seed.
//
// Pure but for its memory: runs of different seeds may be on different threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

struct SimulationOptions {
  uint64_t seed = 1;
  uint64_t steps_max = 6000;                           // of the busy part; what it takes to come to rest comes on top
  std::function<void(const std::string& line)> trace;  // if set, hears every record at the end, as JSON
};

struct SimulationReport {
  uint64_t seed = 0;
  uint64_t steps = 0;
  uint64_t hash = 0;  // of journal and state at the end: the same for the same seed
  uint64_t records = 0;
  uint64_t bookings = 0;
  uint64_t sessions = 0;
  std::string town;  // in a few words, for people
  Marks marks;
  Problems problems;
};

SimulationReport simulate(const SimulationOptions& options);

}  // namespace bayward::sim

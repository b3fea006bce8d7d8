// What the hardware of a bay's configuration measures and drives, all its drivers together, and what is missing of it
// for a bay that charges. Plain values; no I/O.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "bay/safety/sample.h"

namespace bayward::bay {

struct Coverage {
  std::vector<std::string> measured;  // channels' words (safety/limits.cc), "import_mwh", "power_w"
  std::vector<std::string> driven;    // "contactor", "pilot_duty", "lock", "supply_trip"
  std::string unwatched;  // why nothing would open the contactor when this program is gone; empty: something does
};

// Each thing once, and nothing that a bay needs is missing.
Status check(const Coverage& coverage, const std::vector<safety::Channel>& needed);

}  // namespace bayward::bay

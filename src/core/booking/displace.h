// A8: a bay that is blocked moves its next driver before the drive.
#pragma once

#include <vector>

#include "core/state.h"

namespace bayward::core {

// Events that move (or, if no other bay fits, end with compensation) every confirmed booking of the bay that is current
// or starts within SiteRules::reallocation_lead. None when there is no such booking.
std::vector<Event> displace(const Site& site, const Bay& bay, Instant now);

}  // namespace bayward::core

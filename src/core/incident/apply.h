// How events of incidents and deliveries change a site.
#pragma once

#include "core/state.h"

namespace bayward::core {

// False: not an event of incidents.
bool apply_to_incident(State& state, Site& site, const Event& event, Instant at);

}  // namespace bayward::core

#pragma once

#include "core/state.h"

namespace bayward::core {

// Events of bookings, visits, charging sessions and incidents.
void apply_to_booking(State& state, Site& site, const Event& event, Instant at);

}  // namespace bayward::core

#pragma once

#include "core/state.h"

namespace bayward::core {

void define_site(State& state, const SiteDefined& event, Instant at);
// False: not an event of site, sharing, permission or field.
bool apply_to_site(State& state, Site& site, const Event& event, Instant at);

}  // namespace bayward::core

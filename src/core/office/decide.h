#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const SetStandingOrder&, Instant now);
Decided decide(const State&, const Actor&, const OfferShift&, Instant now);
Decided decide(const State&, const Actor&, const TakeShift&, Instant now);

// False: not an event of the office's.
bool apply_to_office(Site& site, const Event& event, Instant at);

}  // namespace bayward::core

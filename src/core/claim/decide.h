#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const SettleClaim&, Instant now);
Decided decide(const State&, const Actor&, const ChargeClaim&, Instant now);

// The wrong car has gone at `left_at`: what it owes, if the site's rules say so and it stood longer than their grace.
// Somebody who was in the wrong bay and drove on owes nothing; nor who stood there while the office had said it's none.
void claim_wrong_parking(const State& state, const Site& site, const Bay& bay, Instant left_at,
                         std::vector<Event>& events);

// False: not an event of claims.
bool apply_to_claims(Site& site, const Event& event);

}  // namespace bayward::core

// A time limit inside the state has passed: who has to act, by the kind of limit (core/deadline.h).
#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State& state, const Actor& actor, const PassDeadline& command, Instant now);

}  // namespace bayward::core

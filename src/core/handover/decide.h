#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const AssignController&, Instant now);
Decided decide(const State&, const Actor&, const HandOver&, Instant now);
Decided decide(const State&, const Actor&, const TakeGrant&, Instant now);

}  // namespace bayward::core

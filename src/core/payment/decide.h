#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const BeginTopUp&, Instant now);
// By the payment connector alone, once the provider's signature has been checked. Safe to repeat.
Decided decide(const State&, const Actor&, const EndTopUp&, Instant now);

}  // namespace bayward::core

#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const OpenDispute&, Instant now);
Decided decide(const State&, const Actor&, const DecideDispute&, Instant now);

}  // namespace bayward::core

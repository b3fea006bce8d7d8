#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const RequestCharging&, Instant now);
Decided decide(const State&, const Actor&, const RequestChargingStop&, Instant now);
Decided decide(const State&, const Actor&, const StartSession&, Instant now);
Decided decide(const State&, const Actor&, const MeterSession&, Instant now);
Decided decide(const State&, const Actor&, const StopSession&, Instant now);

}  // namespace bayward::core

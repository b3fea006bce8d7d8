// The drill "server-down": the server is killed while cars charge behind the site controller. Charging, holds on the
// local network and the garage's own alarms go on; afterwards every session is in the books, once, with the energy that
// its meter shows, and every hold, once. The town's thread.
#pragma once

#include <functional>

#include "sim/town/drills/drills.h"
#include "sim/town/stage.h"

namespace bayward::town {

// `outage`: of the machine's time. `town_lives`: called when the drill's own cars charge.
Task<DrillReport> run_server_down(DrillWorld& world, Stage& stage, Duration outage, std::function<void()> town_lives);

}  // namespace bayward::town

// The drill "server-down": the server is killed while cars charge behind the site controller. Charging and the garage's
// own alarms go on; afterwards every session is in the books, once, with the energy that its meter shows. At the
// machine's own pace: the site controller's clock is the machine's. The town's thread.
#pragma once

#include "sim/town/drills/drills.h"
#include "sim/town/stage.h"

namespace bayward::town {

// `outage`: of the machine's time.
Task<DrillReport> run_server_down(DrillWorld& world, Stage& stage, Duration outage);

}  // namespace bayward::town

// The two times a bay lives by. `up` only ever goes forward and is what safety and every time limit is measured in;
// `wall` is what the operating system believes, may be a year off after a long power cut, and is used for nothing but
// time stamps (agent/device_clock.h corrects it by the central system's). Both are arguments: only apps/bay and the
// town know a clock.
#pragma once

#include "base/time.h"

namespace bayward::bay {

using Uptime = Duration;  // since some fixed moment before the agent began

struct Moment {
  Uptime up{};
  Instant wall{};
};

}  // namespace bayward::bay

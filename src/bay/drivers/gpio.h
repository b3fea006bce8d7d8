// A bay's board on GPIO lines of this machine: contactor and its feedback, lock, earth, emergency stop, smoke contact,
// lamp; by the map of its configuration. It translates and never decides.
//
// A thread of its own has the lines, because an expander on a slow bus may block; the agent's thread only takes the
// last values, with their age, and leaves its wishes. A chip that is missing, a line that another program has or that
// fails is a reading without value, told once with what to look at, and asked for again every second.
//
// The contactor's line is set in every round: on only while the agent's permission is fresh, so a hung agent opens by
// this thread. The watchdog's line changes in every round in which the contactor's could be set: when this program is
// gone, or the contactor's line doesn't obey, it stands still and the board's supervisor opens the contactor.
#pragma once

#include <functional>
#include <memory>

#include "bay/drivers/gpio_lines.h"
#include "bay/hal/hardware.h"

namespace bayward::bay {

class GpioHardware {
 public:
  // `uptime` and `lines` are used on the driver's thread. The map has passed check().
  GpioHardware(GpioMap map, std::unique_ptr<GpioLines> lines, std::function<Uptime()> uptime);
  // Opens the contactor and lets the lines go.
  ~GpioHardware();
  GpioHardware(const GpioHardware&) = delete;
  GpioHardware& operator=(const GpioHardware&) = delete;

  // What the map has; the rest of `into` stays as it is.
  void add_to(Hardware& into);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::bay

// A bay's hardware on Modbus: meter, analogue and relay modules over TCP or RTU (libmodbus), by the map of its
// configuration. It translates and never decides.
//
// A thread of its own talks to the buses, one request at a time; the agent's thread only takes the last answers, with
// their age, and leaves its wishes. A module that is silent, answers nonsense or refuses is a reading without value; it
// is asked again after a pause, and the others are not held up by it for more than its answer time.
//
// The contactor's coil is written in every round: closed only while the agent's permission is fresh, so a hung agent
// opens by this thread; the module's own watchdog register, written in the same round, opens it when this whole program
// is gone.
#pragma once

#include <functional>
#include <memory>

#include "bay/drivers/modbus_map.h"
#include "bay/hal/hardware.h"

namespace bayward::bay {

class ModbusHardware {
 public:
  // `uptime` is called on the driver's thread. The map has passed check().
  ModbusHardware(ModbusMap map, std::function<Uptime()> uptime);
  // Opens the contactor, if its module still listens.
  ~ModbusHardware();
  ModbusHardware(const ModbusHardware&) = delete;
  ModbusHardware& operator=(const ModbusHardware&) = delete;

  // What the map has; the rest of `into` stays as it is.
  void add_to(Hardware& into);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

// The value of raw registers (or one bit, as 0 or 1), scaled; nothing when it is no number or beyond int64. Pure.
std::optional<int64_t> modbus_value(const ModbusPoint& point, const uint16_t* registers);

}  // namespace bayward::bay

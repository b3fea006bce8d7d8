// A bay's analogue sensors on Linux Industrial I/O, read through sysfs (iio:deviceN/in_*_raw, _scale, _offset):
// temperatures, currents, voltages, residual current, pilot. It translates and never decides.
//
// Each device has a thread of its own, because a conversion may take long or a bus hang; the agent's thread only takes
// the last values, with their age. A device that is missing or goes, a file that is no number, is a reading without
// value, told once with what to look at; the device is looked for again every second.
#pragma once

#include <functional>
#include <memory>

#include "bay/drivers/iio_map.h"
#include "bay/hal/hardware.h"

namespace bayward::bay {

class IioSensors {
 public:
  // `uptime` is called on the driver's threads. The map has passed check().
  IioSensors(IioMap map, std::function<Uptime()> uptime);
  ~IioSensors();
  IioSensors(const IioSensors&) = delete;
  IioSensors& operator=(const IioSensors&) = delete;

  void add_to(Hardware& into);

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::bay

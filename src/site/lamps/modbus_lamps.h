// Lamps behind a Modbus gateway: one holding register each (lamp_register.h). A thread of its own writes what changed
// at once and reads all of them every few seconds, so that a lamp that was switched by hand or lost its power shows
// again what it should. A gateway that is down is a state, not an error: it is tried again every 1 to 30 seconds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/lamp.h"

namespace bayward::site {

struct ModbusLampsConfig {
  // TCP: host and port. RTU: `device` is set instead, with its speed (8E1, as the serial line guide recommends).
  std::string host;
  uint16_t port = 502;
  std::string device;
  int baud = 19200;

  struct Lamp {
    int unit = 1;  // 1 to 247
    uint16_t address = 0;
  };
  std::map<std::string, Lamp> lamps;  // at most limits::lamps_per_driver
  Duration answer_limit{500ms};
  Duration look{5s};
};

class ModbusLamps : public LampDriver {
 public:
  // Refused when the configuration cannot be: no lamps, a unit out of range, two lamps at one place.
  static Result<std::unique_ptr<ModbusLamps>> create(ModbusLampsConfig config);
  // Waits for the transfer in work.
  ~ModbusLamps() override;

  void show(std::string_view lamp, LampShow show) override;
  // Whether the gateway answered last; any thread.
  bool up() const;

 private:
  struct Impl;
  explicit ModbusLamps(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bayward::site

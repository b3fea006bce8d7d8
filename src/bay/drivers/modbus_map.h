// What is at which Modbus register of a bay: from its configuration, checked. Plain values; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "bay/drivers/coverage.h"

namespace bayward::bay {

enum class ModbusTable : uint8_t { coil, discrete_input, input_register, holding_register };
enum class ModbusType : uint8_t { bit, u16, s16, u32, s32, u64, f32 };  // more than 16 bits: high word first

struct ModbusAddress {
  ModbusTable table{};
  uint16_t address = 0;
  ModbusType type = ModbusType::bit;
};

// One thing that is measured. value = raw × scale, in the unit of the thing.
struct ModbusPoint {
  std::string what;  // a channel's word (safety/limits.cc), "import_mwh", "power_w"
  size_t device = 0;
  ModbusAddress at;
  double scale = 1;
  bool inverted = false;  // of bits
};

struct ModbusDevice {
  std::string name;
  std::string host;  // TCP; empty: serial
  uint16_t port = 502;
  std::string serial_port;
  int baud = 19'200;
  char parity = 'E';
  int unit = 1;
  Duration answer_timeout{100ms};
};

struct ModbusOutput {
  size_t device = 0;
  ModbusAddress at;
};

struct ModbusMap {
  std::vector<ModbusDevice> devices;
  std::vector<ModbusPoint> points;
  std::optional<ModbusOutput> contactor;   // a coil; written anew every poll
  std::optional<ModbusOutput> watchdog;    // a register of the relay module: opens all when not written for so many ms
  std::optional<ModbusOutput> pilot_duty;  // thousandths
  std::optional<ModbusOutput> lock;
  std::optional<ModbusOutput> supply_trip;
  Duration poll_interval{50ms};
};

std::optional<ModbusTable> modbus_table(std::string_view word);
std::optional<ModbusType> modbus_type(std::string_view word);
// How many registers or bits a value takes.
int modbus_width(ModbusType type);
// A channel, import_mwh or power_w.
bool modbus_measures(std::string_view what);
// The bounds of limits.h, and supply_trip with the contactor.
Status check(const ModbusMap& map);
void cover(const ModbusMap& map, Coverage& out);

}  // namespace bayward::bay

// One Modbus device and its connection (libmodbus behind it): asks, writes, and after a failure leaves it alone for a
// moment, so that a dead module costs one answer time a second and not one a question. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "bay/drivers/modbus_map.h"
#include "bay/moment.h"

typedef struct _modbus modbus_t;  // NOLINT: as libmodbus declares it

namespace bayward::bay {

// Points that stand next to each other in one table are asked for at once.
struct ModbusRun {
  size_t device = 0;
  ModbusTable table{};
  uint16_t address = 0;
  int count = 0;
  std::vector<size_t> points;  // indices of the map's
};
std::vector<ModbusRun> plan(const ModbusMap& map);

class ModbusBus {
 public:
  static constexpr int words_max = 120;  // of one question; the protocol allows 125

  explicit ModbusBus(const ModbusDevice& device);
  ~ModbusBus();
  ModbusBus(const ModbusBus&) = delete;
  ModbusBus& operator=(const ModbusBus&) = delete;

  // Registers, or bits as 0 and 1. False: nothing usable came.
  bool read(ModbusTable table, uint16_t address, int count, uint16_t* words, Uptime now);
  bool write(const ModbusAddress& at, uint16_t value, Uptime now);

 private:
  bool ready(Uptime now);
  bool took(int result, int expected, const char* doing, Uptime now);

  const ModbusDevice device_;
  modbus_t* context_ = nullptr;
  bool connected_ = false;
  bool complained_ = false;
  Uptime not_before_{};
};

}  // namespace bayward::bay

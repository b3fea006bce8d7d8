#include "bay/drivers/modbus_bus.h"

#include <modbus.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

#include "ports/log.h"

namespace bayward::bay {
namespace {

constexpr Duration pause_after_failure{1s};

bool is_bits(ModbusTable table) {
  return table == ModbusTable::coil || table == ModbusTable::discrete_input;
}

}  // namespace

std::vector<ModbusRun> plan(const ModbusMap& map) {
  std::vector<size_t> order(map.points.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto key = [&](size_t i) {
    const ModbusPoint& point = map.points[i];
    return std::tuple(point.device, point.at.table, point.at.address);
  };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  std::vector<ModbusRun> out;
  for (const size_t i : order) {
    const ModbusPoint& point = map.points[i];
    const int width = modbus_width(point.at.type);
    const bool joins = !out.empty() && out.back().device == point.device && out.back().table == point.at.table &&
                       point.at.address <= out.back().address + out.back().count &&
                       point.at.address + width - out.back().address <= ModbusBus::words_max;
    if (!joins) out.push_back({point.device, point.at.table, point.at.address, 0, {}});
    out.back().count = std::max(out.back().count, point.at.address + width - out.back().address);
    out.back().points.push_back(i);
  }
  return out;
}

ModbusBus::ModbusBus(const ModbusDevice& device) : device_(device) {
  context_ = device_.host.empty() ? modbus_new_rtu(device_.serial_port.c_str(), device_.baud, device_.parity, 8, 1)
                                  : modbus_new_tcp_pi(device_.host.c_str(), std::to_string(device_.port).c_str());
  if (!context_) return;
  modbus_set_slave(context_, device_.unit);
  modbus_set_response_timeout(context_, 0, static_cast<uint32_t>(device_.answer_timeout.count() * 1000));
  modbus_set_byte_timeout(context_, 0, 20'000);
}

ModbusBus::~ModbusBus() {
  if (connected_) modbus_close(context_);
  modbus_free(context_);
}

bool ModbusBus::ready(Uptime now) {
  if (connected_) return true;
  if (!context_ || now < not_before_) return false;
  connected_ = modbus_connect(context_) == 0;
  if (connected_) return true;
  not_before_ = now + pause_after_failure;
  if (!complained_) log::error("modbus.unreachable", {{"device", device_.name}, {"why", modbus_strerror(errno)}});
  complained_ = true;
  return false;
}

// An exception is an answer; anything else leaves the connection out of step, so it is begun anew.
bool ModbusBus::took(int result, int expected, const char* doing, Uptime now) {
  if (result == expected) {
    if (complained_) log::info("modbus.answers_again", {{"device", device_.name}});
    complained_ = false;
    return true;
  }
  const int error = errno;
  if (!complained_) {
    log::error("modbus.failed", {{"device", device_.name}, {"doing", doing}, {"why", modbus_strerror(error)}});
  }
  complained_ = true;
  const bool exception = result == -1 && error >= EMBXILFUN && error <= EMBXGTAR;
  if (!exception) {
    modbus_close(context_);
    connected_ = false;
    not_before_ = now + pause_after_failure;
  }
  return false;
}

bool ModbusBus::read(ModbusTable table, uint16_t address, int count, uint16_t* words, Uptime now) {
  if (count < 1 || count > words_max || !ready(now)) return false;
  if (is_bits(table)) {
    uint8_t bits[words_max] = {};
    const int got = table == ModbusTable::coil ? modbus_read_bits(context_, address, count, bits)
                                               : modbus_read_input_bits(context_, address, count, bits);
    std::copy(bits, bits + count, words);
    return took(got, count, "reading bits", now);
  }
  const int got = table == ModbusTable::input_register ? modbus_read_input_registers(context_, address, count, words)
                                                       : modbus_read_registers(context_, address, count, words);
  return took(got, count, "reading registers", now);
}

bool ModbusBus::write(const ModbusAddress& at, uint16_t value, Uptime now) {
  if (!ready(now)) return false;
  const int wrote = at.table == ModbusTable::coil ? modbus_write_bit(context_, at.address, value != 0 ? 1 : 0)
                                                  : modbus_write_register(context_, at.address, value);
  return took(wrote, 1, "writing", now);
}

}  // namespace bayward::bay

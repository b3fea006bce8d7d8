// bay.toml: what a bay is, where its central system is, and what its hardware is. Read once, checked wholly.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bay/agent/config.h"
#include "bay/drivers/gpio_map.h"
#include "bay/drivers/iio_map.h"
#include "bay/drivers/modbus_map.h"
#include "mesh/gateway.h"
#include "ports/log.h"

namespace bayward::bay {

struct CentralAddress {
  bool tls = false;
  std::string host;
  uint16_t port = 0;
  std::string path;  // without a slash at its end; the identity follows
};

struct ProgramConfig {
  AgentConfig agent;
  CentralAddress central;
  std::string password;              // security profiles 1 and 2; empty: none is sent
  std::string trusted_certificates;  // PEM file; empty: those of the machine
  std::filesystem::path data_directory = "/var/lib/bayward-bay";
  log::Level log_level = log::Level::info;
  enum class Hardware : uint8_t { simulated, modbus, linux_board } hardware = Hardware::simulated;
  ModbusMap modbus;  // a linux_board may have Modbus modules, too: its meter
  GpioMap gpio;
  IioMap iio;
  mesh_tool::GatewayOptions mesh;
  std::string firmware_key;  // PEM certificate of the maker; empty: firmware is not replaced from afar
  std::filesystem::path slots_directory;
};

// The failure names the file, the line or the key, and what is expected there.
Result<ProgramConfig> read_config(const std::filesystem::path& file);

}  // namespace bayward::bay

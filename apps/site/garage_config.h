// The section [garage] of the site controller's configuration. Reference: docs/site.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "site/lamps/modbus_lamps.h"
#include "site/lamps/mqtt_lamps.h"
#include "site/lan/bay_board.h"
#include "site/lan/garage.h"

namespace bayward {

struct WebAddress {
  bool tls = false;
  std::string host;
  uint16_t port = 80;
  std::string target;  // with its leading slash and query
};
// http://host[:port]/path or https://...; IPv6 in brackets.
Result<WebAddress> parse_web_address(std::string_view url);

struct CameraConfig {
  WebAddress snapshot;
  std::string user;
  std::string password;
};

// A gateway that takes Kannel's sendsms request.
struct SmsConfig {
  WebAddress address;
  std::string user;
  std::string password;
};

struct GarageConfig {
  site::GarageSetup setup;  // without directory
  std::vector<site::BayBoard::Entry> bays;
  std::map<std::string, CameraConfig> cameras;
  std::optional<SmsConfig> sms;
  std::optional<site::ModbusLampsConfig> modbus;
  std::optional<site::MqttLampsConfig> mqtt;
  std::vector<std::string> movers;  // phone numbers that may move pods; used where no authority knows the accounts
  std::vector<std::string> staff;
  std::string page_url;  // what QR codes begin with: "http://192.168.77.1"
};

// Nothing: the file has no [garage]. Secrets are read from the files that the configuration names.
Result<std::optional<GarageConfig>> read_garage_config(const std::filesystem::path& file, Instant now);

}  // namespace bayward

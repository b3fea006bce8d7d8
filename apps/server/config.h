// The server's configuration: a TOML file, overridden by the command line. Reference: packaging/server/server.toml.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "alarm_config.h"
#include "base/result.h"
#include "base/time.h"
#include "payment_config.h"
#include "ports/log.h"

namespace bayward {

// A listener for charging stations alone, with the cipher suites that OCPP asks for and client certificates.
struct StationTlsConfig {
  std::string address = "0.0.0.0";
  int port = -1;  // -1: none; 0: a free one, told in the log
  // The names stations know the server by, when its certificates come from the platform's own authority.
  std::vector<std::string> server_names;
  // PEM files instead: pairs of a chain and a key; one RSA and one ECDSA pair may be given.
  std::vector<std::string> certificate_chain_files;
  std::vector<std::string> private_key_files;
  // PEM: further authorities that may vouch for stations, such as a maker's.
  std::string trusted_certificates_file;
};

struct ServerConfig {
  std::filesystem::path data_directory = "/var/lib/bayward";
  std::string address = "127.0.0.1";
  uint16_t port = 8080;                          // 0: a free one, told in the log
  std::filesystem::path certificate_chain_file;  // PEM; both or none: plain HTTP
  std::filesystem::path private_key_file;
  log::Level log_level = log::Level::info;
  bool accept_unknown_stations = true;  // as Pending; otherwise they are told Rejected
  Duration heartbeat_interval{5min};
  StationTlsConfig station_tls;
  int least_security_profile = 1;
  std::string upload_url;          // where stations reach this server for uploads, without a path; "": none are taken
  Duration settings_spread{2min};  // over which stations that boot together are compared with their sets of settings
  std::string organization = "Bayward";  // O in certificates of the platform's own authority
  int telemetry_retention_days = 30;
  double rate_limit_scale = 1;  // of every rate limit of the API: 2 allows twice as much
  AlarmConfig alarms;
  PaymentConfig payments;
  // A day in minutes, for demonstrations: the clock starts at `clock_start` and runs `clock_speed` times as fast.
  double clock_speed = 1;
  std::optional<Instant> clock_start;
};

// Unknown keys are errors: a typo must not silently leave a default in place.
Result<ServerConfig> read_config(const std::filesystem::path& file);

// Nothing wrong, or what is and what to do.
std::optional<std::string> defect(const ServerConfig& config);

}  // namespace bayward

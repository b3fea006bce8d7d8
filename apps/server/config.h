// The server's configuration: a TOML file, overridden by the command line. Reference: packaging/server/server.toml.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "alarm_config.h"
#include "base/result.h"
#include "base/time.h"
#include "ports/log.h"

namespace bayward {

struct ServerConfig {
  std::filesystem::path data_directory = "/var/lib/bayward";
  std::string address = "127.0.0.1";
  uint16_t port = 8080;                          // 0: a free one, told in the log
  std::filesystem::path certificate_chain_file;  // PEM; both or none: plain HTTP
  std::filesystem::path private_key_file;
  log::Level log_level = log::Level::info;
  bool accept_unknown_stations = true;  // as Pending; otherwise they are told Rejected
  Duration heartbeat_interval{5min};
  int telemetry_retention_days = 30;
  double rate_limit_scale = 1;  // of every rate limit of the API: 2 allows twice as much
  AlarmConfig alarms;
  // A day in minutes, for demonstrations: the clock starts at `clock_start` and runs `clock_speed` times as fast.
  double clock_speed = 1;
  std::optional<Instant> clock_start;
};

// Unknown keys are errors: a typo must not silently leave a default in place.
Result<ServerConfig> read_config(const std::filesystem::path& file);

// Nothing wrong, or what is and what to do.
std::optional<std::string> defect(const ServerConfig& config);

}  // namespace bayward

// The site controller's configuration: a TOML file. Reference: packaging/site/site.toml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "mesh/gateway.h"
#include "ports/log.h"

namespace bayward {

// Where the platform takes stations: ws://host:port/path or wss://...
struct UpstreamUrl {
  bool tls = false;
  std::string host;
  uint16_t port = 0;
  std::string path;  // before /{identity}
};

struct SiteConfig {
  std::filesystem::path data_directory = "/var/lib/bayward-site";
  std::string address = "127.0.0.1";
  uint16_t port = 8090;                          // 0: a free one, told in the log
  std::filesystem::path certificate_chain_file;  // PEM; both or none: plain
  std::filesystem::path private_key_file;
  log::Level log_level = log::Level::info;

  UpstreamUrl upstream;
  std::string trusted_certificates;  // PEM file; empty: those of the machine
  Duration answer_timeout{20s};
  Duration retry_max{15s};
  Duration heartbeat{300s};

  // The site's own identity at the platform; empty: this site leaves near slots to the platform.
  std::string controller_identity;
  std::filesystem::path controller_password_file;
  std::filesystem::path controller_key_file;  // authority.db is sealed with it

  mesh_tool::GatewayOptions mesh{.name = "site controller", .priority = 200};

  // For demonstrations, from the command line: the clock starts there and runs so many times as fast.
  double clock_speed = 1;
  std::optional<Instant> clock_start;
  // Sockets and the other side don't speed up with the clock.
  Duration by_the_clock(Duration real) const {
    return Duration{static_cast<int64_t>(static_cast<double>(real.count()) * clock_speed)};
  }
};

// Reads and checks everything; unknown keys and sections are errors: a typo must not silently leave a default in place.
Result<SiteConfig> read_config(const std::filesystem::path& file);

Result<UpstreamUrl> parse_upstream(std::string_view url);

}  // namespace bayward

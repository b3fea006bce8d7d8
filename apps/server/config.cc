#include "config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>

#include "config_section.h"
#include "net/json_log.h"

namespace bayward {
namespace {

std::optional<std::string> unknown_section(const toml::table& root) {
  static const std::set<std::string> sections = {"server", "api", "ocpp", "telemetry", "alarms", "payments"};
  for (const auto& [key, value] : root) {
    if (!sections.contains(std::string(key.str()))) return fmt::format("[{}]: unknown section", key.str());
  }
  return std::nullopt;
}

}  // namespace

Result<ServerConfig> read_config(const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  ServerConfig config;
  std::string data_directory = config.data_directory, chain, key, level;
  int64_t port = config.port, heartbeat_s = 300, retention_days = config.telemetry_retention_days;

  Section server(root, "server");
  server.read("data_directory", data_directory);
  server.read("address", config.address);
  server.read("port", port);
  server.read("certificate_chain_file", chain);
  server.read("private_key_file", key);
  server.read("log_level", level);
  Section api(root, "api");
  api.read("rate_limit_scale", config.rate_limit_scale);
  Section ocpp(root, "ocpp");
  ocpp.read("accept_unknown_stations", config.accept_unknown_stations);
  ocpp.read("heartbeat_interval_s", heartbeat_s);
  int64_t least_profile = config.least_security_profile, tls_port = config.station_tls.port;
  ocpp.read("least_security_profile", least_profile);
  ocpp.read("organization", config.organization);
  ocpp.read("upload_url", config.upload_url);
  int64_t spread_s = 120;
  ocpp.read("settings_spread_s", spread_s);
  Section station_tls(ocpp.inner("tls"), "ocpp.tls");
  station_tls.read("address", config.station_tls.address);
  station_tls.read("port", tls_port);
  station_tls.read("server_names", config.station_tls.server_names);
  station_tls.read("certificate_chain_files", config.station_tls.certificate_chain_files);
  station_tls.read("private_key_files", config.station_tls.private_key_files);
  station_tls.read("trusted_certificates_file", config.station_tls.trusted_certificates_file);
  Section telemetry(root, "telemetry");
  telemetry.read("retention_days", retention_days);
  for (const auto& bad :
       {unknown_section(root), server.error(), api.error(), ocpp.error(), station_tls.error(), telemetry.error()}) {
    if (bad) return fail(fmt::format("{}: {}", file.string(), *bad));
  }
  auto alarms = read_alarms(root);
  if (!alarms) return fail(fmt::format("{}: {}", file.string(), alarms.error().message));
  config.alarms = *std::move(alarms);
  auto payments = read_payments(root);
  if (!payments) return fail(fmt::format("{}: {}", file.string(), payments.error().message));
  config.payments = *std::move(payments);

  if (tls_port < -1 || tls_port > 65535)
    return fail(fmt::format("{}: ocpp.tls.port must be 0 to 65535, or -1 for none", file.string()));
  config.station_tls.port = static_cast<int>(tls_port);
  config.least_security_profile = static_cast<int>(least_profile);
  config.settings_spread = std::chrono::seconds{spread_s};
  if (port < 0 || port > 65535) return fail(fmt::format("{}: server.port must be 0 to 65535", file.string()));
  if (!level.empty()) {
    const auto parsed_level = net::parse_log_level(level);
    if (!parsed_level)
      return fail(fmt::format("{}: server.log_level must be debug, info, warn or error", file.string()));
    config.log_level = *parsed_level;
  }
  config.data_directory = data_directory;
  config.port = static_cast<uint16_t>(port);
  config.certificate_chain_file = chain;
  config.private_key_file = key;
  config.heartbeat_interval = std::chrono::seconds{heartbeat_s};
  config.telemetry_retention_days = static_cast<int>(retention_days);
  return config;
}

std::optional<std::string> defect(const ServerConfig& config) {
  if (config.certificate_chain_file.empty() != config.private_key_file.empty()) {
    return "certificate_chain_file and private_key_file go together: give both, or none for plain HTTP";
  }
  if (config.least_security_profile < 1 || config.least_security_profile > 3) {
    return "ocpp.least_security_profile must be 1, 2 or 3";
  }
  const StationTlsConfig& tls = config.station_tls;
  if (tls.certificate_chain_files.size() != tls.private_key_files.size()) {
    return "ocpp.tls: certificate_chain_files and private_key_files go together, one key for each chain";
  }
  if (tls.port >= 0 && tls.certificate_chain_files.empty() && tls.server_names.empty()) {
    return "ocpp.tls: give server_names (the names that stations know this server by), or certificate_chain_files and "
           "private_key_files";
  }
  const auto uploads = parse_http_url(config.upload_url);
  if (!config.upload_url.empty() && (!uploads || uploads->path != "/" || config.upload_url.ends_with('/'))) {
    return "ocpp.upload_url must be a URL without a path, such as https://csms.example.org";
  }
  if (config.heartbeat_interval < 10s || config.heartbeat_interval > 24h) {
    return "ocpp.heartbeat_interval_s must be 10 to 86400";
  }
  if (config.settings_spread < 1s || config.settings_spread > 24h) return "ocpp.settings_spread_s must be 1 to 86400";
  if (config.telemetry_retention_days < 1 || config.telemetry_retention_days > 3660) {
    return "telemetry.retention_days must be 1 to 3660";
  }
  if (config.rate_limit_scale < 0.01 || config.rate_limit_scale > 100'000) {
    return "api.rate_limit_scale must be 0.01 to 100000";
  }
  if (config.clock_speed < 0.01 || config.clock_speed > 100'000) return "--clock-speed must be 0.01 to 100000";
  return std::nullopt;
}

}  // namespace bayward

#include "config.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "config_hardware.h"
#include "net/json_log.h"
#include "section.h"

namespace bayward::bay {
namespace {

std::optional<CentralAddress> parse_central(std::string_view url) {
  CentralAddress out;
  if (url.starts_with("wss://"))
    out.tls = true;
  else if (!url.starts_with("ws://"))
    return std::nullopt;
  url.remove_prefix(out.tls ? 6 : 5);
  const size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  out.path = url.substr(slash);
  while (out.path.ends_with('/')) out.path.pop_back();
  out.port = out.tls ? 443 : 80;
  if (const size_t colon = authority.rfind(':'); colon != std::string_view::npos && !authority.ends_with(']')) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || out.port == 0) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  out.host = authority;
  if (out.host.empty() || out.path.find_first_of("?# ") != std::string::npos) return std::nullopt;
  return out;
}

bool is_identity(std::string_view text) {
  if (text.empty() || text.size() > 48) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; });
}

void read_station(Section& section, ProgramConfig& config) {
  std::string central, language = "en", level;
  section.read("identity", config.agent.identity);
  section.read("central", central);
  section.read("password", config.password);
  section.read("trusted_certificates_file", config.trusted_certificates);
  section.read("serial_number", config.agent.serial_number);
  section.read("vendor", config.agent.vendor);
  section.read("model", config.agent.model);
  section.read("log_level", level);
  std::string directory = config.data_directory.string();
  section.read("data_directory", directory);
  config.data_directory = directory;
  if (!is_identity(config.agent.identity)) {
    section.wrong("identity", "1 to 48 letters, digits, - or _ are expected");
  }
  if (const auto address = parse_central(central))
    config.central = *address;
  else
    section.wrong("central", "the address of the central system is expected, such as wss://csms.example/ocpp");
  if (!level.empty()) {
    if (const auto parsed = net::parse_log_level(level))
      config.log_level = *parsed;
    else
      section.wrong("log_level", "debug, info, warn or error is expected");
  }
  // OCPP 2.0.1 A00: 0 nothing, 1 password, 2 password and TLS.
  config.agent.security_profile = config.central.tls ? 2 : config.password.empty() ? 0 : 1;
}

void read_place(Section& section, ProgramConfig& config) {
  section.read("address", config.agent.address);
  section.read("label", config.agent.bay_label);
  section.read_word(
      "language", config.agent.language,
      [](std::string_view word) {
        return word == "en"   ? std::optional(Language::english)
               : word == "zh" ? std::optional(Language::chinese)
                              : std::nullopt;
      },
      "en or zh");
}

void read_build(Section& section, ProgramConfig& config) {
  safety::Config& build = config.agent.safety;
  section.read_word("cable", build.cable, safety::cable_from_word,
                    "rubber_60, pvc, butyl_rubber, xlpe_epr or silicone");
  section.read_word("connector", build.connector, safety::connector_from_word,
                    "iec_62196_t2, gbt_20234_ac or household");
  int64_t rating_a = build.rating_ma / 1000, nominal_v = build.nominal_mv / 1000;
  section.read_whole("rating_a", rating_a, 6, 80);
  section.read_whole("nominal_v", nominal_v, 100, 277);
  section.read_whole("phases", build.phases, 1, 3);
  if (build.phases == 2) section.wrong("phases", "1 or 3 is expected");
  section.read("measures_cable", build.measures_cable);
  section.read("ventilated", build.ventilated);
  build.rating_ma = static_cast<int32_t>(rating_a * 1000);
  build.nominal_mv = static_cast<int32_t>(nominal_v * 1000);
  int64_t watchdog_ms = config.agent.watchdog.count();
  section.read_whole("watchdog_ms", watchdog_ms, 50, 2000);
  config.agent.watchdog = Duration{watchdog_ms};
  config.agent.connector_type = build.connector == safety::ConnectorClass::iec_62196_t2   ? "cType2"
                                : build.connector == safety::ConnectorClass::gbt_20234_ac ? "cGBT"
                                                                                          : "sType2";
}

void read_strings(Section& section, const char* key, std::vector<std::string>& out) {
  const toml::node* node = section.node(key);
  if (!node) return;
  const toml::array* values = node->as_array();
  for (size_t i = 0; values && i < values->size(); ++i) {
    if (const auto text = values->get(i)->value_exact<std::string>()) out.push_back(*text);
  }
  if (!values || out.size() != values->size()) section.wrong(key, "a list of texts is expected");
}

void read_mesh(Section& section, ProgramConfig& config) {
  read_strings(section, "interfaces", config.mesh.interfaces);
  read_strings(section, "udp", config.mesh.udp);
  section.read("al_mac", config.mesh.al_mac);
  section.read("key_file", config.mesh.key_file);
  section.read("oui", config.mesh.oui);
  if (config.mesh.wanted() && config.mesh.key_file.empty()) {
    section.wrong("key_file", "the file with the site's key is expected");
  }
}

void read_firmware(Section& section, ProgramConfig& config) {
  std::string slots;
  section.read("maker_certificate_file", config.firmware_key);
  section.read("slots_directory", slots);
  config.slots_directory = slots;
  if (config.firmware_key.empty() != slots.empty()) {
    section.wrong("slots_directory", "maker_certificate_file and slots_directory go together");
  }
}

}  // namespace

Result<ProgramConfig> read_config(const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}: line {}: {}", file.string(), error.source().begin.line, error.description()));
  }
  ProgramConfig config;
  std::vector<std::string> errors;
  {
    Section station(root["station"].as_table(), "station", errors);
    read_station(station, config);
    Section place(root["place"].as_table(), "place", errors);
    read_place(place, config);
    Section build(root["bay"].as_table(), "bay", errors);
    read_build(build, config);
    Section mesh(root["mesh"].as_table(), "mesh", errors);
    read_mesh(mesh, config);
    Section firmware(root["firmware"].as_table(), "firmware", errors);
    read_firmware(firmware, config);
    Section hardware(root["hardware"].as_table(), "hardware", errors);
    read_hardware(hardware, config, errors);
  }
  static const std::set<std::string> sections = {"station", "place", "bay", "mesh", "firmware", "hardware"};
  for (const auto& [key, value] : root) {
    if (sections.contains(std::string(key.str())) && value.is_table()) continue;
    errors.push_back(fmt::format("line {}: [{}]: unknown section", value.source().begin.line, key.str()));
  }
  if (!errors.empty()) return fail(file.string() + ": " + errors.front());
  return config;
}

}  // namespace bayward::bay

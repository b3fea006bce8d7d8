#include "config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "base/limits.h"
#include "net/json_log.h"

namespace bayward {
namespace {

// Those of garage_wiring.cc check their own keys.
constexpr std::string_view sections[] = {"site", "upstream", "controller", "mesh", "garage"};

// Reads one table and remembers which keys it knew, so that the others can be named.
class Section {
 public:
  Section(const toml::table& root, std::string name) : name_(std::move(name)), table_(root[name_].as_table()) {
    if (!table_ && root.contains(name_)) error_ = fmt::format("{}: must be a section, [{}]", name_, name_);
  }

  template <class T>
  void read(const char* key, T& out) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return;
    if (const auto value = (*table_)[key].value_exact<T>()) {
      out = *value;
    } else {
      error_ = fmt::format("{}.{}: wrong type", name_, key);
    }
  }
  void read(const char* key, Duration& out, int64_t lowest_s, int64_t highest_s) {
    int64_t seconds = std::chrono::floor<std::chrono::seconds>(out).count();
    read(key, seconds);
    if (seconds < lowest_s || seconds > highest_s) {
      error_ = fmt::format("{}.{}: must be {} to {}", name_, key, lowest_s, highest_s);
    }
    out = std::chrono::seconds{seconds};
  }
  void read(const char* key, std::vector<std::string>& out) {
    known_.insert(key);
    if (!table_ || !table_->contains(key)) return;
    const toml::array* values = (*table_)[key].as_array();
    for (size_t i = 0; values && i < values->size(); ++i) {
      if (const auto text = values->get(i)->value_exact<std::string>()) out.push_back(*text);
    }
    if (!values || out.size() != values->size()) error_ = fmt::format("{}.{}: a list of texts is expected", name_, key);
  }
  void wrong(const char* key, std::string_view what) { error_ = fmt::format("{}.{}: {}", name_, key, what); }
  std::optional<std::string> error() const {
    if (error_ || !table_) return error_;
    for (const auto& [key, value] : *table_) {
      if (!known_.contains(std::string(key.str()))) return fmt::format("{}.{}: unknown key", name_, key.str());
    }
    return std::nullopt;
  }

 private:
  std::string name_;
  const toml::table* table_;
  std::set<std::string> known_;
  std::optional<std::string> error_;
};

std::optional<std::string> unknown_section(const toml::table& root) {
  for (const auto& [key, value] : root) {
    if (std::find(std::begin(sections), std::end(sections), key.str()) == std::end(sections)) {
      return fmt::format("[{}]: unknown section", key.str());
    }
  }
  return std::nullopt;
}

void read_mesh(Section& section, mesh_tool::GatewayOptions& mesh) {
  int64_t priority = mesh.priority;
  section.read("interfaces", mesh.interfaces);
  section.read("udp", mesh.udp);
  section.read("al_mac", mesh.al_mac);
  section.read("key_file", mesh.key_file);
  section.read("oui", mesh.oui);
  section.read("name", mesh.name);
  section.read("priority", priority);
  mesh.priority = static_cast<int>(priority);
  if (priority < 0 || priority > 255) section.wrong("priority", "must be 0 (never the acting controller) to 255");
  if (mesh.wanted() && mesh.key_file.empty()) section.wrong("key_file", "the file with the site's key is expected");
  if (mesh.name.empty() || mesh.name.size() > limits::mesh_label_bytes) {
    section.wrong("name", fmt::format("must be 1 to {} bytes long", limits::mesh_label_bytes));
  }
}

Result<SiteConfig> read_table(const toml::table& root) {
  SiteConfig config;
  std::string data_directory = config.data_directory, chain, key, level = "info", url;
  int64_t port = config.port;
  Section site(root, "site");
  site.read("data_directory", data_directory);
  site.read("address", config.address);
  site.read("port", port);
  site.read("certificate_chain_file", chain);
  site.read("private_key_file", key);
  site.read("log_level", level);
  Section upstream(root, "upstream");
  upstream.read("url", url);
  upstream.read("trusted_certificates", config.trusted_certificates);
  upstream.read("answer_timeout_s", config.answer_timeout, 1, 120);
  upstream.read("retry_max_s", config.retry_max, 1, 600);
  upstream.read("heartbeat_interval_s", config.heartbeat, 10, 86'400);
  std::string password_file, key_file;
  Section controller(root, "controller");
  controller.read("identity", config.controller_identity);
  controller.read("password_file", password_file);
  controller.read("key_file", key_file);
  Section mesh(root, "mesh");
  read_mesh(mesh, config.mesh);
  for (const auto& bad : {unknown_section(root), site.error(), upstream.error(), controller.error(), mesh.error()}) {
    if (bad) return fail(*bad);
  }
  if (port < 0 || port > 65535) return fail("site.port: must be 0 to 65535");
  if (chain.empty() != key.empty()) {
    return fail("site.certificate_chain_file and site.private_key_file go together: give both, or none for plain HTTP");
  }
  if (config.controller_identity.empty() != password_file.empty()) {
    return fail("controller.identity and controller.password_file go together: give both, or neither");
  }
  config.controller_password_file = password_file;
  const auto parsed_level = net::parse_log_level(level);
  if (!parsed_level) return fail("site.log_level: must be debug, info, warn or error");
  const auto parsed_url = parse_upstream(url);
  if (!parsed_url) return fail("upstream.url: " + parsed_url.error().message);
  config.data_directory = data_directory;
  config.controller_key_file =
      key_file.empty() ? config.data_directory / "authority.key" : std::filesystem::path(key_file);
  config.port = static_cast<uint16_t>(port);
  config.certificate_chain_file = chain;
  config.private_key_file = key;
  config.log_level = *parsed_level;
  config.upstream = *parsed_url;
  return config;
}

}  // namespace

Result<UpstreamUrl> parse_upstream(std::string_view url) {
  UpstreamUrl out;
  constexpr const char* form = "give the platform's address, such as wss://bayward.example/ocpp";
  if (url.starts_with("wss://")) {
    out.tls = true;
    url.remove_prefix(6);
  } else if (url.starts_with("ws://")) {
    url.remove_prefix(5);
  } else {
    return fail(form);
  }
  const size_t slash = url.find('/');
  out.path = slash == std::string_view::npos ? "/ocpp" : std::string(url.substr(slash));
  while (out.path.ends_with('/')) out.path.pop_back();
  std::string_view authority = url.substr(0, slash);
  const size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  out.port = out.tls ? 443 : 80;
  if (has_port) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || out.port == 0) return fail("no such port");
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  if (authority.empty() || authority.find('@') != std::string_view::npos) return fail(form);
  out.host = authority;
  return out;
}

Result<SiteConfig> read_config(const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  auto config = read_table(root);
  if (!config) return fail(file.string() + ": " + config.error().message);
  return config;
}

}  // namespace bayward

#include "alarm_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config_section.h"
#include "connectors/sms/kannel.h"
#include "ports/normalise.h"

namespace bayward {
namespace {

using core::Party;

constexpr std::array<Party, 4> desks = {Party::property, Party::operators, Party::fire_desk, Party::police_desk};

std::optional<int32_t> parse_minute(std::string_view text) {
  const auto digit = [&](size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const int32_t hour = (text[0] - '0') * 10 + text[1] - '0';
  const int32_t minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

Status read_quiet(std::string_view from, std::string_view to, AlarmConfig& config) {
  if (from.empty() && to.empty()) return Done{};
  const auto begin = parse_minute(from);
  const auto end = parse_minute(to);
  if (!begin || !end) return fail("alarms.quiet_from and quiet_to must both be times such as \"22:00\", or both empty");
  config.quiet = outbox::QuietHours{*begin, *end};
  return Done{};
}

Status read_webhook(const std::string& name, const toml::node& node, AlarmConfig& config) {
  const std::string where = "alarms.webhooks." + name;
  if (!node.as_table()) return fail(where + ": must be a table with url and secret_file");
  std::string url, secret_file;
  Section section(node.as_table(), where);
  section.read("url", url);
  section.read("secret_file", secret_file);
  if (const auto bad = section.error()) return fail(*bad);
  const auto parsed = parse_http_url(url);
  if (!parsed) return fail(where + ".url must be such as https://office.example/bayward");
  if (secret_file.empty()) return fail(where + ".secret_file is needed: a file with at least 16 characters");
  config.webhooks[name] = {*parsed, secret_file};
  return Done{};
}

Status read_fire_addresses(const std::string& where, const std::vector<std::string>& texts, FireDeskConfig& desk) {
  if (texts.empty() || texts.size() > 2) return fail(where + ".addresses must be one or two of \"host:port\"");
  for (const std::string& text : texts) {
    const auto address = parse_address(text);
    if (!address) return fail(fmt::format("{}.addresses: \"{}\" must be such as 192.0.2.7:5200", where, text));
    desk.addresses.push_back(*address);
  }
  return Done{};
}

Status read_fire(const std::string& name, const toml::node& node, AlarmConfig& config) {
  const std::string where = "alarms.fire." + name;
  if (!node.as_table()) return fail(where + ": must be a table with protocol and addresses");
  std::string protocol, device, centre, key_file;
  std::vector<std::string> addresses;
  fire::SiaConfig sia;
  FireDeskConfig desk;
  Section section(node.as_table(), where);
  section.read("protocol", protocol);
  section.read("addresses", addresses);
  section.read("device", device);
  section.read("centre", centre);
  section.read("account", sia.account);
  section.read("line", sia.line);
  section.read("key_file", key_file);
  if (const auto bad = section.error()) return fail(*bad);
  if (auto read = read_fire_addresses(where, addresses, desk); !read) return read;
  if (protocol == "gbt26875") {
    const auto own = fire::parse_fire_address(device);
    const auto far = fire::parse_fire_address(centre);
    if (!own || !far) return fail(where + ": device and centre must be twelve hexadecimal digits, given by the centre");
    desk.gbt.device = *own;
    desk.gbt.centre = *far;
  } else if (protocol == "sia-dc09") {
    if (const auto bad = fire::defect(sia)) return fail(where + ": " + std::string(*bad));
    desk.sia = std::move(sia);
    desk.key_file = key_file;
  } else {
    return fail(where + ".protocol must be \"gbt26875\" or \"sia-dc09\"");
  }
  config.fire[name] = std::move(desk);
  return Done{};
}

Result<std::vector<AlarmWay>> ways_of(const AlarmConfig& config, const std::string& who,
                                      const std::vector<std::string>& texts) {
  std::vector<AlarmWay> ways;
  const bool persons = who == "persons";
  for (const std::string& text : texts) {
    const size_t colon = std::min(text.find(':'), text.size());
    AlarmWay way{text, text.substr(0, colon), colon < text.size() ? text.substr(colon + 1) : ""};
    const std::string where = fmt::format("alarms.{}: \"{}\": ", who, text);
    if (way.kind == "sms") {
      if (!config.sms) return fail(where + "there is no [alarms.sms]");
      if (persons && !way.detail.empty()) return fail(where + "people have numbers of their own: write \"sms\"");
      if (!persons && !sms::is_phone(way.detail)) return fail(where + "write \"sms:+\" and the number to be told");
    } else if (way.kind == "email") {
      if (!config.email) return fail(where + "there is no [alarms.email]");
      if (persons && !way.detail.empty()) return fail(where + "people have addresses of their own: write \"email\"");
      if (!persons && !is_email(way.detail)) return fail(where + "write \"email:\" and the address to be told");
    } else if (way.kind == "webhook") {
      if (!config.webhooks.contains(way.detail))
        return fail(where + "there is no [alarms.webhooks." + way.detail + "]");
    } else if (way.kind == "fire" && who == "fire_desk") {
      if (!config.fire.contains(way.detail)) return fail(where + "there is no [alarms.fire." + way.detail + "]");
    } else if (way.kind == "police" && who == "police_desk") {
      if (!config.viid.contains(way.detail) && !config.sip.contains(way.detail))
        return fail(where + "there is no [alarms.police." + way.detail + "]");
    } else if (text == "cap" && !persons) {
      if (!config.cap) return fail(where + "there is no [alarms.cap]");
    } else {
      return fail(where +
                  "must be \"sms\", \"sms:+number\", \"email\", \"email:address\", \"webhook:name\", \"cap\", of the "
                  "fire desk \"fire:name\", or of "
                  "the police "
                  "desk \"police:name\"");
    }
    ways.push_back(std::move(way));
  }
  return ways;
}

}  // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
  HttpUrl url;
  const std::string_view scheme = text.substr(0, text.find("://"));
  if (scheme != "http" && scheme != "https") return std::nullopt;
  url.tls = scheme == "https";
  url.port = url.tls ? 443 : 80;
  text.remove_prefix(std::min(text.size(), scheme.size() + 3));
  const size_t slash = std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, slash);
  url.path = slash < text.size() ? std::string(text.substr(slash)) : "/";
  const bool bracket = authority.starts_with('[');
  const size_t host_end = bracket ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos) return std::nullopt;
  url.host = authority.substr(bracket ? 1 : 0, bracket ? host_end - 1 : host_end);
  authority.remove_prefix(host_end + (bracket ? 1 : 0));
  if (!authority.empty()) {
    if (authority.front() != ':') return std::nullopt;
    authority.remove_prefix(1);
    const auto [end, error] = std::from_chars(authority.data(), authority.data() + authority.size(), url.port);
    if (error != std::errc{} || end != authority.data() + authority.size() || url.port == 0) return std::nullopt;
  }
  const auto odd = [](char c) { return c <= ' ' || c >= 0x7f || c == '@' || c == '#' || c == '\\'; };
  const bool bad =
      std::any_of(url.host.begin(), url.host.end(), odd) || std::any_of(url.path.begin(), url.path.end(), odd);
  if (url.host.empty() || bad) return std::nullopt;
  return url;
}

std::optional<StreamAddress> parse_address(const std::string& text) {
  const auto url = parse_http_url("http://" + text);
  if (!url || url->path != "/" || text.find(':') == std::string::npos) return std::nullopt;
  return StreamAddress{url->host, url->port, false};
}

std::optional<StreamAddress> parse_listen(const std::string& text) {
  const bool any_port = text.ends_with(":0");
  auto address = parse_address(any_port ? text.substr(0, text.size() - 1) + "1" : text);
  if (address && any_port) address->port = 0;
  return address;
}

Result<AlarmConfig> read_alarms(const toml::table& root) {
  AlarmConfig config;
  std::string quiet_from, quiet_to, trusted;
  std::vector<std::string> persons;
  std::map<Party, std::vector<std::string>> told;
  Section section(root, "alarms");
  section.read("persons", persons);
  for (const Party desk : desks) section.read(std::string(core::to_text(desk)).c_str(), told[desk]);
  section.read("quiet_from", quiet_from);
  section.read("quiet_to", quiet_to);
  section.read("trusted_certificates_file", trusted);
  const toml::table* sms = section.inner("sms");
  const toml::table* email = section.inner("email");
  const toml::table* webhooks = section.inner("webhooks");
  const toml::table* fire = section.inner("fire");
  const toml::table* police = section.inner("police");
  const toml::table* cap = section.inner("cap");
  if (const auto bad = section.error()) return fail(*bad);
  config.trusted_certificates_file = trusted;
  if (const auto quiet = read_quiet(quiet_from, quiet_to, config); !quiet) return Failure{quiet.error()};
  if (const auto read = read_sms(sms, config); !read) return Failure{read.error()};
  if (const auto read = read_email(email, config); !read) return Failure{read.error()};
  if (webhooks) {
    for (const auto& [name, node] : *webhooks) {
      if (const auto read = read_webhook(std::string(name.str()), node, config); !read) return Failure{read.error()};
    }
  }
  if (fire) {
    for (const auto& [name, node] : *fire) {
      if (const auto read = read_fire(std::string(name.str()), node, config); !read) return Failure{read.error()};
    }
  }
  if (cap) {
    if (const auto read = read_cap(*cap, config); !read) return Failure{read.error()};
  }
  if (police) {
    for (const auto& [name, node] : *police) {
      if (const auto read = read_police(std::string(name.str()), node, config); !read) return Failure{read.error()};
    }
  }
  auto for_persons = ways_of(config, "persons", persons);
  if (!for_persons) return Failure{for_persons.error()};
  config.persons = *std::move(for_persons);
  for (const auto& [desk, texts] : told) {
    auto ways = ways_of(config, std::string(core::to_text(desk)), texts);
    if (!ways) return Failure{ways.error()};
    config.desks[desk] = *std::move(ways);
  }
  return config;
}

}  // namespace bayward

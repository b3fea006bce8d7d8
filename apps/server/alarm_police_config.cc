// [alarms.police.NAME]: the links to police desks (docs/connect-police.md).
#include <fmt/format.h>

#include <algorithm>

#include "alarm_config.h"
#include "config_section.h"

namespace bayward {
namespace {

Status read_addresses(const std::string& where, const std::vector<std::string>& texts, bool tls,
                      std::vector<StreamAddress>& out) {
  if (texts.empty() || texts.size() > 2) return fail(where + ".addresses must be one or two of \"host:port\"");
  for (const std::string& text : texts) {
    auto address = parse_address(text);
    if (!address) return fail(fmt::format("{}.addresses: \"{}\" must be such as 192.0.2.7:80", where, text));
    address->tls = tls;
    out.push_back(*std::move(address));
  }
  return Done{};
}

Status read_viid(const std::string& name, const std::string& where, Section& section, ViidDeskConfig desk,
                 AlarmConfig& config) {
  std::vector<std::string> addresses;
  std::string password_file, listen, chain, key;
  int64_t utc_offset_min = 8 * 60;
  bool tls = false;
  section.read("addresses", addresses);
  section.read("tls", tls);
  section.read("device", desk.link.speaker.device_id);
  section.read("platform", desk.platform_id);
  section.read("tollgate", desk.link.speaker.tollgate_id);
  section.read("user", desk.link.credentials.user);
  section.read("password_file", password_file);
  section.read("utc_offset_min", utc_offset_min);
  section.read("vehicles", desk.vehicles);
  section.read("listen", listen);
  section.read("allowed", desk.allowed);
  section.read("digest", desk.digest);
  section.read("certificate_chain_file", chain);
  section.read("private_key_file", key);
  if (const auto bad = section.error()) return fail(*bad);
  if (auto read = read_addresses(where, addresses, tls, desk.addresses); !read) return read;
  const std::string& tollgate = desk.link.speaker.tollgate_id;
  if (!police::is_device_id(desk.link.speaker.device_id) || !police::is_device_id(desk.platform_id) ||
      (!tollgate.empty() && !police::is_device_id(tollgate))) {
    return fail(where + ": device, platform and tollgate must be 20 digits, given by the police");
  }
  if (desk.link.credentials.user.empty() || desk.link.credentials.user.find('"') != std::string::npos ||
      password_file.empty()) {
    return fail(where + " needs user and password_file");
  }
  if (utc_offset_min < -18 * 60 || utc_offset_min > 18 * 60) return fail(where + ".utc_offset_min is no offset");
  desk.link.speaker.utc_offset = std::chrono::minutes{utc_offset_min};
  desk.link.name = name;
  desk.password_file = password_file;
  if (!listen.empty()) {
    // Port 0 is a free one, told in the log.
    const bool any_port = listen.ends_with(":0");
    auto address = parse_address(any_port ? listen.substr(0, listen.size() - 1) + "1" : listen);
    if (!address) return fail(where + ".listen must be such as 0.0.0.0:7100");
    if (any_port) address->port = 0;
    desk.listen = std::move(address);
  }
  if (desk.listen && !desk.digest && desk.allowed.empty()) {
    return fail(where + ": with digest = false, allowed must name the addresses that orders may come from");
  }
  if (chain.empty() != key.empty()) return fail(where + ": certificate_chain_file and private_key_file: both or none");
  desk.certificate_chain_file = chain;
  desk.private_key_file = key;
  config.viid[name] = std::move(desk);
  return Done{};
}

bool is_plain(const std::string& text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == ':';
  });
}

Status read_sip(const std::string& name, const std::string& where, Section& section, SipDeskConfig desk,
                AlarmConfig& config) {
  std::vector<std::string> addresses;
  std::string transport = "udp", password_file;
  int64_t utc_offset_min = 8 * 60;
  section.read("addresses", addresses);
  section.read("transport", transport);
  section.read("device", desk.sip.device_id);
  section.read("platform", desk.sip.platform_id);
  section.read("domain", desk.sip.domain);
  section.read("user", desk.sip.credentials.user);
  section.read("password_file", password_file);
  section.read("contact", desk.sip.contact);
  section.read("wait_for_response", desk.sip.response_wanted);
  section.read("utc_offset_min", utc_offset_min);
  if (const auto bad = section.error()) return fail(*bad);
  if (auto read = read_addresses(where, addresses, false, desk.addresses); !read) return read;
  if (transport != "udp" && transport != "tcp") return fail(where + ".transport must be \"udp\" or \"tcp\"");
  for (StreamAddress& address : desk.addresses) address.datagram = transport == "udp";
  desk.sip.tcp = transport == "tcp";
  if (!police::is_device_id(desk.sip.device_id) || !police::is_device_id(desk.sip.platform_id)) {
    return fail(where + ": device and platform must be 20 digits, given by the police");
  }
  if (desk.sip.domain.empty()) desk.sip.domain = desk.sip.platform_id.substr(0, 10);
  if (desk.sip.credentials.user.empty()) desk.sip.credentials.user = desk.sip.device_id;
  if (!is_plain(desk.sip.domain) || !is_plain(desk.sip.contact) || !is_plain(desk.sip.credentials.user)) {
    return fail(where + ": domain, contact and user must be plain: letters, digits, dots, hyphens, a colon");
  }
  if (password_file.empty()) return fail(where + " needs password_file");
  if (utc_offset_min < -18 * 60 || utc_offset_min > 18 * 60) return fail(where + ".utc_offset_min is no offset");
  desk.sip.utc_offset = std::chrono::minutes{utc_offset_min};
  desk.password_file = password_file;
  config.sip[name] = std::move(desk);
  return Done{};
}

}  // namespace

Status read_police(const std::string& name, const toml::node& node, AlarmConfig& config) {
  const std::string where = "alarms.police." + name;
  if (!node.as_table()) return fail(where + ": must be a table with protocol and addresses");
  std::string protocol;
  Section section(node.as_table(), where);
  section.read("protocol", protocol);
  if (protocol == "gat1400") return read_viid(name, where, section, {}, config);
  if (protocol == "gbt28181") return read_sip(name, where, section, {}, config);
  return fail(where + ".protocol must be \"gat1400\" or \"gbt28181\"");
}

}  // namespace bayward

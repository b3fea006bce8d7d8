// [alarms.police.NAME] and [alarms.cap]: the links that others come in by (docs/connect-police.md, connect-fire.md).
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
  section.read("pictures", desk.pictures);
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
  if (desk.pictures && !desk.vehicles) return fail(where + ": pictures = true needs vehicles = true");
  if (utc_offset_min < -18 * 60 || utc_offset_min > 18 * 60) return fail(where + ".utc_offset_min is no offset");
  desk.link.speaker.utc_offset = std::chrono::minutes{utc_offset_min};
  desk.link.name = name;
  desk.password_file = password_file;
  if (!listen.empty()) {
    desk.listen = parse_listen(listen);
    if (!desk.listen) return fail(where + ".listen must be such as 0.0.0.0:7100");
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

Status read_cap(const toml::table& table, AlarmConfig& config) {
  CapFeedConfig feed;
  std::string listen, token_file, chain, key;
  Section section(&table, "alarms.cap");
  section.read("listen", listen);
  section.read("base_url", feed.base_url);
  section.read("token_file", token_file);
  section.read("sender", feed.cap.sender);
  section.read("sender_name", feed.cap.sender_name);
  section.read("web", feed.cap.web);
  section.read("exercise", feed.cap.exercise);
  section.read("certificate_chain_file", chain);
  section.read("private_key_file", key);
  if (const auto bad = section.error()) return fail(*bad);
  feed.listen = parse_listen(listen);
  if (!feed.listen) return fail("alarms.cap.listen must be such as 0.0.0.0:7110");
  const auto odd = [](char c) { return c <= ' ' || c >= 0x7f || c == ',' || c == '<' || c == '&'; };
  const std::string& sender = feed.cap.sender;
  if (sender.empty() || std::any_of(sender.begin(), sender.end(), odd)) {
    return fail(
        "alarms.cap.sender must be a name for good, such as bayward.rosenhof.example: no blanks, commas, < or &");
  }
  if (!parse_http_url(feed.base_url) || !feed.base_url.ends_with("/cap/")) {
    return fail("alarms.cap.base_url must be where desks reach the feed, such as https://alarms.example/cap/");
  }
  if (token_file.empty()) return fail("alarms.cap needs token_file: at least 16 characters");
  if (chain.empty() != key.empty())
    return fail("alarms.cap: certificate_chain_file and private_key_file: both or none");
  feed.token_file = token_file;
  feed.certificate_chain_file = chain;
  feed.private_key_file = key;
  config.cap = std::move(feed);
  return Done{};
}

}  // namespace bayward

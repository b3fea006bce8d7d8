// [alarms.sms] and [alarms.email]: the ways to people (docs/connect-sms.md, docs/connect-email.md).
#include "alarm_config.h"
#include "config_section.h"
#include "ports/normalise.h"

namespace bayward {

Status read_sms(const toml::table* table, AlarmConfig& config) {
  if (!table) return Done{};
  std::string url, password_file, receipts_listen;
  SmsConfig sms;
  Section section(table, "alarms.sms");
  section.read("url", url);
  section.read("user", sms.user);
  section.read("password_file", password_file);
  section.read("sender", sms.sender);
  section.read("receipts_listen", receipts_listen);
  section.read("receipts_url", sms.receipts_url);
  if (const auto bad = section.error()) return fail(*bad);
  const auto parsed = parse_http_url(url);
  if (!parsed) return fail("alarms.sms.url must be such as http://127.0.0.1:13013/cgi-bin/sendsms");
  if (parsed->path.find('?') != std::string::npos) return fail("alarms.sms.url must have no query");
  if (sms.user.empty() || password_file.empty()) return fail("alarms.sms needs user and password_file");
  if (!receipts_listen.empty()) {
    sms.receipts_listen = parse_address(receipts_listen);
    if (!sms.receipts_listen) return fail("alarms.sms.receipts_listen must be such as 127.0.0.1:7120");
    if (sms.receipts_url.empty()) sms.receipts_url = "http://" + receipts_listen;
  }
  if (!sms.receipts_url.empty() && (!sms.receipts_listen || !parse_http_url(sms.receipts_url))) {
    return fail("alarms.sms.receipts_url must be such as http://192.0.2.3:7120, with receipts_listen beside it");
  }
  while (sms.receipts_url.ends_with('/')) sms.receipts_url.pop_back();
  sms.url = *parsed;
  sms.password_file = password_file;
  config.sms = std::move(sms);
  return Done{};
}

Status read_email(const toml::table* table, AlarmConfig& config) {
  if (!table) return Done{};
  std::string security = "starttls", password_file;
  int64_t port = 0;
  EmailConfig email;
  Section section(table, "alarms.email");
  section.read("host", email.server.host);
  section.read("port", port);
  section.read("security", security);
  section.read("user", email.server.user);
  section.read("password_file", password_file);
  section.read("from", email.sender.address);
  section.read("name", email.sender.name);
  if (const auto bad = section.error()) return fail(*bad);
  if (security != "starttls" && security != "tls" && security != "none") {
    return fail("alarms.email.security must be \"starttls\", \"tls\" or \"none\"");
  }
  email.server.security = security == "tls"        ? net::MailSecurity::tls
                          : security == "starttls" ? net::MailSecurity::starttls
                                                   : net::MailSecurity::none;
  if (port < 0 || port > 65535) return fail("alarms.email.port must be 1 to 65535");
  const uint16_t usual = security == "tls" ? 465 : security == "starttls" ? 587 : 25;
  email.server.port = port == 0 ? usual : static_cast<uint16_t>(port);
  // The host becomes part of libcurl's URL: nothing else may.
  const auto host = parse_http_url("http://" + email.server.host);
  if (!host || host->path != "/" || host->port != 80) return fail("alarms.email.host must be a name or an address");
  if (!is_email(email.sender.address)) return fail("alarms.email.from must be such as alarms@bayward.example");
  if (email.server.user.empty() != password_file.empty()) {
    return fail("alarms.email needs both user and password_file, or neither");
  }
  const bool here = email.server.host == "localhost" || email.server.host.starts_with("127.");
  if (security == "none" && !here) {
    return fail(
        "alarms.email.security can be \"none\" only for a server on this machine: letters name people and bays");
  }
  email.password_file = password_file;
  config.email = std::move(email);
  return Done{};
}

}  // namespace bayward

// [alarms] of the server's configuration: by which ways messages of incidents leave the platform.
#pragma once

#include <toml++/impl/forward_declarations.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "connectors/cap/cap.h"
#include "connectors/email/letter.h"
#include "connectors/fire/gbt_dialect.h"
#include "connectors/fire/sia_dialect.h"
#include "connectors/outbox/routing.h"
#include "connectors/police/sip_dialect.h"
#include "connectors/police/viid_link.h"
#include "net/smtp_client.h"
#include "ports/byte_stream.h"

namespace bayward {

// "https://host:8443/path", taken apart.
struct HttpUrl {
  bool tls = false;
  std::string host;
  uint16_t port = 0;
  std::string path;  // with its query; at least "/"
};
std::optional<HttpUrl> parse_http_url(std::string_view text);

struct WebhookConfig {
  HttpUrl url;
  std::filesystem::path secret_file;
};

struct SmsConfig {
  HttpUrl url;
  std::string user;
  std::filesystem::path password_file;
  std::string sender;
  std::optional<StreamAddress> receipts_listen;  // none: no receipts are asked for
  std::string receipts_url;                      // as the gateway reaches it
};

struct EmailConfig {
  net::SmtpConfig server;  // without the password
  std::filesystem::path password_file;
  email::Sender sender;
};

// A fire desk's wire: GB/T 26875.3-2011, or SIA DC-09 where `sia` is given.
struct FireDeskConfig {
  std::vector<StreamAddress> addresses;  // one or two, the first is preferred
  fire::GbtConfig gbt;
  std::optional<fire::SiaConfig> sia;
  std::filesystem::path key_file;  // SIA DC-09: hexadecimal; empty: in the clear
};

// A police platform by GA/T 1400.4: our side of it, and where its watch orders come in.
struct ViidDeskConfig {
  std::vector<StreamAddress> addresses;  // one or two, the first is preferred
  police::ViidConfig link;               // without the password
  std::filesystem::path password_file;
  std::string platform_id;                       // 20 digits
  bool vehicles = false;                         // every vehicle seen is sent, not only hits
  bool pictures = false;                         // ... with its picture, where a bay has sent one
  std::optional<StreamAddress> listen;           // none: no orders are taken
  std::vector<std::string> allowed;              // addresses that orders may come from; empty: any
  bool digest = true;                            // who brings orders has to prove user and password
  std::filesystem::path certificate_chain_file;  // of `listen`; both or none
  std::filesystem::path private_key_file;
};

// A police platform by GB/T 28181.
struct SipDeskConfig {
  std::vector<StreamAddress> addresses;  // one or two, the first is preferred
  police::SipConfig sip;                 // without the password
  std::filesystem::path password_file;
};

// The CAP feed that desks fetch.
struct CapFeedConfig {
  cap::CapConfig cap;
  std::optional<StreamAddress> listen;
  std::string base_url;
  std::filesystem::path token_file;
  std::filesystem::path certificate_chain_file;  // both or none
  std::filesystem::path private_key_file;
};

// One entry of a list of ways: "sms", "sms:+4930123456", "email", "email:desk@office.example", "webhook:office",
// "fire:district", "police:district".
struct AlarmWay {
  std::string text;
  std::string kind;    // "sms", "email", "webhook", "fire", "police" or "cap"
  std::string detail;  // the number, address or name; empty for "sms" and "email" to people
};

struct AlarmConfig {
  std::map<core::Party, std::vector<AlarmWay>> desks;
  std::vector<AlarmWay> persons;
  std::optional<outbox::QuietHours> quiet;
  std::filesystem::path trusted_certificates_file;  // PEM; empty: those of the machine
  std::optional<SmsConfig> sms;
  std::optional<EmailConfig> email;
  std::map<std::string, WebhookConfig> webhooks;  // by name
  std::map<std::string, FireDeskConfig> fire;     // by name
  std::map<std::string, ViidDeskConfig> viid;     // of the police desks, by name
  std::map<std::string, SipDeskConfig> sip;       // the same; no name is in both
  std::optional<CapFeedConfig> cap;
};

// "192.0.2.7:5200".
std::optional<StreamAddress> parse_address(const std::string& text);
// "0.0.0.0:7100"; port 0 is a free one, told in the log.
std::optional<StreamAddress> parse_listen(const std::string& text);
// [alarms.sms], [alarms.email]; no table: nothing to read.
Status read_sms(const toml::table* table, AlarmConfig& config);
Status read_email(const toml::table* table, AlarmConfig& config);
Status read_cap(const toml::table& table, AlarmConfig& config);
// [alarms.police.NAME].
Status read_police(const std::string& name, const toml::node& node, AlarmConfig& config);

// What can't be is an error that says what to write instead.
Result<AlarmConfig> read_alarms(const toml::table& root);

}  // namespace bayward

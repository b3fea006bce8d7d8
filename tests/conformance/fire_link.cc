// Our end of a desk's link, for fire_link.test.mjs, fire_sia.test.mjs and police_sip.test.mjs: the connector as it is,
// driven by lines.
//
//   fire_link gbt|sia|sip|sip-tcp HOST:PORT[,HOST:PORT] [name=milliseconds or value]...
//   stdin:  send NUMBER KIND alarm|all_clear [danger|warning] · duty OPERATOR
//   stdout: one JSON object a line: {"ended":NUMBER,"result":..,"why":..}, {"up":..,"address":..}, {"roll_call":..}
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

#include "base/json_text.h"
#include "connectors/fire/gbt_dialect.h"
#include "connectors/fire/sia_dialect.h"
#include "connectors/police/sip_dialect.h"
#include "connectors/wire/desk.h"
#include "net/tcp_client.h"

using namespace bayward;

namespace {

using Options = std::map<std::string, std::string>;

void line(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << text << std::endl;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

Duration duration(const Options& options, const std::string& name, Duration otherwise) {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : Duration{std::stoll(found->second)};
}

std::vector<StreamAddress> addresses(const std::string& text, bool datagram) {
  std::vector<StreamAddress> out;
  std::istringstream in(text);
  for (std::string one; std::getline(in, one, ',');) {
    const size_t colon = one.rfind(':');
    out.push_back({one.substr(0, colon), static_cast<uint16_t>(std::stoi(one.substr(colon + 1))), false, datagram});
  }
  return out;
}

std::unique_ptr<wire::Dialect> dialect(const std::string& name, const Options& options) {
  if (name == "gbt") {
    fire::GbtConfig config;
    config.device = {1, 2, 3, 4, 5, 6};
    config.centre = {0x11, 0x12, 0x13, 0x14, 0x15, 0x16};
    return std::make_unique<fire::GbtDialect>(config);
  }
  if (name.starts_with("sip")) {
    police::SipConfig config;
    config.device_id = "31000000001320000001";
    config.platform_id = "31000000002000000001";
    config.domain = "3100000000";
    config.credentials = {config.device_id, options.contains("password") ? options.at("password") : "police"};
    config.tcp = name == "sip-tcp";
    config.utc_offset = std::chrono::hours{8};
    return std::make_unique<police::SipDialect>(std::move(config));
  }
  fire::SiaConfig config;
  config.account = "1001";
  if (options.contains("key")) config.key = fire::SiaKey::parse(options.at("key"));
  return std::make_unique<fire::SiaDialect>(std::move(config));
}

AlarmMessage message(uint32_t number, const std::string& kind, const std::string& step, const std::string& severity) {
  const SiteId site{7};
  AlarmMessage out;
  out.delivery = site_scoped<DeliveryId>(site, number);
  out.incident = site_scoped<IncidentId>(site, 1);
  out.kind = core::parse_incident_kind(kind).value();
  out.step = step == "all_clear" ? core::DeliveryStep::all_clear : core::DeliveryStep::alarm;
  out.severity = severity == "warning" ? core::Severity::warning : core::Severity::danger;
  out.place.site = site;
  out.place.site_name = "玫瑰园";
  out.place.bay = site_scoped<BayId>(site, 17);
  out.place.bay_label = "B1-017";
  out.place.level = "-1";
  out.at = net::SystemClock().now();
  out.opened_at = out.at - std::chrono::seconds{2};
  return out;
}

void obey(wire::Desk& desk, const std::string& order) {
  std::istringstream in(order);
  std::string verb;
  uint32_t number = 0;
  std::string kind;
  std::string step;
  std::string severity;
  in >> verb >> number >> kind >> step >> severity;
  if (verb == "duty") return desk.answer_roll_call(static_cast<uint8_t>(number));
  desk.send(message(number, kind, step, severity), [number](SendResult result, std::string_view why) {
    const char* const text = result == SendResult::delivered ? "delivered"
                             : result == SendResult::failed  ? "failed"
                                                             : "impossible";
    line("{\"ended\":" + std::to_string(number) + ",\"result\":\"" + text + "\",\"why\":" + quoted(why) + '}');
  });
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "usage: fire_link gbt|sia|sip|sip-tcp HOST:PORT[,HOST:PORT] [name=value]...\n";
    return 2;
  }
  Options options;
  for (int i = 3; i < count; ++i) {
    const std::string text = arguments[i];
    options[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  wire::DeskConfig config{addresses(arguments[2], arguments[1] == std::string("sip")), {}};
  config.link.answer_limit = duration(options, "answer", config.link.answer_limit);
  config.link.supervision = duration(options, "supervision", config.link.supervision);
  config.link.connect_limit = duration(options, "connect", config.link.connect_limit);
  config.link.first_again = duration(options, "first_again", config.link.first_again);
  config.link.pause_min = duration(options, "pause", config.link.pause_min);
  wire::DeskEvents events;
  events.link = [](const wire::LinkState& state) {
    line(std::string("{\"up\":") + (state.up ? "true" : "false") + ",\"address\":" + std::to_string(state.address) +
         ",\"why\":" + quoted(state.why) + '}');
  };
  events.roll_call = [](Duration within) { line("{\"roll_call\":" + std::to_string(within.count()) + '}'); };

  const net::SystemClock clock;
  net::IoContext io;
  net::TcpLoop loop(io);
  io.start("fire-io");
  {
    wire::Desk desk(loop, clock, std::move(config), dialect(arguments[1], options), std::move(events));
    for (std::string order; std::getline(std::cin, order);) obey(desk, order);
  }
  return 0;
}

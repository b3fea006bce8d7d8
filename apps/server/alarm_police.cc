// The links to police desks: AlarmLinks::add_police and what belongs to it.
#include <fmt/format.h>

#include "alarm_links.h"
#include "base/limits.h"
#include "connectors/wire/desk.h"
#include "ports/log.h"

namespace bayward {

Status AlarmLinks::add_police(const AlarmConfig& config, EngineDoor& engine, Vault& vault) {
  for (const auto& [name, desk] : config.viid) {
    if (const auto added = add_viid_desk(name, desk, config, engine, vault); !added) return added;
  }
  for (const auto& [name, desk] : config.sip) {
    if (const auto added = add_sip_desk(name, desk); !added) return added;
  }
  const auto post = [io = &io_](std::function<void()> work) { io->post(std::move(work)); };
  std::function<void(const police::Sighting&)> seen;
  if (!passes_.empty()) {
    seen = [this](const police::Sighting& sighting) {
      for (police::ViidLink* link : passes_) link->pass(sighting);
    };
  }
  keeper_ = std::make_unique<police::WatchKeeper>(police::WatchKeeper::Ports{engine, vault, post}, std::move(seen));
  return Done{};
}

Status AlarmLinks::add_viid_desk(const std::string& name, const ViidDeskConfig& desk, const AlarmConfig& config,
                                 EngineDoor& engine, Vault& vault) {
  auto password = read_secret(desk.password_file, 1);
  if (!password) return fail(fmt::format("alarms.police.{}.password_file: {}", name, password.error().message));
  police::ViidConfig link = desk.link;
  link.credentials.password = *std::move(password);
  std::vector<HttpOut> ways;
  for (const StreamAddress& address : desk.addresses) {
    auto http = http_to({address.tls, address.host, address.port, "/"}, config);
    if (!http) return Failure{http.error()};
    ways.push_back(*std::move(http));
  }
  auto channel = std::make_unique<police::ViidLink>(police::ViidPorts{streams_, clock_, vault}, link, std::move(ways));
  if (desk.vehicles) passes_.push_back(channel.get());
  channels_["police:" + name] = std::move(channel);
  if (!desk.listen) return Done{};
  Door door;
  police::WatchDeskConfig orders{
      name,        desk.platform_id, link.speaker.device_id, link.speaker.utc_offset, link.credentials,
      desk.digest, desk.allowed};
  const auto post = [io = &io_](std::function<void()> work) { io->post(std::move(work)); };
  door.desk = std::make_unique<police::WatchDesk>(police::WatchDesk::Ports{engine, vault, clock_, post}, orders);
  door.http.address = desk.listen->host;
  door.http.port = desk.listen->port;
  door.http.body_bytes = limits::watch_request_bytes;
  if (!desk.certificate_chain_file.empty()) {
    auto tls = net::TlsContext::for_server({desk.certificate_chain_file, desk.private_key_file});
    if (!tls) return fail(fmt::format("alarms.police.{}: {}", name, tls.error().message));
    door.http.tls = *tls;
  } else {
    log::warn("police.orders_not_encrypted", {{"desk", name}, {"address", desk.listen->host}});
  }
  doors_.push_back(std::move(door));
  return Done{};
}

Status AlarmLinks::add_sip_desk(const std::string& name, const SipDeskConfig& desk) {
  auto password = read_secret(desk.password_file, 1);
  if (!password) return fail(fmt::format("alarms.police.{}.password_file: {}", name, password.error().message));
  police::SipConfig sip = desk.sip;
  sip.credentials.password = *std::move(password);
  wire::DeskConfig link;
  link.addresses = desk.addresses;
  // GB/T 28181 gives a transaction some seconds; a lost datagram must not cost an alarm ten.
  link.link.answer_limit = 4s;
  wire::DeskEvents events;
  events.link = [name](const wire::LinkState& state) {
    log::write(state.up ? log::Level::info : log::Level::warn, "police.sip_link", {{"desk", name}, {"up", state.up}});
  };
  channels_["police:" + name] = std::make_unique<wire::Desk>(
      streams_, clock_, std::move(link), std::make_unique<police::SipDialect>(std::move(sip)), std::move(events));
  return Done{};
}

}  // namespace bayward

// The links to police desks: AlarmLinks::add_police and what belongs to it.
#include <fmt/format.h>

#include "alarm_links.h"
#include "base/limits.h"
#include "connectors/wire/desk.h"
#include "ports/http_util.h"
#include "ports/log.h"
#include "secret_file.h"

namespace bayward {

Status AlarmLinks::add_police(const AlarmConfig& config, EngineDoor& engine, Vault& vault) {
  for (const auto& [name, desk] : config.viid) {
    if (auto added = add_viid_desk(name, desk, config, engine, vault); !added) return added;
  }
  for (const auto& [name, desk] : config.sip) {
    if (auto added = add_sip_desk(name, desk); !added) return added;
  }
  const auto post = [io = &io_](std::function<void()> work) { io->post(std::move(work)); };
  keeper_ = std::make_unique<police::WatchKeeper>(police::WatchKeeper::Ports{engine, vault, post}, passes_);
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
  viid_links_.push_back(channel.get());
  if (desk.vehicles) {
    passes_.push_back({name, desk.pictures, [link = channel.get()](const police::Sighting& one) { link->pass(one); }});
  }
  channels_["police:" + name] = std::move(channel);
  if (!desk.listen) return Done{};
  police::WatchDeskConfig orders{
      name,        desk.platform_id, link.speaker.device_id, link.speaker.utc_offset, link.credentials,
      desk.digest, desk.allowed};
  const auto post = [io = &io_](std::function<void()> work) { io->post(std::move(work)); };
  watch_desks_.push_back(
      std::make_unique<police::WatchDesk>(police::WatchDesk::Ports{engine, vault, clock_, post}, std::move(orders)));
  auto door = make_door("police.listening", *watch_desks_.back(), *desk.listen, desk.certificate_chain_file,
                        desk.private_key_file);
  if (!door) return fail(fmt::format("alarms.police.{}: {}", name, door.error().message));
  door->http.body_bytes = limits::watch_request_bytes;
  doors_.push_back(*std::move(door));
  return Done{};
}

Result<AlarmLinks::Door> AlarmLinks::make_door(std::string what, HttpHandler& handler, const StreamAddress& listen,
                                               const std::filesystem::path& chain, const std::filesystem::path& key) {
  Door door;
  door.what = std::move(what);
  door.handler = &handler;
  door.http.address = listen.host;
  door.http.port = listen.port;
  if (chain.empty()) {
    log::warn("alarm.door_not_encrypted", {{"address", listen.host}, {"port", listen.port}});
    return door;
  }
  auto tls = net::TlsContext::for_server({chain, key});
  if (!tls) return fail(tls.error().message);
  door.http.tls = *tls;
  return door;
}

Status AlarmLinks::add_cap(const AlarmConfig& config) {
  if (!config.cap) return Done{};
  auto token = read_secret(config.cap->token_file, secret_min_chars);
  if (!token) return fail("alarms.cap.token_file: " + token.error().message);
  if (!parse_bearer_authorization("Bearer " + *token)) {
    return fail("alarms.cap.token_file: a token is letters, digits and -._~+/= (RFC 6750 section 2.1)");
  }
  auto desk = std::make_unique<cap::CapDesk>(
      streams_, clock_, cap::CapDeskConfig{config.cap->cap, *std::move(token), config.cap->base_url});
  auto door = make_door("cap.listening", *desk, *config.cap->listen, config.cap->certificate_chain_file,
                        config.cap->private_key_file);
  if (!door) return fail("alarms.cap: " + door.error().message);
  doors_.push_back(*std::move(door));
  channels_["cap"] = std::move(desk);
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

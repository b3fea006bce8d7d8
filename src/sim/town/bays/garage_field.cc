#include "sim/town/bays/garage_field.h"

#include "net/websocket_client.h"

namespace bayward::town {
namespace {

constexpr Duration answer_patience{30s};  // of the machine

bay::Dial dial_to(net::IoContext& io, const StationDoor& door, const OwnBayConfig& config,
                  const std::string& password) {
  net::WebSocketClientConfig socket;
  socket.target = "/ocpp/" + percent_encode(config.identity);
  socket.subprotocols = {"ocpp2.0.1"};
  socket.credentials = BasicCredentials{config.identity, password};
  return
      [&io, &door, socket](std::shared_ptr<WebSocketSession> session, const std::function<void(std::string)>& failed) {
        net::WebSocketClientConfig there = socket;
        there.host = door.host;
        there.port = door.port;
        net::connect_websocket(io, there, std::move(session),
                               [failed](const Result<std::string, net::WebSocketRefusal>& connected) {
                                 if (!connected) failed(connected.error().reason);
                               });
      };
}

bay::DangerLevel level_of(const mesh::AlarmContent& content) {
  if (content.growing_after_cut) return bay::DangerLevel::everybody;
  return content.level == mesh::AlarmLevel::danger ? bay::DangerLevel::danger : bay::DangerLevel::fault;
}

}  // namespace

GarageField::GarageField(net::IoContext& io, TownTime& time, size_t levels, size_t own_bays, double speed,
                         const StationDoor& door, uint64_t seed)
    : io_(io),
      own_bays_(own_bays),
      door_(door),
      speed_(speed),
      mesh_(io, seed, [this](const std::string& gateway, const mesh::Event& event) { mesh_told(gateway, event); }),
      field_(io, time, speed, seed) {
  watch_.published = [this](OwnBay& bay, const bay::BayState& state) {
    mesh_.publish(bay.label(), state);
    if (drill.published) drill.published(bay, state);
  };
  watch_.raised = [this](OwnBay& bay, const bay::BayAlarm& alarm) {
    if (drill.raised) drill.raised(bay, alarm);
    mesh_.raise(alarm);
  };
  watch_.opened = [this](OwnBay& bay) {
    if (drill.opened) drill.opened(bay);
  };
  watch_.said = [this](OwnBay& bay, std::string_view frame) {
    if (drill.said) drill.said(bay, frame);
  };
  watch_.heard = [this](OwnBay& bay, std::string_view frame) {
    if (drill.heard) drill.heard(bay, frame);
  };
  mesh_.build(levels, "site");
}

Result<std::unique_ptr<OwnBay>> GarageField::build(OwnBayConfig config, const std::string& password,
                                                   const Field::Spot& spot) {
  config.answer_patience = Duration{static_cast<int64_t>(static_cast<double>(answer_patience.count()) * speed_)};
  const bay::Dial dial = dial_to(io_, door_, config, password);
  auto own = OwnBay::build(std::move(config), dial, watch_);
  if (!own) return own;
  mesh_.add_bay((*own)->label(), spot.level, own_bays_);
  field_.add(**own, spot);
  return own;
}

void GarageField::mesh_told(const std::string& gateway, const mesh::Event& event) {
  if (drill_mesh) drill_mesh(gateway, event);
  const auto* received = std::get_if<mesh::AlarmReceived>(&event);
  const auto* cleared = std::get_if<mesh::AlarmCleared>(&event);
  if (!received && !cleared) return;
  const mesh::Alarm& alarm = received ? received->alarm : cleared->alarm;
  // Danger that grows is for everybody: the bays behind this gateway show it.
  for (OwnBay* bay : field_.bays()) {
    if (mesh_.gateway_of(bay->label()) != gateway) continue;
    bay::BayAlarm heard;
    heard.number = static_cast<uint32_t>(alarm.id.number);
    heard.device = alarm.content.device;
    heard.address = alarm.content.address;
    heard.bay = alarm.content.bay;
    heard.kind = alarm.content.detail;
    heard.level = level_of(alarm.content);
    heard.all_clear = cleared != nullptr;
    heard.value = alarm.content.value_milli;
    heard.at = alarm.content.raised_at;
    bay->agent().heard(heard);
  }
}

}  // namespace bayward::town

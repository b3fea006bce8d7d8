#include "site_mesh.h"

#include <algorithm>

#include "ports/log.h"

namespace bayward {
namespace {

site::BayDoing doing_of(mesh::BayCondition condition) {
  switch (condition) {
    case mesh::BayCondition::idle:
      return site::BayDoing::idle;
    case mesh::BayCondition::held:
    case mesh::BayCondition::reserved:
      return site::BayDoing::reserved;
    case mesh::BayCondition::occupied:
      return site::BayDoing::occupied;
    case mesh::BayCondition::charging:
      return site::BayDoing::charging;
    case mesh::BayCondition::faulted:
    case mesh::BayCondition::out_of_service:
      return site::BayDoing::faulted;
    case mesh::BayCondition::unknown:
      break;
  }
  return site::BayDoing::unknown;
}

void note(const char* what, const mesh::Alarm& alarm) {
  log::warn(what, {{"id", mesh::to_text(alarm.id)},
                   {"kind", mesh::to_text(alarm.content.kind)},
                   {"level", mesh::to_text(alarm.content.level)},
                   {"growing", alarm.content.growing_after_cut},
                   {"device", alarm.content.device},
                   {"bay", alarm.content.bay},
                   {"address", alarm.content.address}});
}

}  // namespace

Result<std::unique_ptr<SiteMesh>> SiteMesh::open(net::IoContext& io, const SiteConfig& config, site::BayBoard* board,
                                                 const Clock& clock) {
  if (!config.mesh.wanted()) return std::unique_ptr<SiteMesh>();
  mesh_tool::GatewayOptions options = config.mesh;
  options.counters_file = config.data_directory / "mesh.counters";
  std::unique_ptr<SiteMesh> out(new SiteMesh(board, clock));
  auto gateway =
      mesh_tool::Gateway::open(io, options, [mesh = out.get()](const mesh::Event& event) { mesh->told(event); });
  if (!gateway) return fail("[mesh]: " + gateway.error().message);
  out->gateway_ = *std::move(gateway);
  return out;
}

void SiteMesh::told(const mesh::Event& event) {
  if (const auto* alarm = std::get_if<mesh::AlarmReceived>(&event)) return note("mesh.alarm", alarm->alarm);
  if (const auto* clear = std::get_if<mesh::AlarmCleared>(&event)) return note("mesh.all_clear", clear->alarm);
  if (const auto* heard = std::get_if<mesh::StateReceived>(&event)) {
    if (!board_) return;
    board_->heard(heard->state.device, 1, doing_of(heard->state.condition), clock_.now());
    return board_->sensed_at(heard->state.device, 1, heard->state.vehicle_seen);
  }
  if (const auto* lost = std::get_if<mesh::GatewayLost>(&event)) {
    return log::warn("mesh.gateway_lost", {{"gateway", mesh::to_text(lost->gateway)}, {"name", lost->name}});
  }
  if (const auto* found = std::get_if<mesh::GatewayFound>(&event)) {
    return log::info("mesh.gateway_found", {{"gateway", mesh::to_text(found->gateway)}, {"name", found->name}});
  }
  if (const auto* failed = std::get_if<mesh::CounterStoreFailed>(&event)) {
    return log::error("mesh.counters_not_kept", {{"why", failed->message}});
  }
  log::debug("mesh.event", {{"event", mesh::to_text(event)}});
}

void SiteMesh::tick() {
  if (!board_) return;
  const std::vector<mesh::MacAddress> alive = gateway_->driver().node().gateways();
  for (const mesh::StateReceived& known : gateway_->driver().node().states()) {
    if (std::find(alive.begin(), alive.end(), known.gateway) != alive.end()) {
      board_->alive(known.state.device, clock_.now());
    }
  }
}

MeshStatus SiteMesh::status() const {
  const mesh::Node& node = gateway_->driver().node();
  MeshStatus out;
  out.acting = node.is_controller();
  out.gateways = node.gateways().size();
  out.alarms = node.alarms();
  std::erase_if(out.alarms, [](const mesh::Alarm& alarm) { return alarm.cleared; });
  return out;
}

}  // namespace bayward

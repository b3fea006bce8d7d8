// What can be asked of a node, and its topology as text and JSON.
#include <algorithm>

#include "base/json_text.h"
#include "mesh/node_impl.h"

namespace bayward::mesh {

namespace {

TopologyDevice device_of(const GatewayRecord& record) {
  TopologyDevice out;
  out.al_mac = record.al_mac;
  out.name = record.name;
  out.gateway = true;
  out.controller_priority = record.controller_priority;
  out.interfaces = record.interfaces;
  for (const GatewayRecord::Link& link : record.links) {
    const auto at = std::ranges::find(record.interfaces, link.local_interface);
    const auto index = at == record.interfaces.end() ? size_t{0} : static_cast<size_t>(at - record.interfaces.begin());
    out.links.push_back({index, link.local_interface, link.neighbour});
  }
  return out;
}

std::string role_of(const Topology& topology, const TopologyDevice& device) {
  if (!device.gateway) return "other 1905.1 device";
  std::string out = device.al_mac == topology.self ? "this gateway" : "gateway";
  if (topology.controller == device.al_mac) {
    out += ", acting controller";
  } else if (device.controller_priority > 0) {
    out += ", candidate " + std::to_string(device.controller_priority);
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string json_of(const TopologyDevice& device) {
  std::string out = "{\"al_mac\":" + quoted(to_text(device.al_mac)) + ",\"name\":" + quoted(device.name) +
                    ",\"gateway\":" + (device.gateway ? "true" : "false") +
                    ",\"controller_priority\":" + std::to_string(device.controller_priority) +
                    ",\"heard_ago_ms\":" + (device.heard_ago ? std::to_string(device.heard_ago->count()) : "null") +
                    ",\"interfaces\":[";
  for (const MacAddress& interface : device.interfaces) {
    if (out.back() != '[') out += ',';
    out += quoted(to_text(interface));
  }
  out += "],\"links\":[";
  for (const TopologyLink& link : device.links) {
    if (out.back() != '[') out += ',';
    out += "{\"interface\":" + quoted(to_text(link.local_interface)) +
           ",\"neighbour\":" + quoted(to_text(link.neighbour)) + "}";
  }
  return out + "]}";
}

}  // namespace

Topology Node::topology(Instant now) const {
  const Table& table = impl_->table;
  Topology out{impl_->config.al_mac, table.controller(), {}};
  for (const auto& [key, kept] : table.all()) {
    if (key.kind != RecordKind::gateway || !table.reached().contains(key.origin)) continue;
    out.devices.push_back(device_of(*kept.record.gateway()));
    out.devices.back().heard_ago = impl_->exchange.heard_ago(key.origin, now);
  }
  for (TopologyDevice& device : impl_->standard.devices(now)) {
    if (!table.reached().contains(device.al_mac)) out.devices.push_back(std::move(device));
  }
  std::ranges::sort(out.devices, {}, [&out](const TopologyDevice& device) {
    return std::pair{device.al_mac != out.self, device.al_mac};
  });
  // Records name gateways only: our links to other 1905.1 devices come from discovery.
  for (const TopologyLink& link : impl_->standard.links()) {
    if (!table.reached().contains(link.neighbour)) out.devices.front().links.push_back(link);
  }
  return out;
}

std::string to_text(const Topology& topology) {
  std::string out;
  for (const TopologyDevice& device : topology.devices) {
    out += to_text(device.al_mac) + "  " + (device.name.empty() ? "-" : device.name) + "  (" +
           role_of(topology, device) + ")\n";
    for (const TopologyLink& link : device.links) {
      const auto other = std::ranges::find(topology.devices, link.neighbour, &TopologyDevice::al_mac);
      const bool named = other != topology.devices.end() && !other->name.empty();
      out += "    " + to_text(link.local_interface) + " -- " + to_text(link.neighbour) +
             (named ? "  " + other->name : std::string{}) + "\n";
    }
  }
  out += "acting controller: " + (topology.controller ? to_text(*topology.controller) : std::string("none")) + "\n";
  return out;
}

std::string to_json(const Topology& topology) {
  std::string out = "{\"self\":" + quoted(to_text(topology.self)) +
                    ",\"controller\":" + (topology.controller ? quoted(to_text(*topology.controller)) : "null") +
                    ",\"devices\":[";
  for (const TopologyDevice& device : topology.devices) {
    if (out.back() != '[') out += ',';
    out += json_of(device);
  }
  return out + "]}";
}

std::vector<Alarm> Node::alarms() const {
  std::vector<Alarm> out;
  for (const auto& [key, kept] : impl_->table.all()) {
    if (const Alarm* alarm = kept.record.alarm()) out.push_back(*alarm);
  }
  std::ranges::stable_sort(out, {}, [](const Alarm& alarm) {
    return std::pair{alarm.cleared, -static_cast<int>(alarm.content.level)};
  });
  return out;
}

std::vector<StateReceived> Node::states() const {
  std::vector<StateReceived> out;
  for (const auto& [key, kept] : impl_->table.all()) {
    const StateReceived* state = kept.record.state();
    if (state != nullptr && impl_->table.reached().contains(key.origin)) out.push_back(*state);
  }
  return out;
}

std::vector<MacAddress> Node::gateways() const {
  std::vector<MacAddress> out(impl_->table.reached().begin(), impl_->table.reached().end());
  std::erase(out, impl_->config.al_mac);
  return out;
}

}  // namespace bayward::mesh

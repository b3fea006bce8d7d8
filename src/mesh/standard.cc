#include "mesh/standard.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// A neighbour sends a discovery at least every 60 s (clause 8.2.1); one lost is forgiven only just.
constexpr Duration neighbour_age_max = 65s;
constexpr Duration told_age_max = 60s;  // after that a device is asked anew at its next discovery
constexpr Duration query_spacing = 5s;
constexpr Duration change_spacing = 1s;  // discovery and notification after a change: within a second, clause 8.2
constexpr Duration seen_age_max = 1s;

}  // namespace

Standard::Standard(const NodeConfig& config, Outbox& out, Instant now)
    : config_(config),
      out_(out),
      discovery_next_(config.interfaces.size(), now),
      rates_(config.interfaces.size(), Rate(limits::mesh_standard_per_second, now)),
      relays_(limits::mesh_foreign_relays_per_second, now) {}

void Standard::receive(size_t interface, const Cmdu& message, ByteView frame, bool far_gateway, Instant now) {
  if (!rates_[interface].take(now)) {
    ++out_.counters.rate_limited;
    return;
  }
  if (message.relay && is_repeated(message, now)) {
    ++out_.counters.duplicates;
    return;
  }
  switch (message.type) {
    case MessageType::topology_discovery:
      on_discovery(interface, message, now);
      break;
    case MessageType::topology_notification:
      on_notification(interface, message, far_gateway, now);
      break;
    case MessageType::topology_query:
      on_query(interface, message);
      break;
    case MessageType::topology_response:
      on_response(message, now);
      break;
    case MessageType::vendor_specific:
      break;  // of another vendor
  }
  if (message.relay) relay(interface, message, frame, now);
}

// Clause 6.3.1: AL MAC address and MAC address of the sending interface.
void Standard::on_discovery(size_t interface, const Cmdu& message, Instant now) {
  const auto al_mac = message.only_mac(TlvType::al_mac_address);
  const auto mac = message.only_mac(TlvType::mac_address);
  if (!al_mac || !mac || al_mac->is_group() || *al_mac == config_.al_mac) {
    ++out_.counters.malformed;
    return;
  }
  const auto found = neighbours_.find({interface, *al_mac});
  if (found == neighbours_.end() && neighbours_.size() >= limits::mesh_devices) {
    ++out_.counters.table_full;
    return;
  }
  neighbours_[{interface, *al_mac}] = {*mac, now};
  if (found == neighbours_.end()) {
    neighbours_changed(now);
    discovery_next_[interface] = std::min(discovery_next_[interface], now);
  }
  const auto device = devices_.find(*al_mac);
  const bool told_lately =
      device != devices_.end() && device->second.told && now - *device->second.told <= told_age_max;
  if (!told_lately) send_query(interface, *al_mac, query_spacing, now);
}

// Clause 6.3.2: the AL MAC address of the device whose topology changed.
void Standard::on_notification(size_t interface, const Cmdu& message, bool far_gateway, Instant now) {
  const auto al_mac = message.only_mac(TlvType::al_mac_address);
  if (!al_mac || al_mac->is_group()) {
    ++out_.counters.malformed;
    return;
  }
  if (*al_mac == config_.al_mac || far_gateway) return;
  send_query(interface, *al_mac, change_spacing, now);
}

// Clauses 6.3.4 and 8.2.2: the answer carries the id of the query, to the address it came from.
void Standard::on_query(size_t interface, const Cmdu& message) {
  auto header = out_.header(interface, MessageType::topology_response, false);
  header.destination = message.source;
  header.id = message.id;
  CmduWriter writer(header);
  writer.tlv(TlvType::device_information, encode_device_information(config_.al_mac, config_.interfaces));
  for (size_t i = 0; i < config_.interfaces.size(); ++i) {
    NeighbourList list{config_.interfaces[i].mac, {}};
    for (const auto& [place, neighbour] : neighbours_) {
      if (place.first == i) list.neighbours.push_back({place.second, false});
    }
    if (!list.neighbours.empty()) writer.tlv(TlvType::neighbour_devices, encode_neighbour_list(list));
  }
  out_.send(interface, Urgency::topology, std::move(writer).finish());
}

void Standard::on_response(const Cmdu& message, Instant now) {
  const auto value = message.only(TlvType::device_information);
  const auto information = value ? decode_device_information(*value) : std::nullopt;
  if (!information) {
    ++out_.counters.malformed;
    return;
  }
  const auto asked = devices_.find(information->al_mac);  // made by send_query: nobody tells us unasked
  if (asked == devices_.end()) return;
  Device& device = asked->second;
  device.interfaces.clear();
  device.links.clear();
  device.told = now;
  for (const InterfaceConfig& interface : information->interfaces) device.interfaces.push_back(interface.mac);
  for (const Tlv& tlv : message.tlvs) {
    if (tlv.type != TlvType::neighbour_devices) continue;
    const auto list = decode_neighbour_list(tlv.value);
    if (!list) continue;
    const auto place = std::ranges::find(device.interfaces, list->local_interface);
    const auto index =
        place == device.interfaces.end() ? size_t{0} : static_cast<size_t>(place - device.interfaces.begin());
    for (const NeighbourList::Neighbour& neighbour : list->neighbours) {
      if (device.links.size() == limits::mesh_devices) return;
      device.links.push_back({index, list->local_interface, neighbour.al_mac});
    }
  }
}

// A relayed message is known by its sender's AL MAC address, type and id; one without the address by the relayer's.
bool Standard::is_repeated(const Cmdu& message, Instant now) {
  while (!seen_.empty() && now - seen_.front().at > seen_age_max) seen_.pop_front();
  const MacAddress source = message.only_mac(TlvType::al_mac_address).value_or(message.source);
  if (source == config_.al_mac) return true;
  const bool repeated = std::ranges::any_of(seen_, [&](const Seen& seen) {
    return seen.source == source && seen.type == message.type && seen.id == message.id;
  });
  if (repeated) return true;
  if (seen_.size() == limits::mesh_seen_messages) seen_.pop_front();
  seen_.push_back({source, message.type, message.id, now});
  return false;
}

void Standard::relay(size_t interface, const Cmdu& message, ByteView frame, Instant now) {
  if (config_.interfaces.size() < 2) return;
  if (!relays_.take(now)) {
    ++out_.counters.rate_limited;
    return;
  }
  Bytes copy(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(message.size));
  std::ranges::copy(multicast_1905.bytes, copy.begin());
  out_.relay(interface, Urgency::topology, copy);
}

void Standard::send_discovery(size_t interface, Instant now) {
  CmduWriter writer(out_.header(interface, MessageType::topology_discovery, false));
  writer.tlv(TlvType::al_mac_address, config_.al_mac.bytes);
  writer.tlv(TlvType::mac_address, config_.interfaces[interface].mac.bytes);
  out_.send(interface, Urgency::topology, std::move(writer).finish());
  discovery_next_[interface] = now + config_.discovery_every;
}

void Standard::send_notification() {
  auto header = out_.header(0, MessageType::topology_notification, true);
  for (size_t i = 0; i < config_.interfaces.size(); ++i) {
    header.source = config_.interfaces[i].mac;
    CmduWriter writer(header);
    writer.tlv(TlvType::al_mac_address, config_.al_mac.bytes);
    out_.send(i, Urgency::topology, std::move(writer).finish());
  }
}

// Clause 8.2.2: to the device's AL MAC address, at most one in a while.
void Standard::send_query(size_t interface, const MacAddress& al_mac, Duration spacing, Instant now) {
  if (!devices_.contains(al_mac) && devices_.size() >= limits::mesh_devices) {
    ++out_.counters.table_full;
    return;
  }
  const auto [device, added] = devices_.try_emplace(al_mac, Device{{}, {}, std::nullopt, now});
  if (!added && now - device->second.queried < spacing) return;
  device->second.queried = now;
  auto header = out_.header(interface, MessageType::topology_query, false);
  header.destination = al_mac;
  out_.send(interface, Urgency::topology, CmduWriter(header).finish());
}

void Standard::neighbours_changed(Instant now) {
  notification_due_ = notified_ ? std::max(now, *notified_ + change_spacing) : now;
  out_.tell(TopologyChanged{});
}

void Standard::drop_old(Instant now) {
  const size_t lost =
      std::erase_if(neighbours_, [now](const auto& entry) { return now - entry.second.heard >= neighbour_age_max; });
  if (lost > 0) neighbours_changed(now);
  std::erase_if(devices_, [this, now](const auto& entry) {
    const bool is_neighbour =
        std::ranges::any_of(neighbours_, [&](const auto& neighbour) { return neighbour.first.second == entry.first; });
    return !is_neighbour && now - entry.second.queried >= query_spacing;
  });
}

void Standard::poll(Instant now) {
  drop_old(now);
  for (size_t i = 0; i < discovery_next_.size(); ++i) {
    if (now >= discovery_next_[i]) send_discovery(i, now);
  }
  if (now >= notification_due_) {
    notification_due_ = Instant::max();
    notified_ = now;
    send_notification();
  }
}

Instant Standard::next_poll() const {
  Instant next = std::min(notification_due_, *std::ranges::min_element(discovery_next_));
  for (const auto& [place, neighbour] : neighbours_) next = std::min(next, neighbour.heard + neighbour_age_max);
  return next;
}

void Standard::set_link(size_t interface, bool up, Instant now) {
  if (up) {
    discovery_next_[interface] = now;
    return;
  }
  const size_t lost =
      std::erase_if(neighbours_, [interface](const auto& entry) { return entry.first.first == interface; });
  if (lost > 0) neighbours_changed(now);
}

std::vector<TopologyDevice> Standard::devices(Instant now) const {
  std::map<MacAddress, TopologyDevice> found;
  for (const auto& [place, neighbour] : neighbours_) {
    TopologyDevice& device = found[place.second];
    device.al_mac = place.second;
    const Duration ago = now - neighbour.heard;
    device.heard_ago = std::min(device.heard_ago.value_or(ago), ago);
    if (const auto told = devices_.find(place.second); told != devices_.end()) {
      device.interfaces = told->second.interfaces;
      device.links = told->second.links;
    }
  }
  std::vector<TopologyDevice> out;
  out.reserve(found.size());
  for (auto& [al_mac, device] : found) out.push_back(std::move(device));
  return out;
}

std::vector<TopologyLink> Standard::links() const {
  std::vector<TopologyLink> out;
  out.reserve(neighbours_.size());
  for (const auto& [place, neighbour] : neighbours_) {
    out.push_back({place.first, config_.interfaces[place.first].mac, place.second});
  }
  return out;
}

}  // namespace bayward::mesh

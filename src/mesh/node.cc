#include "mesh/node.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mesh/node_impl.h"

namespace bayward::mesh {

namespace {

constexpr Duration repair_after = 20ms;       // a multicast should have arrived and been acked by then
constexpr Duration describe_spacing = 100ms;  // of new records about our own links
constexpr Duration unacked_after = 10s;

RecordKey key_of_alarm(const AlarmId& id) {
  return {RecordKind::alarm, id.origin, id.number};
}

}  // namespace

Urgency urgency_of(const Alarm& alarm) {
  return !alarm.cleared && alarm.content.level == AlarmLevel::danger ? Urgency::danger : Urgency::alarm;
}

Node::Impl::Impl(NodeConfig given, CounterStore& store, Instant now)
    : config(std::move(given)),
      out(config),
      senders(store, static_cast<uint64_t>(std::max<int64_t>(unix_ms(config.wall_clock), 0)), now),
      sealer(config.oui, config.keys),
      table(config.al_mac, now),
      standard(config, out, now),
      exchange(
          {config, out, senders, table, sealer},
          {[this](Content content, uint64_t version, const MacSet& held_by, Instant at) {
             return learn(std::move(content), version, held_by, 0ms, at);
           },
           [this](const RecordKey& key, const MacSet& held_by, Instant at) { learn_holders(key, held_by, at); },
           [this](Instant at) { describe_due = std::min(describe_due, std::max(at, described + describe_spacing)); }},
          now),
      started(now),
      described(now - describe_spacing) {
  if (const auto failure = senders.load_failure()) out.tell(CounterStoreFailed{*failure});
  if (const auto failure = senders.poll(now)) out.tell(CounterStoreFailed{*failure});
  describe_self(now);
}

void Node::Impl::describe_self(Instant now) {
  describe_due = Instant::max();
  described = now;
  GatewayRecord self{config.al_mac, config.controller_priority, config.name, {}, exchange.links()};
  for (const InterfaceConfig& interface : config.interfaces) self.interfaces.push_back(interface.mac);
  const RecordKey key{RecordKind::gateway, config.al_mac, 0};
  const Kept* kept = table.find(key);
  if (kept != nullptr && *kept->record.gateway() == self) return;
  table.merge(key, senders.next(), std::move(self), {}, now);
  exchange.changed(key, 0ms, now);
  refresh(now);
  out.tell(TopologyChanged{});
}

void Node::Impl::refresh(Instant now) {
  const Table::Reach reach = table.refresh(now);
  const auto name_of = [this](const MacAddress& gateway) {
    const Kept* kept = table.find({RecordKind::gateway, gateway, 0});
    return kept == nullptr ? std::string{} : kept->record.gateway()->name;
  };
  for (const MacAddress& gateway : reach.found) out.tell(GatewayFound{gateway, name_of(gateway)});
  for (const MacAddress& gateway : reach.lost) out.tell(GatewayLost{gateway, name_of(gateway)});
  if (reach.controller_changed) out.tell(ControllerChanged{table.controller()});
}

// One message on all interfaces, with one number and one id, so that everybody knows its copies.
void Node::Impl::flood(Subtype subtype, Urgency urgency, uint64_t version, const Content& content) {
  Bytes body;
  ByteWriter(body).u64(version);
  const Bytes encoded = encode_content(content);
  body.insert(body.end(), encoded.begin(), encoded.end());
  const Bytes sealed = sealer.seal({subtype, config.al_mac, senders.next(), body});
  auto header = out.header(0, MessageType::vendor_specific, true);
  for (size_t i = 0; i < config.interfaces.size(); ++i) {
    header.source = config.interfaces[i].mac;
    CmduWriter writer(header);
    writer.tlv(TlvType::vendor_specific, sealed);
    writer.tlv(TlvType::al_mac_address, config.al_mac.bytes);
    out.send(i, urgency, std::move(writer).finish());
  }
}

void Node::Impl::publish(const Alarm& alarm, Instant now) {
  const RecordKey key = key_of_alarm(alarm.id);
  const uint64_t version = version_of(alarm);
  const auto merge = table.merge(key, version, alarm, {config.al_mac}, now);
  if (!merge.newer) return;
  Kept* kept = table.find(key);
  kept->ours = true;
  kept->expected = table.reached();
  flood(alarm.cleared ? Subtype::all_clear : Subtype::alarm, urgency_of(alarm), version, alarm);
  exchange.changed(key, repair_after, now);
}

void Node::Impl::publish(const BayState& state, Instant now) {
  const StateReceived content{config.al_mac, state};
  const RecordKey key = key_of(content);
  const uint64_t version = senders.next();
  table.merge(key, version, content, {}, now);
  flood(Subtype::state, Urgency::state, version, content);
  exchange.changed(key, repair_after, now);
}

void Node::Impl::report_unacked(Instant now) {
  for (const auto& [key, kept] : table.all()) {
    if (!kept.ours || kept.unacked_told || now < kept.changed + unacked_after) continue;
    Kept* mine = table.find(key);
    mine->unacked_told = true;
    auto missing = table.missing(kept);
    const Alarm& alarm = *kept.record.alarm();
    if (!missing.empty()) out.tell(AlarmUnacked{alarm.id, alarm.revision, std::move(missing)});
  }
}

void Node::Impl::poll(Instant now) {
  if (now >= describe_due) describe_self(now);
  exchange.poll(now);
  if (now >= describe_due) describe_self(now);
  standard.poll(now);
  if (now >= table.next_refresh()) refresh(now);
  report_unacked(now);
  table.forget_old(now);
  // Writing takes its time: frames first. next_poll() comes back to it.
  if (!out.empty()) return;
  if (const auto failure = senders.poll(now)) out.tell(CounterStoreFailed{*failure});
}

Instant Node::Impl::next_poll() const {
  Instant next =
      std::min({describe_due, exchange.next_poll(), standard.next_poll(), table.next_refresh(), senders.next_poll()});
  for (const auto& [key, kept] : table.all()) {
    if (kept.ours && !kept.unacked_told) next = std::min(next, kept.changed + unacked_after);
  }
  return next;
}

Status Node::check(const NodeConfig& config) {
  if (!config.al_mac || config.al_mac.is_group()) {
    return fail("the gateway needs an AL MAC address that names it alone: not zero, first byte even");
  }
  if (config.interfaces.empty() || config.interfaces.size() > limits::mesh_interfaces) {
    return fail("the mesh uses 1 to " + std::to_string(limits::mesh_interfaces) + " interfaces, not " +
                std::to_string(config.interfaces.size()));
  }
  for (const InterfaceConfig& interface : config.interfaces) {
    if (!interface.mac || interface.mac.is_group()) return fail("an interface has no MAC address of its own");
  }
  if (config.name.size() > limits::mesh_label_bytes || !is_utf8(config.name)) {
    return fail("the gateway's name is UTF-8 of at most " + std::to_string(limits::mesh_label_bytes) + " bytes");
  }
  if (config.boot_nonce == 0) return fail("boot_nonce is to be random, and new at each start");
  if (config.hello_every < 50ms || config.hello_lost_after < 2 * config.hello_every) {
    return fail("greetings are at least 50 ms apart, and a neighbour is lost after at least two of them");
  }
  if (config.discovery_every < 1s || config.discovery_every > 60s) {
    return fail("topology discovery is sent every 1 to 60 seconds (IEEE 1905.1-2013 clause 8.2.1)");
  }
  return config.keys.check();
}

Node::Node(NodeConfig config, CounterStore& store, Instant now) {
  BAYWARD_CHECK(check(config).ok());
  impl_ = std::make_unique<Impl>(std::move(config), store, now);
}
Node::~Node() = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(Node&&) noexcept = default;

void Node::receive(size_t interface, std::span<const uint8_t> frame, Instant now) {
  BAYWARD_CHECK(interface < impl_->config.interfaces.size());
  impl_->receive(interface, frame, now);
}
void Node::poll(Instant now) {
  impl_->poll(now);
}
Instant Node::next_poll() const {
  return impl_->next_poll();
}

void Node::set_link(size_t interface, bool up, Instant now) {
  BAYWARD_CHECK(interface < impl_->config.interfaces.size());
  impl_->out.set_up(interface, up);
  impl_->exchange.set_link(interface, up, now);
  impl_->standard.set_link(interface, up, now);
}

Result<AlarmId> Node::raise_alarm(const AlarmContent& content, Instant now) {
  if (const Status good = check_content(content); !good) return fail("alarm: " + good.error().message);
  const MacAddress self = impl_->config.al_mac;
  if (impl_->table.open_alarms(self) >= limits::mesh_open_alarms) {
    const Alarm* least = impl_->table.least_urgent(self);
    if (least->content.level >= content.level) {
      return fail(std::to_string(limits::mesh_open_alarms) +
                  " alarms of this gateway are open and none is less urgent: clear or update one of them");
    }
    const AlarmId making_room = least->id;
    if (const Status cleared = all_clear(making_room, now); !cleared) return fail(cleared.error().message);
  }
  const Alarm alarm{{self, impl_->senders.next()}, 1, false, content};
  impl_->publish(alarm, now);
  if (impl_->table.find(key_of_alarm(alarm.id)) == nullptr) return fail("the table of alarms is full of open ones");
  return alarm.id;
}

Status Node::update_alarm(const AlarmId& id, const AlarmContent& content, Instant now) {
  if (Status good = check_content(content); !good) return fail("alarm: " + good.error().message);
  const Kept* kept = impl_->table.find(key_of_alarm(id));
  if (kept == nullptr) return fail("alarm " + to_text(id) + " is not known here");
  const Alarm before = *kept->record.alarm();
  if (before.cleared) return fail("alarm " + to_text(id) + " is cleared: raise a new one");
  impl_->publish(Alarm{id, before.revision + 1, false, content}, now);
  return Done{};
}

Status Node::all_clear(const AlarmId& id, Instant now) {
  const Kept* kept = impl_->table.find(key_of_alarm(id));
  if (kept == nullptr) return fail("alarm " + to_text(id) + " is not known here");
  Alarm alarm = *kept->record.alarm();
  if (alarm.cleared) return Done{};
  alarm.cleared = true;
  ++alarm.revision;
  impl_->publish(alarm, now);
  return Done{};
}

Status Node::publish_state(const BayState& state, Instant now) {
  if (Status good = check_state(state); !good) return good;
  impl_->publish(state, now);
  return Done{};
}

Status Node::set_keys(KeyRing keys) {
  if (Status good = keys.check(); !good) return good;
  impl_->sealer = Sealer(impl_->config.oui, keys);
  impl_->config.keys = std::move(keys);
  return Done{};
}

std::vector<OutFrame> Node::take_frames() {
  return impl_->out.take_frames();
}
std::vector<Event> Node::take_events() {
  return impl_->out.take_events();
}

std::optional<MacAddress> Node::controller() const {
  return impl_->table.controller();
}
bool Node::is_controller() const {
  return controller() == impl_->config.al_mac;
}
const Counters& Node::counters() const {
  return impl_->out.counters;
}
const NodeConfig& Node::config() const {
  return impl_->config;
}

}  // namespace bayward::mesh

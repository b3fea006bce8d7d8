// What a node does with a frame.
#include <algorithm>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "mesh/node_impl.h"

namespace bayward::mesh {

namespace {

constexpr Duration repair_after = 20ms;  // as in node.cc: the relayed copies should have been acked by then
// Who has just started isn't told of alarms that are over.
constexpr Duration newcomer_for = 10s;

bool is_relayed(Subtype subtype) {
  return subtype == Subtype::state || subtype == Subtype::alarm || subtype == Subtype::all_clear;
}

}  // namespace

void Node::Impl::receive(size_t interface, ByteView frame, Instant now) {
  ++out.counters.frames_received;
  const auto message = decode_cmdu(frame);
  if (!message) {
    ++out.counters.malformed;
    return;
  }
  const auto ours = [&](const MacAddress& mac) {
    return mac == config.al_mac || mac == config.interfaces[interface].mac;
  };
  if (message->destination != multicast_1905 && !ours(message->destination)) return;
  if (ours(message->source)) {
    ++out.counters.duplicates;
    return;
  }
  const auto vendor = message->only(TlvType::vendor_specific);
  if (message->type == MessageType::vendor_specific && vendor) {
    const auto opened = sealer.open(*vendor);
    if (const auto* sealed = std::get_if<Sealed>(&opened)) {
      on_sealed(interface, *message, *sealed, now);
      return;
    }
    switch (std::get<SealDefect>(opened)) {
      case SealDefect::not_ours:
        break;
      case SealDefect::malformed:
        ++out.counters.malformed;
        return;
      case SealDefect::unknown_key:
        ++out.counters.unknown_key;
        return;
      case SealDefect::forged:
        ++out.counters.forged;
        return;
    }
  }
  if (!vendor && std::ranges::any_of(message->tlvs, [this](const Tlv& tlv) {
        return tlv.type == TlvType::vendor_specific && sealer.is_ours(tlv.value);
      })) {
    ++out.counters.malformed;
    return;
  }
  const auto sender = message->only_mac(TlvType::al_mac_address);
  const bool far_gateway = sender && table.reached().contains(*sender) && !exchange.hears(interface, *sender);
  standard.receive(interface, *message, frame, far_gateway, now);
}

void Node::Impl::on_sealed(size_t interface, const Cmdu& message, const Sealed& sealed, Instant now) {
  if (message.only_mac(TlvType::al_mac_address) != sealed.sender || message.relay != is_relayed(sealed.subtype)) {
    ++out.counters.malformed;
    return;
  }
  if (sealed.sender == config.al_mac) {
    const bool greeting = sealed.subtype == Subtype::hello;
    const bool another = greeting && sealed.body.size() >= 8 && ByteReader(sealed.body).u64() != config.boot_nonce;
    ++(another ? out.counters.address_conflicts : out.counters.duplicates);
    return;
  }
  if (is_relayed(sealed.subtype)) {
    on_flood(interface, message, sealed, now);
  } else {
    exchange.receive(interface, sealed, now);
  }
}

bool Node::Impl::within_rate(const Sealed& sealed, Instant now) {
  if (rates.size() >= limits::mesh_senders && !rates.contains(sealed.sender)) rates.clear();
  const auto [entry, added] = rates.try_emplace(
      sealed.sender, Rates{Rate(limits::mesh_alarms_per_second, now), Rate(limits::mesh_states_per_second, now)});
  Rates& sender = entry->second;
  return sealed.subtype == Subtype::state ? sender.states.take(now) : sender.alarms.take(now);
}

void Node::Impl::on_flood(size_t interface, const Cmdu& message, const Sealed& sealed, Instant now) {
  if (!senders.proven(sealed.sender)) {
    ++out.counters.unproven;
    return;
  }
  switch (senders.take(sealed.sender, sealed.counter, now)) {
    case ReplayWindow::Verdict::fresh:
      break;
    case ReplayWindow::Verdict::duplicate:
      ++out.counters.duplicates;
      return;
    case ReplayWindow::Verdict::too_old:
      ++out.counters.replayed;
      return;
  }
  ByteReader in(sealed.body);
  const uint64_t version = in.u64();
  const auto kind = sealed.subtype == Subtype::state ? RecordKind::state : RecordKind::alarm;
  auto content = in.ok() ? decode_content(kind, in.bytes(in.left())) : std::nullopt;
  const auto* alarm = content ? std::get_if<Alarm>(&*content) : nullptr;
  const auto* state = content ? std::get_if<StateReceived>(&*content) : nullptr;
  const bool good = alarm != nullptr
                        ? version == version_of(*alarm) && alarm->cleared == (sealed.subtype == Subtype::all_clear)
                        : state != nullptr && state->gateway == sealed.sender;
  if (!good) {
    ++out.counters.malformed;
    return;
  }
  if (!within_rate(sealed, now)) {
    ++out.counters.rate_limited;
    return;
  }
  relay(interface, message, alarm != nullptr ? urgency_of(*alarm) : Urgency::state);
  const RecordKey key = key_of(*content);
  if (!learn(*std::move(content), version, {sealed.sender}, repair_after, now)) return;
  exchange.owe_ack(interface, key, now);
}

// IEEE 1905.1-2013 clause 7.6, with the message's id. Rebuilt from what was signed: nothing else travels on.
void Node::Impl::relay(size_t interface, const Cmdu& message, Urgency urgency) {
  CmduWriter writer({multicast_1905, message.source, message.type, message.id, true});
  writer.tlv(TlvType::vendor_specific, *message.only(TlvType::vendor_specific));
  writer.tlv(TlvType::al_mac_address, *message.only(TlvType::al_mac_address));
  out.relay(interface, urgency, std::move(writer).finish());
}

bool Node::Impl::learn(Content content, uint64_t version, MacSet held_by, Duration wait, Instant now) {
  const RecordKey key = key_of(content);
  if (key.kind == RecordKind::alarm) {
    held_by.insert(config.al_mac);
  } else {
    held_by.clear();
  }
  const Kept* kept = table.find(key);
  if (key.kind != RecordKind::alarm && key.origin == config.al_mac && kept != nullptr) {
    if (version > kept->record.version) correct_own(key, version, now);
    return true;
  }
  const bool was_ours = kept != nullptr && kept->ours;
  const Table::Merge merge = table.merge(key, version, std::move(content), held_by, now);
  if (merge.refused) {
    ++out.counters.table_full;
    return false;
  }
  if (merge.newer || !merge.new_holders.empty()) exchange.changed(key, wait, now);
  if (merge.newer) {
    tell_newer(key, version, merge, now);
  } else if (was_ours) {
    tell_acked(key, merge.new_holders);
  }
  return true;
}

// The others have something of us with a higher number than we gave out: our store and clock were lost. What we say now
// must win.
void Node::Impl::correct_own(const RecordKey& key, uint64_t version, Instant now) {
  senders.lift(version + 1);
  Content content = table.find(key)->record.content;
  table.merge(key, senders.next(), std::move(content), {}, now);
  exchange.changed(key, 0ms, now);
}

void Node::Impl::learn_holders(const RecordKey& key, const MacSet& held_by, Instant now) {
  const Kept* kept = table.find(key);
  const Table::Merge merge = table.merge(key, kept->record.version, kept->record.content, held_by, now);
  if (merge.new_holders.empty()) return;
  exchange.changed(key, repair_after, now);
  if (kept->ours) tell_acked(key, merge.new_holders);
}

void Node::Impl::tell_acked(const RecordKey& key, const MacSet& new_holders) {
  const Kept& kept = *table.find(key);
  const Alarm& alarm = *kept.record.alarm();
  const size_t missing = table.missing(kept).size();
  for (const MacAddress& by : new_holders) out.tell(AlarmAcked{alarm.id, alarm.revision, by, missing});
}

void Node::Impl::tell_newer(const RecordKey& key, uint64_t version, const Table::Merge& merge, Instant now) {
  const Record& record = table.find(key)->record;
  if (const StateReceived* state = record.state()) {
    if (state->gateway != config.al_mac) out.tell(*state);
    return;
  }
  if (record.gateway() != nullptr) {
    // A living neighbour vouches for it: what its gateway sent before this is no news.
    senders.prove(key.origin, version, now);
    refresh(now);
    out.tell(TopologyChanged{});
    return;
  }
  const Alarm& alarm = *record.alarm();
  if (!alarm.cleared) {
    out.tell(AlarmReceived{alarm});
    return;
  }
  const Alarm* before = merge.before ? merge.before->alarm() : nullptr;
  if (before == nullptr) {
    if (now - started < newcomer_for) return;
    Alarm raised = alarm;
    raised.cleared = false;
    out.tell(AlarmReceived{std::move(raised)});
  } else if (before->cleared) {
    return;
  }
  out.tell(AlarmCleared{alarm});
}

}  // namespace bayward::mesh

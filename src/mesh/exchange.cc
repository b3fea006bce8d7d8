#include "mesh/exchange.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "mesh/exchange_wire.h"

namespace bayward::mesh {

namespace {

constexpr Duration ack_wait = 3ms;        // acks that fall due together travel together
constexpr Duration hello_spacing = 20ms;  // of greetings sent because of what was heard
constexpr Duration summary_spacing = 1s;  // to one neighbour
constexpr Duration burst_wait = 5ms;      // between the frames of a long repair
constexpr size_t forwards_per_burst = 32;
constexpr Duration repeat_first = 20ms;
constexpr Duration repeat_longest = 1s;

Duration backoff(int attempts) {
  return std::min(repeat_longest, repeat_first * (int64_t{1} << std::min(attempts, 10)));
}

Urgency urgency_of(const Record& record) {
  const Alarm* alarm = record.alarm();
  if (alarm == nullptr) return record.state() == nullptr ? Urgency::control : Urgency::state;
  return !alarm->cleared && alarm->content.level == AlarmLevel::danger ? Urgency::danger : Urgency::alarm;
}

}  // namespace

Exchange::Exchange(const Parts& parts, Owner owner, Instant now)
    : config_(parts.config),
      out_(parts.out),
      senders_(parts.senders),
      table_(parts.table),
      sealer_(parts.sealer),
      owner_(std::move(owner)),
      interfaces_(parts.config.interfaces.size(), Interface{now, now - hello_spacing, {}, Instant::max()}),
      unproven_(limits::mesh_unproven_per_second, now) {}

void Exchange::receive(size_t interface, const Sealed& message, Instant now) {
  if (message.subtype == Subtype::hello) {
    on_hello(interface, message, now);
    return;
  }
  const PeerId id{interface, message.sender};
  const auto found = peers_.find(id);
  if (found == peers_.end() || !found->second.alive) {
    ++out_.counters.unproven;
    return;
  }
  if (senders_.take(message.sender, message.counter, now) != ReplayWindow::Verdict::fresh) {
    ++out_.counters.replayed;
    return;
  }
  Peer& peer = found->second;
  peer.heard = now;
  switch (message.subtype) {
    case Subtype::ack:
      on_ack(id, peer, ByteReader(message.body), now);
      break;
    case Subtype::forward:
      on_forward(id, peer, ByteReader(message.body), now);
      break;
    case Subtype::summary:
      on_summary(peer, ByteReader(message.body), now);
      break;
    default:
      ++out_.counters.malformed;
  }
}

// Whether the greeting is new: by its number, or, from a sender we know nothing about, because it repeats our own
// nonce.
bool Exchange::accept_hello(const Sealed& message, bool echoed, Instant now) {
  if (senders_.proven(message.sender)) {
    if (senders_.take(message.sender, message.counter, now) == ReplayWindow::Verdict::fresh) return true;
    ++out_.counters.replayed;
    return false;
  }
  if (echoed) {
    senders_.prove(message.sender, message.counter, now);
    return true;
  }
  ++out_.counters.unproven;
  if (unproven_.take(now)) return true;
  ++out_.counters.rate_limited;
  return false;
}

Peer* Exchange::peer_for(const PeerId& id, Instant now) {
  if (const auto found = peers_.find(id); found != peers_.end()) return &found->second;
  const auto here = [&id](const auto& entry) { return entry.first.interface == id.interface; };
  if (static_cast<size_t>(std::ranges::count_if(peers_, here)) >= limits::mesh_neighbours) {
    const auto idle = std::ranges::find_if(
        peers_, [&](const auto& entry) { return here(entry) && !entry.second.alive && entry.second.heard < now; });
    if (idle == peers_.end()) return nullptr;
    peers_.erase(idle);
  }
  return &peers_[id];
}

void Exchange::on_hello(size_t interface, const Sealed& message, Instant now) {
  const auto hello = decode_hello(message.body);
  if (!hello || hello->nonce == 0) {
    ++out_.counters.malformed;
    return;
  }
  const auto mine = std::ranges::find(hello->heard, config_.al_mac, &Hello::Heard::al_mac);
  const bool echoed = mine != hello->heard.end() && mine->nonce == config_.boot_nonce;
  if (!accept_hello(message, echoed, now)) return;
  const PeerId id{interface, message.sender};
  Peer* peer = peer_for(id, now);
  if (peer == nullptr) {
    ++out_.counters.table_full;
    return;
  }
  const bool restarted = peer->nonce != hello->nonce;
  if (restarted) *peer = Peer{};
  peer->nonce = hello->nonce;
  peer->heard = now;
  if (echoed) peer->echoed = now;
  const bool was_alive = std::exchange(peer->alive, peer->alive || echoed);
  if (!echoed || restarted) hello_soon(interface, now);
  if (peer->alive && !was_alive) {
    came_alive(id, *peer, now);
  } else if (restarted) {
    owner_.links_changed(now);
  }
  if (!peer->alive || hello->digest == table_.digest(now)) return;
  if (peer->pending.empty() && now >= peer->summary_next) send_summary(interface, now);
}

void Exchange::came_alive(const PeerId& id, Peer& peer, Instant now) {
  hello_soon(id.interface, now);
  owner_.links_changed(now);
  for (const auto& [key, kept] : table_.all()) {
    // Alarms at once; of the rest the summaries tell what is lacking.
    if (key.kind == RecordKind::alarm && !kept.record.alarm()->cleared) peer.pending[key] = {0, now};
  }
  send_summary(id.interface, now);
}

// Keeps what the peer waits for in step with what it is known to have.
void Exchange::note(Peer& peer, const RecordKey& key, Instant now) {
  const Kept* kept = table_.find(key);
  if (kept == nullptr || !peer.lacks(key, kept->record)) {
    peer.pending.erase(key);
    return;
  }
  const auto [pending, added] = peer.pending.try_emplace(key, Pending{0, now + ack_wait});
  // It has the record now and only lacks holders: that is news, not a repeat.
  if (!added && !peer.lacks_version(key, kept->record))
    pending->second.next = std::min(pending->second.next, now + ack_wait);
}

void Exchange::on_ack(const PeerId& id, Peer& peer, ByteReader in, Instant now) {
  const auto entries = decode_acks(in);
  if (!entries) {
    ++out_.counters.malformed;
    return;
  }
  for (const AckEntry& entry : *entries) {
    peer.known[entry.key] = {entry.version, entry.held_by};
    const Kept* kept = table_.find(entry.key);
    if (kept == nullptr) {
      peer.known.erase(entry.key);
      continue;
    }
    if (kept->record.version == entry.version && kept->record.alarm() != nullptr) {
      owner_.holders(entry.key, entry.held_by, now);
    }
    note(peer, entry.key, now);
    if (entry.wants_reply) owe_ack(id.interface, entry.key, now);
  }
}

void Exchange::on_forward(const PeerId& id, Peer& peer, ByteReader in, Instant now) {
  auto forward = decode_forward(in);
  if (!forward) {
    ++out_.counters.malformed;
    return;
  }
  const RecordKey key = key_of(forward->content);
  if (!owner_.learn(std::move(forward->content), forward->version, forward->held_by, now)) return;
  peer.known[key] = {forward->version, forward->held_by};
  note(peer, key, now);
  owe_ack(id.interface, key, now);
}

void Exchange::on_summary(Peer& peer, ByteReader in, Instant now) {
  const auto summary = decode_summary(in);
  if (!summary) {
    ++out_.counters.malformed;
    return;
  }
  std::map<RecordKey, const Summary::Entry*> theirs;
  for (const Summary::Entry& entry : summary->entries) theirs.emplace(entry.key, &entry);
  for (const auto& [key, kept] : table_.all()) {
    if (key <= summary->after || summary->until < key) continue;
    const auto entry = theirs.find(key);
    if (entry == theirs.end()) {
      if (!table_.shared(key, kept, now)) continue;
      peer.known.erase(key);
    } else {
      const bool same = entry->second->version == kept.record.version && entry->second->digest == kept.digest;
      peer.known[key] = {entry->second->version, same ? kept.record.held_by : MacSet{}};
    }
    note(peer, key, now);
  }
}

void Exchange::changed(const RecordKey& key, Duration wait, Instant now) {
  const Kept* kept = table_.find(key);
  for (auto& [id, peer] : peers_) {
    if (!peer.alive) continue;
    if (kept == nullptr || !peer.lacks(key, kept->record)) {
      peer.pending.erase(key);
      continue;
    }
    const Instant next = now + (peer.lacks_version(key, kept->record) ? wait : ack_wait);
    const auto [pending, added] = peer.pending.try_emplace(key, Pending{0, next});
    if (!added) pending->second = {0, std::min(pending->second.next, next)};
  }
}

void Exchange::owe_ack(size_t interface, const RecordKey& key, Instant now) {
  Interface& here = interfaces_[interface];
  here.owed.insert(key);
  here.acks_due = std::min(here.acks_due, now + ack_wait);
}

// What is due on one interface. All its neighbours hear what is sent for one of them, so it goes out once.
void Exchange::send_due(size_t interface, Instant now) {
  Interface& here = interfaces_[interface];
  std::set<RecordKey> acks;
  if (now >= here.acks_due) {
    acks = std::exchange(here.owed, {});
    here.acks_due = Instant::max();
  }
  std::set<RecordKey> forwards;
  for (auto& [id, peer] : peers_) {
    if (id.interface != interface || !peer.alive) continue;
    for (auto it = peer.pending.begin(); it != peer.pending.end();) {
      const auto& [key, pending] = *it;
      const Kept* kept = table_.find(key);
      if (kept == nullptr || !peer.lacks(key, kept->record) ||
          (pending.next <= now && pending.attempts >= limits::mesh_alarm_repeats)) {
        it = peer.pending.erase(it);  // given up: the greetings show that something is missing
        continue;
      }
      if (pending.next <= now) {
        if (!peer.lacks_version(key, kept->record)) {
          acks.insert(key);
        } else if (forwards.size() < forwards_per_burst || forwards.contains(key)) {
          forwards.insert(key);
        } else {
          it->second.next = now + burst_wait;
          ++it;
          continue;
        }
        it->second.next = now + backoff(pending.attempts);
        ++it->second.attempts;
      }
      ++it;
    }
  }
  for (const RecordKey& key : forwards) send_forward(interface, key);
  if (!acks.empty()) send_acks(interface, std::move(acks));
}

void Exchange::drop_silent(Instant now) {
  bool lost = false;
  for (auto& [id, peer] : peers_) {
    if (!peer.alive || now - peer.echoed < config_.hello_lost_after) continue;
    peer.alive = false;
    lost = true;
  }
  std::erase_if(peers_, [&](const auto& entry) { return now - entry.second.heard >= config_.hello_lost_after; });
  if (lost) owner_.links_changed(now);
}

void Exchange::poll(Instant now) {
  drop_silent(now);
  for (size_t i = 0; i < interfaces_.size(); ++i) {
    send_due(i, now);
    if (now >= interfaces_[i].hello_next) send_hello(i, now);
  }
}

Instant Exchange::next_poll() const {
  Instant next = Instant::max();
  for (const Interface& interface : interfaces_) next = std::min({next, interface.hello_next, interface.acks_due});
  for (const auto& [id, peer] : peers_) {
    next = std::min(next, peer.heard + config_.hello_lost_after);
    if (!peer.alive) continue;
    next = std::min(next, peer.echoed + config_.hello_lost_after);
    for (const auto& [key, pending] : peer.pending) next = std::min(next, pending.next);
  }
  return next;
}

void Exchange::set_link(size_t interface, bool up, Instant now) {
  if (up) {
    hello_soon(interface, now);
    return;
  }
  const size_t lost =
      std::erase_if(peers_, [interface](const auto& entry) { return entry.first.interface == interface; });
  if (lost > 0) owner_.links_changed(now);
}

void Exchange::hello_soon(size_t interface, Instant now) {
  Interface& here = interfaces_[interface];
  here.hello_next = std::min(here.hello_next, std::max(now, here.hello_sent + hello_spacing));
}

void Exchange::send(size_t interface, Urgency urgency, Subtype subtype, bool relay, ByteView body) {
  CmduWriter writer(out_.header(interface, MessageType::vendor_specific, relay));
  writer.tlv(TlvType::vendor_specific, sealer_.seal({subtype, config_.al_mac, senders_.next(), body}));
  writer.tlv(TlvType::al_mac_address, config_.al_mac.bytes);
  out_.send(interface, urgency, std::move(writer).finish());
}

void Exchange::send_hello(size_t interface, Instant now) {
  Hello hello{config_.boot_nonce, table_.digest(now), {}};
  for (const auto& [id, peer] : peers_) {
    if (id.interface == interface) hello.heard.push_back({id.al_mac, peer.nonce});
  }
  interfaces_[interface].hello_sent = now;
  interfaces_[interface].hello_next = now + config_.hello_every;
  send(interface, Urgency::control, Subtype::hello, false, encode_hello(hello));
}

void Exchange::send_acks(size_t interface, std::set<RecordKey> keys) {
  std::vector<AckEntry> entries;
  for (const RecordKey& key : keys) {
    const Kept* kept = table_.find(key);
    if (kept == nullptr) continue;
    const bool wants_reply = std::ranges::any_of(peers_, [&](const auto& entry) {
      return entry.first.interface == interface && entry.second.alive && entry.second.lacks(key, kept->record);
    });
    entries.push_back({key, kept->record.version, wants_reply, kept->record.held_by});
  }
  for (const Bytes& body : encode_acks(entries)) send(interface, Urgency::ack, Subtype::ack, false, body);
}

void Exchange::send_forward(size_t interface, const RecordKey& key) {
  const Record& record = table_.find(key)->record;
  send(interface, urgency_of(record), Subtype::forward, false,
       encode_forward({record.version, record.held_by, record.content}));
}

void Exchange::send_summary(size_t interface, Instant now) {
  for (auto& [id, peer] : peers_) {
    if (id.interface == interface) peer.summary_next = now + summary_spacing;
  }
  std::vector<Summary::Entry> entries;
  for (const auto& [key, kept] : table_.all()) {
    if (!table_.shared(key, kept, now)) continue;
    entries.push_back({key, kept.record.version, kept.digest});
  }
  for (const Bytes& body : encode_summaries(entries)) send(interface, Urgency::control, Subtype::summary, false, body);
}

std::vector<GatewayRecord::Link> Exchange::links() const {
  std::vector<GatewayRecord::Link> out;
  for (const auto& [id, peer] : peers_) {
    if (peer.alive) out.push_back({config_.interfaces[id.interface].mac, id.al_mac});
  }
  return out;
}

std::optional<Duration> Exchange::heard_ago(const MacAddress& gateway, Instant now) const {
  std::optional<Duration> out;
  for (const auto& [id, peer] : peers_) {
    if (id.al_mac == gateway && peer.alive) out = std::min(out.value_or(now - peer.heard), now - peer.heard);
  }
  return out;
}

bool Exchange::hears(size_t interface, const MacAddress& gateway) const {
  return peers_.contains({interface, gateway});
}

}  // namespace bayward::mesh

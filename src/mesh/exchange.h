// How neighbouring gateways keep their tables equal over links that lose, repeat and reorder frames (D3, D7):
//
//   hello    twice a second on each interface: who I hear there, and a digest of what I know
//   ack      what I have, and for each alarm who is known to have it; asked for and repeated until both agree
//   forward  one record the other lacks: repeated with backoff until it acks, a bounded number of times
//   summary  when digests differ with nothing under way: versions of everything, so that each sees what the other lacks
//
// Alarms travel ahead of all this as relayed multicasts (node.cc); what a lossy hop swallows is repaired here within
// tens of milliseconds. Knowledge of who has an alarm spreads the same way, so its origin learns of every gateway
// without a frame having to survive the whole way back. Internal to mesh; the owner's thread.
//
// Nothing but a greeting is taken from a neighbour before it has repeated the number we drew at our start, which an old
// recording can't.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "mesh/node.h"
#include "mesh/outbox.h"
#include "mesh/peers.h"
#include "mesh/rate.h"
#include "mesh/senders.h"
#include "mesh/table.h"
#include "mesh/vendor.h"

namespace bayward::mesh {

class Exchange {
 public:
  // What the node does with what comes in.
  struct Owner {
    // A record from a living neighbour. Merges it, tells what changed (changed() below); false when refused.
    std::function<bool(Content, uint64_t version, const MacSet& held_by, size_t interface, Instant now)> learn;
    std::function<void(const RecordKey&, const MacSet& held_by, Instant now)> holders;
    std::function<void(Instant now)> links_changed;
  };
  struct Parts {
    const NodeConfig& config;
    Outbox& out;
    Senders& senders;
    Table& table;
    const Sealer& sealer;
  };

  Exchange(const Parts& parts, Owner owner, Instant now);

  // A signed message between neighbours.
  void receive(size_t interface, const Sealed& message, Instant now);
  void poll(Instant now);
  Instant next_poll() const;
  void set_link(size_t interface, bool up, Instant now);

  // A record has a new version or new holders: neighbours that lack it are told after `wait` (it is under way to them
  // by another road meanwhile); those on the wire it was heard on, if any, a little later: they have heard it too.
  void changed(const RecordKey& key, Duration wait, std::optional<size_t> heard_on, Instant now);
  // A neighbour on this interface waits to hear that we have it.
  void owe_ack(size_t interface, const RecordKey& key, Instant now);

  std::vector<GatewayRecord::Link> links() const;
  std::optional<Duration> heard_ago(const MacAddress& gateway, Instant now) const;
  bool hears(size_t interface, const MacAddress& gateway) const;

  // A sealed message in a frame; also for relayed ones.
  void send(size_t interface, Urgency urgency, Subtype subtype, bool relay, ByteView body);

 private:
  void on_hello(size_t interface, const Sealed& message, Instant now);
  void on_ack(const PeerId& id, Peer& peer, ByteReader in, Instant now);
  void on_forward(const PeerId& id, Peer& peer, ByteReader in, Instant now);
  void on_summary(Peer& peer, ByteReader in, Instant now);
  bool accept_hello(const Sealed& message, bool echoed, Instant now);
  Peer* peer_for(const PeerId& id, Instant now);
  void came_alive(const PeerId& id, Peer& peer, Instant now);

  Duration help_wait() const;
  void note(Peer& peer, const RecordKey& key, Instant now);
  void send_hello(size_t interface, Instant now);
  void hello_soon(size_t interface, Instant now);
  void send_acks(size_t interface, std::set<RecordKey> keys);
  void send_forward(size_t interface, const RecordKey& key);
  void send_summary(size_t interface, Instant now);
  void send_due(size_t interface, Instant now);
  void drop_silent(Instant now);

  const NodeConfig& config_;
  Outbox& out_;
  Senders& senders_;
  Table& table_;
  const Sealer& sealer_;
  Owner owner_;
  Peers peers_;
  struct Interface {
    Instant hello_next;
    Instant hello_sent;
    std::set<RecordKey> owed;  // acks
    Instant acks_due = Instant::max();
    Instant summary_due = Instant::max();  // for neighbours that have just been found
  };
  std::vector<Interface> interfaces_;
  Rate unproven_;
};

}  // namespace bayward::mesh

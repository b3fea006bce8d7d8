// The parts of a node and how they are put together. Internal to mesh; the owner's thread.
#pragma once

#include <map>

#include "mesh/exchange.h"
#include "mesh/node.h"
#include "mesh/outbox.h"
#include "mesh/rate.h"
#include "mesh/senders.h"
#include "mesh/standard.h"
#include "mesh/table.h"
#include "mesh/vendor.h"

namespace bayward::mesh {

struct Node::Impl {
  Impl(NodeConfig given, CounterStore& store, Instant now);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // node_receive.cc: what comes in.
  void receive(size_t interface, ByteView frame, Instant now);
  void on_sealed(size_t interface, const Cmdu& message, const Sealed& sealed, Instant now);
  void on_flood(size_t interface, const Cmdu& message, const Sealed& sealed, Instant now);
  bool within_rate(const Sealed& sealed, Instant now);
  void relay(size_t interface, const Cmdu& message, Urgency urgency);
  // A record from elsewhere; false when there is no room for it. `wait`: it is under way to the other neighbours
  // already.
  bool learn(Content content, uint64_t version, MacSet held_by, size_t interface, Duration wait, Instant now);
  void learn_holders(const RecordKey& key, const MacSet& held_by, Instant now);
  void correct_own(const RecordKey& key, uint64_t version, Instant now);
  void tell_newer(const RecordKey& key, uint64_t version, const Table::Merge& merge, Instant now);
  void tell_acked(const RecordKey& key, const MacSet& new_holders);

  // node.cc: what goes out.
  void publish(const Alarm& alarm, Instant now);
  void publish(const BayState& state, Instant now);
  void flood(Subtype subtype, Urgency urgency, uint64_t version, const Content& content);
  void describe_self(Instant now);
  void refresh(Instant now);
  void report_unacked(Instant now);
  void poll(Instant now);
  Instant next_poll() const;

  NodeConfig config;
  Outbox out;
  Senders senders;
  Sealer sealer;
  Table table;
  Standard standard;
  Exchange exchange;
  struct Rates {
    Rate alarms;
    Rate states;
  };
  std::map<MacAddress, Rates> rates;  // of relayed messages, by sender
  Instant started;
  Instant describe_due = Instant::max();
  Instant refresh_due = Instant::max();  // records of gateways came: once for all that come together
  Instant described;
};

// An open danger goes before everything.
Urgency urgency_of(const Alarm& alarm);

}  // namespace bayward::mesh

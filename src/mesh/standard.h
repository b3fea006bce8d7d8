// The part of a node that any IEEE 1905.1-2013 device has: discovery, notification, query and response, ageing of
// neighbours, and relaying of others' multicasts. None of it is signed, so it decides nothing but what topology() shows
// of devices that aren't ours. Internal to mesh; the owner's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "mesh/cmdu.h"
#include "mesh/outbox.h"
#include "mesh/rate.h"
#include "mesh/standard_tlvs.h"

namespace bayward::mesh {

class Standard {
 public:
  Standard(const NodeConfig& config, Outbox& out, Instant now);

  // A message that isn't one of our signed ones. `far_gateway`: its sender proved that it is one of ours and isn't
  // behind this interface; its links are known without a query.
  void receive(size_t interface, const Cmdu& message, ByteView frame, bool far_gateway, Instant now);
  void poll(Instant now);
  Instant next_poll() const;
  void set_link(size_t interface, bool up, Instant now);

  // 1905.1 devices heard directly, and what they told about themselves.
  std::vector<TopologyDevice> devices(Instant now) const;
  std::vector<TopologyLink> links() const;

 private:
  struct Neighbour {
    MacAddress interface_mac;
    Instant heard;
  };
  struct Device {
    std::vector<MacAddress> interfaces;
    std::vector<TopologyLink> links;
    std::optional<Instant> told;  // its last response
    Instant queried;
  };
  struct Seen {
    MacAddress source;
    MessageType type;
    uint16_t id;
    Instant at;
  };

  void on_discovery(size_t interface, const Cmdu& message, Instant now);
  void on_notification(size_t interface, const Cmdu& message, bool far_gateway, Instant now);
  void on_query(size_t interface, const Cmdu& message);
  void on_response(const Cmdu& message, Instant now);
  bool is_repeated(const Cmdu& message, Instant now);
  void relay(size_t interface, const Cmdu& message, ByteView frame, Instant now);
  void send_discovery(size_t interface, Instant now);
  void send_notification();
  void send_query(size_t interface, const MacAddress& al_mac, Duration spacing, Instant now);
  void neighbours_changed(Instant now);
  void drop_old(Instant now);

  const NodeConfig& config_;
  Outbox& out_;
  std::map<std::pair<size_t, MacAddress>, Neighbour> neighbours_;  // by interface and AL MAC
  std::map<MacAddress, Device> devices_;
  std::deque<Seen> seen_;
  std::vector<Instant> discovery_next_;
  std::vector<Rate> rates_;  // by interface
  Rate relays_;
  Instant notification_due_ = Instant::max();
  std::optional<Instant> notified_;
};

}  // namespace bayward::mesh

// What a node wants of the world, collected until its owner takes it; and the little every part of it shares. Internal
// to mesh.
#pragma once

#include <cstdint>
#include <vector>

#include "mesh/cmdu.h"
#include "mesh/node.h"
#include "mesh/wire.h"

namespace bayward::mesh {

// The order in which frames go out.
enum class Urgency : uint8_t { danger, alarm, ack, control, state, topology };

class Outbox {
 public:
  explicit Outbox(const NodeConfig& config)
      : config_(config), up_(config.interfaces.size(), true), id_(static_cast<uint16_t>(config.boot_nonce)) {}

  bool up(size_t interface) const { return up_[interface]; }
  void set_up(size_t interface, bool up) { up_[interface] = up; }
  // A header for a message of ours; each gets an id of its own.
  CmduWriter::Header header(size_t interface, MessageType type, bool relay) {
    return {multicast_1905, config_.interfaces[interface].mac, type, ++id_, relay};
  }
  void send(size_t interface, Urgency urgency, Bytes frame);
  // On all interfaces but one, with our source address. IEEE 1905.1-2013 clause 7.6.
  void relay(size_t from, Urgency urgency, const Bytes& frame);
  void tell(Event event);

  std::vector<OutFrame> take_frames();
  std::vector<Event> take_events();
  bool empty() const { return frames_.empty() && events_.empty(); }

  Counters counters;

 private:
  struct Waiting {
    Urgency urgency;
    OutFrame frame;
  };
  const NodeConfig& config_;
  std::vector<bool> up_;
  uint16_t id_;
  std::vector<Waiting> frames_;
  std::vector<Event> events_;
};

}  // namespace bayward::mesh

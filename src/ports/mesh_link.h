// One layer-2 interface that the mesh uses. Implementations: net/raw_ethernet.h (AF_PACKET), net/udp_ethernet.h (the
// same frames in datagrams, for machines without CAP_NET_RAW), ports/memory_bus.h (tests and the one-process town).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace bayward {

// Its owner's thread only; on_frame and on_carrier are called on that thread too.
class MeshLink {
 public:
  virtual ~MeshLink() = default;

  // A whole Ethernet frame without its check sequence, 14 to limits::mesh_frame_bytes long. Never blocks; false when
  // the interface can't take it now (queue full, link down): the frame is lost, as frames are.
  virtual bool send(std::span<const uint8_t> frame) = 0;
  // From now on frames from others go there (never our own); the view lives for the call. An empty function stops it.
  virtual void on_frame(std::function<void(std::span<const uint8_t>)> receiver) = 0;
  // Told when the carrier is lost or comes back; links that can't know never call it.
  virtual void on_carrier(std::function<void(bool up)> receiver) = 0;
  virtual std::string name() const = 0;  // "eth0", "udp 127.0.0.1:4000", for people
};

}  // namespace bayward

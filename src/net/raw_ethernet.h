// The mesh on a real interface: IEEE 1905.1 frames through AF_PACKET. Needs the capability CAP_NET_RAW.
//
// A Linux bridge forwards the 1905.1 multicast: where the interface is a port of one, drop it there
// (docs/mesh.md), or every gateway behind it counts as a direct neighbour.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/io.h"
#include "ports/mesh_link.h"

namespace bayward::net {

struct RawEthernetConfig {
  std::string interface;            // "eth0"
  std::array<uint8_t, 6> al_mac{};  // frames to it are for us too
};

// On the io thread, as all MeshLinks. Must not outlive its IoContext. The interface may go down, come up again and lose
// its carrier: that is told, and no failure.
class RawEthernet final : public MeshLink {
 public:
  // Says what is missing (the interface, the capability) and what to do. Any thread, before the first frame is awaited.
  static Result<std::unique_ptr<RawEthernet>> open(IoContext& io, const RawEthernetConfig& config);
  ~RawEthernet() override;

  bool send(std::span<const uint8_t> frame) override;
  void on_frame(std::function<void(std::span<const uint8_t>)> receiver) override;
  void on_carrier(std::function<void(bool up)> receiver) override;
  std::string name() const override;
  std::array<uint8_t, 6> mac() const;
  bool is_wireless() const;

 private:
  class Impl;
  explicit RawEthernet(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace bayward::net

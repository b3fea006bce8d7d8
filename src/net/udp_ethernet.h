// The mesh without CAP_NET_RAW: the same Ethernet frames in UDP datagrams, to configured peers or to a multicast group.
// For demonstrations, tests, and sites whose gateways are joined by IP only. A link with one peer is a cable, with
// several a switch.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/io.h"
#include "ports/mesh_link.h"

namespace bayward::net {

struct UdpEthernetConfig {
  std::array<uint8_t, 6> mac{};        // of the interface this link stands for: frames from it are our own
  std::string listen = "127.0.0.1:0";  // numeric address and port, "[::1]:0" for IPv6; 0: a free one
  std::vector<std::string> peers;      // datagrams from others are ignored
  std::string group;                   // "239.255.19.5:19050": everybody who joined, on `listen`'s interface; no peers
};

// On the io thread, as all MeshLinks. Must not outlive its IoContext.
class UdpEthernet final : public MeshLink {
 public:
  // Says what is wrong with an address, or why the port can't be had. Any thread, before the first frame is awaited.
  static Result<std::unique_ptr<UdpEthernet>> open(IoContext& io, const UdpEthernetConfig& config);
  ~UdpEthernet() override;

  bool send(std::span<const uint8_t> frame) override;
  void on_frame(std::function<void(std::span<const uint8_t>)> receiver) override;
  void on_carrier(std::function<void(bool up)>) override {}
  std::string name() const override;  // "udp 127.0.0.1:4000"
  uint16_t port() const;
  // For ports known only after others have started. Before the first frame.
  Status add_peer(const std::string& address);

 private:
  class Impl;
  explicit UdpEthernet(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace bayward::net

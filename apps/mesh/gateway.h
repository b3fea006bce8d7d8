// One gateway wired from a command line or a configuration: links, counters, node, driver.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "mesh/driver.h"
#include "mesh/file_counter_store.h"
#include "net/io.h"
#include "net/monotonic_clock.h"
#include "ports/lossy_link.h"

namespace bayward::mesh_tool {

struct GatewayOptions {
  std::vector<std::string> interfaces;  // AF_PACKET
  std::vector<std::string> udp;         // "LISTEN,PEER[,PEER...]" or "LISTEN,group=GROUP"
  std::string al_mac;                   // empty: from the first interface
  std::string key_file;
  std::string oui = "02:ba:11";
  std::string name;
  int priority = 0;
  std::string counters_file;  // empty: only in memory, for a look
  LossyLink::Faults faults;
  uint64_t fault_seed = 1;

  bool wanted() const { return !interfaces.empty() || !udp.empty(); }
};

class Gateway {
 public:
  // On the io thread, or before it starts. Events go to `told` on the io thread.
  static Result<std::unique_ptr<Gateway>> open(net::IoContext& io, const GatewayOptions& options,
                                               mesh::Driver::Told told);

  mesh::Driver& driver() { return *driver_; }
  const net::MonotonicClock& clock() const { return clock_; }

 private:
  Gateway() = default;
  Result<mesh::InterfaceConfig> add_raw(net::IoContext& io, const std::string& interface,
                                        const mesh::MacAddress& al_mac);
  Status add_udp(net::IoContext& io, const std::string& spec, const mesh::MacAddress& mac);

  net::MonotonicClock clock_;
  std::unique_ptr<mesh::CounterStore> store_;
  std::vector<std::unique_ptr<MeshLink>> links_;
  std::vector<std::unique_ptr<LossyLink>> lossy_;
  std::unique_ptr<mesh::Driver> driver_;
};

// Keys of a file: one a line, "ID HEX" or only HEX (then the id is 1); the last one signs what we send.
Result<mesh::KeyRing> read_keys(const std::string& file);

}  // namespace bayward::mesh_tool

// The TLVs of topology messages, IEEE 1905.1-2013 clauses 6.4.5 and 6.4.9.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mesh/mac.h"
#include "mesh/node.h"
#include "mesh/wire.h"

namespace bayward::mesh {

// 6.4.5, tables 6-10 to 6-13.
struct DeviceInformation {
  MacAddress al_mac;
  std::vector<InterfaceConfig> interfaces;  // what is specific to the medium is skipped
};
Bytes encode_device_information(const MacAddress& al_mac, const std::vector<InterfaceConfig>& interfaces);
std::optional<DeviceInformation> decode_device_information(ByteView value);

// 6.4.9: the 1905.1 devices seen on one interface.
struct NeighbourList {
  struct Neighbour {
    MacAddress al_mac;
    bool bridged = false;  // an IEEE 802.1 bridge stands between
  };
  MacAddress local_interface;
  std::vector<Neighbour> neighbours;
};
Bytes encode_neighbour_list(const NeighbourList& list);
std::optional<NeighbourList> decode_neighbour_list(ByteView value);

}  // namespace bayward::mesh

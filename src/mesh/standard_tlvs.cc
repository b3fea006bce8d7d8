#include "mesh/standard_tlvs.h"

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// Table 6-12: how many bytes of information a medium has. Ours are all zero: network membership is nothing the mesh
// needs to tell.
uint8_t media_specific_bytes(MediaType media) {
  switch (static_cast<uint16_t>(media) >> 8) {
    case 0x01:
      return 10;  // IEEE 802.11, table 6-13
    case 0x02:
      return 7;  // IEEE 1901: network identifier
    default:
      return 0;
  }
}

}  // namespace

Bytes encode_device_information(const MacAddress& al_mac, const std::vector<InterfaceConfig>& interfaces) {
  Bytes value;
  ByteWriter out(value);
  out.mac(al_mac);
  out.u8(static_cast<uint8_t>(interfaces.size()));
  for (const InterfaceConfig& interface : interfaces) {
    out.mac(interface.mac);
    out.u16(static_cast<uint16_t>(interface.media));
    const uint8_t extra = media_specific_bytes(interface.media);
    out.u8(extra);
    out.bytes(Bytes(extra));
  }
  return value;
}

std::optional<DeviceInformation> decode_device_information(ByteView value) {
  ByteReader in(value);
  DeviceInformation out;
  out.al_mac = in.mac();
  const size_t count = in.u8();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    InterfaceConfig interface;
    interface.mac = in.mac();
    interface.media = static_cast<MediaType>(in.u16());
    in.bytes(in.u8());
    if (out.interfaces.size() < limits::mesh_interfaces) out.interfaces.push_back(interface);
  }
  if (!in.at_end() || out.al_mac.is_group()) return std::nullopt;
  return out;
}

Bytes encode_neighbour_list(const NeighbourList& list) {
  Bytes value;
  ByteWriter out(value);
  out.mac(list.local_interface);
  for (const NeighbourList::Neighbour& neighbour : list.neighbours) {
    out.mac(neighbour.al_mac);
    out.u8(neighbour.bridged ? 0x80 : 0);
  }
  return value;
}

std::optional<NeighbourList> decode_neighbour_list(ByteView value) {
  ByteReader in(value);
  NeighbourList out;
  out.local_interface = in.mac();
  while (in.ok() && !in.at_end()) {
    const MacAddress al_mac = in.mac();
    const uint8_t flags = in.u8();
    if (out.neighbours.size() < limits::mesh_devices) out.neighbours.push_back({al_mac, (flags & 0x80) != 0});
  }
  if (!in.ok()) return std::nullopt;
  return out;
}

}  // namespace bayward::mesh

// IEEE 1905.1 messages (CMDU) in Ethernet frames: header, TLVs, end of message. Knows no meaning of any TLV.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mesh/mac.h"
#include "mesh/wire.h"

namespace bayward::mesh {

inline constexpr uint16_t ethertype_1905 = 0x893A;
inline constexpr MacAddress multicast_1905{{0x01, 0x80, 0xC2, 0x00, 0x00, 0x13}};

// IEEE 1905.1-2013 table 6-4.
enum class MessageType : uint16_t {
  topology_discovery = 0x0000,
  topology_notification = 0x0001,
  topology_query = 0x0002,
  topology_response = 0x0003,
  vendor_specific = 0x0004,
};

// IEEE 1905.1-2013 table 6-6 and clauses 6.4.1 to 6.4.9.
enum class TlvType : uint8_t {
  end_of_message = 0,
  al_mac_address = 1,
  mac_address = 2,
  device_information = 3,
  neighbour_devices = 7,
  vendor_specific = 11,
};

struct Tlv {
  TlvType type = TlvType::end_of_message;  // may be one we have no name for
  ByteView value;
};

// A decoded message; the values are views into the frame.
struct Cmdu {
  MacAddress destination;
  MacAddress source;
  MessageType type = MessageType::topology_discovery;
  uint16_t id = 0;
  bool relay = false;
  std::vector<Tlv> tlvs;  // without the end of message
  size_t size = 0;        // of the frame without padding

  // The value of the only TLV of that type; nothing when there is none or more than one.
  std::optional<ByteView> only(TlvType wanted) const;
  std::optional<MacAddress> only_mac(TlvType wanted) const;
};

// Nothing for frames that aren't 1905.1, of another version, malformed, or one fragment of several: ours never fragment
// (clause 7.1.1 leaves open where the end of message is then), and what others fragment is nothing we need.
std::optional<Cmdu> decode_cmdu(ByteView frame);

// Writes one frame: TLVs in the order of the calls, then the end of message.
class CmduWriter {
 public:
  struct Header {
    MacAddress destination = multicast_1905;
    MacAddress source;
    MessageType type = MessageType::topology_discovery;
    uint16_t id = 0;
    bool relay = false;
  };

  explicit CmduWriter(const Header& header);
  void tlv(TlvType type, ByteView value);
  // The frame; at most limits::mesh_frame_bytes, or the caller has put in too much (checked).
  Bytes finish() &&;

 private:
  Bytes frame_;
};

// Where a relayer changes a frame: its own source address (the AL MAC TLV keeps naming the sender).
void set_source(Bytes& frame, const MacAddress& source);

}  // namespace bayward::mesh

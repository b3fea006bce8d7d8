#include "mesh/cmdu.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::mesh {

namespace {

// IEEE 1905.1-2013 clause 6.2, table 6-3.
constexpr uint8_t message_version = 0;
constexpr uint8_t last_fragment_bit = 0x80;
constexpr uint8_t relay_bit = 0x40;

bool read_tlvs(ByteReader& in, std::vector<Tlv>& out) {
  for (;;) {
    const auto type = static_cast<TlvType>(in.u8());
    const uint16_t length = in.u16();
    const ByteView value = in.bytes(length);
    if (!in.ok()) return false;
    if (type == TlvType::end_of_message) return length == 0;  // what follows is padding
    if (out.size() == limits::mesh_tlvs) return false;
    out.push_back({type, value});
  }
}

}  // namespace

std::optional<ByteView> Cmdu::only(TlvType wanted) const {
  const auto is_wanted = [wanted](const Tlv& tlv) { return tlv.type == wanted; };
  const auto found = std::ranges::find_if(tlvs, is_wanted);
  if (found == tlvs.end() || std::any_of(found + 1, tlvs.end(), is_wanted)) return std::nullopt;
  return found->value;
}

std::optional<MacAddress> Cmdu::only_mac(TlvType wanted) const {
  const auto value = only(wanted);
  if (!value || value->size() != 6) return std::nullopt;
  return ByteReader(*value).mac();
}

std::optional<Cmdu> decode_cmdu(ByteView frame) {
  if (frame.size() > limits::mesh_frame_bytes) return std::nullopt;
  ByteReader in(frame);
  Cmdu out;
  out.destination = in.mac();
  out.source = in.mac();
  if (in.u16() != ethertype_1905) return std::nullopt;
  const uint8_t version = in.u8();
  in.u8();  // reserved
  out.type = static_cast<MessageType>(in.u16());
  out.id = in.u16();
  const uint8_t fragment = in.u8();
  const uint8_t flags = in.u8();
  if (!in.ok() || version != message_version || fragment != 0 || (flags & last_fragment_bit) == 0) return std::nullopt;
  out.relay = (flags & relay_bit) != 0;
  if (out.source.is_group() || !read_tlvs(in, out.tlvs)) return std::nullopt;
  out.size = frame.size() - in.left();
  return out;
}

CmduWriter::CmduWriter(const Header& header) {
  ByteWriter out(frame_);
  out.mac(header.destination);
  out.mac(header.source);
  out.u16(ethertype_1905);
  out.u8(message_version);
  out.u8(0);
  out.u16(static_cast<uint16_t>(header.type));
  out.u16(header.id);
  out.u8(0);
  out.u8(static_cast<uint8_t>(last_fragment_bit | (header.relay ? relay_bit : 0)));
}

void CmduWriter::tlv(TlvType type, ByteView value) {
  ByteWriter out(frame_);
  out.u8(static_cast<uint8_t>(type));
  out.u16(static_cast<uint16_t>(value.size()));
  out.bytes(value);
}

Bytes CmduWriter::finish() && {
  tlv(TlvType::end_of_message, {});
  BAYWARD_CHECK(frame_.size() <= limits::mesh_frame_bytes);
  return std::move(frame_);
}

void set_source(Bytes& frame, const MacAddress& source) {
  std::ranges::copy(source.bytes, frame.begin() + 6);
}

}  // namespace bayward::mesh

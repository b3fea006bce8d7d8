#include "base/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace bayward {
namespace {

// Almost all text is ASCII: eight bytes at a time.
size_t ascii_from(std::string_view text, size_t at) {
  constexpr uint64_t high_bits = 0x8080808080808080;
  for (uint64_t eight = 0; text.size() - at >= sizeof eight; at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & high_bits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

struct Lead {
  size_t bytes;
  unsigned second_low;
  unsigned second_high;
};

// RFC 3629 section 4; 0 bytes: no character begins so.
Lead lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (size_t at = ascii_from(text, 0); at < text.size(); at = ascii_from(text, at)) {
    const auto byte = [&](size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
    const Lead lead = lead_of(byte(0));
    if (lead.bytes == 0 || text.size() - at < lead.bytes) return false;
    if (byte(1) < lead.second_low || byte(1) > lead.second_high) return false;
    for (size_t i = 2; i < lead.bytes; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return false;
    }
    at += lead.bytes;
  }
  return true;
}

}  // namespace bayward

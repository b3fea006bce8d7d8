#include "mesh/wire.h"

namespace bayward::mesh {

namespace {

// Bytes that follow the first one of a character, or -1 when none begins with it. RFC 3629 section 4.
int following_bytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  if (first >= 0xF0 && first <= 0xF4) return 3;
  return -1;
}

// The second byte has a narrower range after these first ones: no overlong forms, no surrogates, nothing over U+10FFFF.
bool second_fits(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const int more = following_bytes(first);
    if (more < 0 || i + static_cast<size_t>(more) >= text.size()) return false;
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[++i]);
      if ((next & 0xC0) != 0x80 || (k == 1 && !second_fits(first, next))) return false;
    }
  }
  return true;
}

std::string ByteReader::text(size_t longest) {
  const size_t size = u8();
  const ByteView read = size <= longest ? bytes(size) : ByteView{};
  std::string out(read.begin(), read.end());
  if (size > longest || !is_utf8(out)) {
    ok_ = false;
    return {};
  }
  return out;
}

}  // namespace bayward::mesh

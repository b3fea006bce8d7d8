#include "stations/session_key.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string>

namespace bayward::stations {
namespace {

void append_number(std::string& out, uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>((number >> shift) & 0xff);
}

}  // namespace

core::SessionKey session_key(StationId station, std::initializer_list<std::string_view> parts) {
  std::string text;
  append_number(text, station.value);
  for (const std::string_view part : parts) {
    append_number(text, part.size());
    text += part;
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  core::SessionKey key;
  std::copy_n(digest.begin(), key.bytes.size(), key.bytes.begin());
  return key;
}

}  // namespace bayward::stations

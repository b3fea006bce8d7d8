#include "site/access/keyed.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/check.h"

namespace bayward::site {

Digest keyed_digest(std::string_view key, std::string_view purpose, std::initializer_list<std::string_view> parts) {
  std::string text(purpose);
  for (const std::string_view part : parts) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(part.size() >> shift & 0xff);
    text += part;
  }
  Digest out;
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), out.data(), &size);
  BAYWARD_CHECK(made != nullptr && size == out.size());
  return out;
}

std::string base32(std::span<const uint8_t> bytes) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t held = 0;
  int bits = 0;
  for (const uint8_t byte : bytes) {
    held = held << 8 | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 31];
  }
  if (bits > 0) out += alphabet[held << (5 - bits) & 31];
  return out;
}

std::string hex(std::span<const uint8_t> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string random_bytes(size_t count) {
  std::string out(count, '\0');
  BAYWARD_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1);
  return out;
}

std::string random_token() {
  const std::string bytes = random_bytes(16);
  return hex({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace bayward::site

#include "site/uplink/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <optional>

namespace bayward::uplink {
namespace {

constexpr std::string_view scheme = "scrypt$";
constexpr size_t salt_bytes = 16;
constexpr size_t digest_bytes = 32;
// RFC 7914 2: 16 MiB and some 50 ms on a small board.
constexpr uint64_t cost = 1 << 14;
constexpr uint64_t block_size = 8;
constexpr uint64_t parallel = 1;
constexpr uint64_t memory_max = 64 * 1024 * 1024;

std::string hex(const unsigned char* bytes, size_t count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

// The salt goes in as its text.
std::string derive(std::string_view password, std::string_view salt) {
  std::array<unsigned char, digest_bytes> out{};
  const std::string salt_text(salt);
  const auto* salt_data = reinterpret_cast<const unsigned char*>(salt_text.data());
  const int done = EVP_PBE_scrypt(password.data(), password.size(), salt_data, salt_text.size(), cost, block_size,
                                  parallel, memory_max, out.data(), out.size());
  return done == 1 ? hex(out.data(), out.size()) : std::string{};
}

}  // namespace

std::string digest_of(std::string_view password) {
  std::array<unsigned char, salt_bytes> salt{};
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1) return {};
  const std::string salt_text = hex(salt.data(), salt.size());
  const std::string digest = derive(password, salt_text);
  return digest.empty() ? std::string{} : std::string(scheme) + salt_text + '$' + digest;
}

bool matches(std::string_view digest, std::string_view password) {
  if (!digest.starts_with(scheme)) return false;
  digest.remove_prefix(scheme.size());
  if (digest.size() != 2 * salt_bytes + 1 + 2 * digest_bytes || digest[2 * salt_bytes] != '$') return false;
  return same_secret(derive(password, digest.substr(0, 2 * salt_bytes)), digest.substr(2 * salt_bytes + 1));
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace bayward::uplink

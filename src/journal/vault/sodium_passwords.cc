#include "journal/vault/sodium_passwords.h"

#include <sodium.h>

#include <array>

#include "base/check.h"

namespace bayward {

Result<std::string> SodiumPasswords::hash_password(std::string_view password) const {
  // 19 MiB and two passes: OWASP's recommendation for Argon2id. libsodium's "interactive" 64 MiB would let a few dozen
  // logins at once take gigabytes.
  constexpr unsigned long long passes = 2;
  constexpr size_t memory_bytes = 19 * 1024 * 1024;
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail("not enough memory to hash a password");
  }
  hash.resize(hash.find('\0'));
  return hash;
}

bool SodiumPasswords::verify_password(const std::string& hash, std::string_view password) const {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string SodiumPasswords::digest_secret(std::string_view secret) const {
  std::array<uint8_t, 32> digest{};
  BAYWARD_CHECK(crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const uint8_t*>(secret.data()),
                                   secret.size(), key_.data(), key_.size()) == 0);
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  text.pop_back();
  return text;
}

bool SodiumPasswords::verify_secret(std::string_view digest, std::string_view secret) const {
  const std::string expected = digest_secret(secret);
  return digest.size() == expected.size() && sodium_memcmp(digest.data(), expected.data(), expected.size()) == 0;
}

std::string SodiumPasswords::new_secret() const {
  std::array<uint8_t, 16> random{};
  randombytes_buf(random.data(), random.size());
  std::string text(2 * random.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), random.data(), random.size());
  text.pop_back();
  return text;
}

}  // namespace bayward

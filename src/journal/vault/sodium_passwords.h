// Hashes of passwords and secrets by libsodium. Any thread: holds nothing but its key.
#pragma once

#include <string>
#include <string_view>

#include "journal/vault/key_file.h"
#include "ports/vault.h"

namespace bayward {

// Argon2id for people, keyed BLAKE2b for machines.
class SodiumPasswords final : public Passwords {
 public:
  explicit SodiumPasswords(const VaultKeys& keys) : key_(keys.digest) {}

  Result<std::string> hash_password(std::string_view password) const override;
  bool verify_password(const std::string& hash, std::string_view password) const override;
  std::string digest_secret(std::string_view secret) const override;
  bool verify_secret(std::string_view digest, std::string_view secret) const override;
  std::string new_secret() const override;

 private:
  const SecretKey key_;
};

}  // namespace bayward

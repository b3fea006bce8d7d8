// The vault's master key and what is derived from it. The key lives in a file only its owner may read, made on first
// start; whoever copies the vault without it has nothing, and without it the vault is lost: it belongs in the backup,
// apart from the data.
//
// Keys are wiped from memory when destroyed.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace bayward {

// 256 bits that are wiped when done with.
class SecretKey {
 public:
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  static constexpr size_t size() { return 32; }

 private:
  std::array<uint8_t, 32> bytes_{};
};

struct VaultKeys {
  SecretKey seal;         // root of the keys that rows are sealed with
  SecretKey fingerprint;  // of Vault::fingerprint
  SecretKey digest;       // of Passwords::digest_secret
};

// Reads the key file, or makes it when it isn't there and `create` says so. Fails when others may read it, it is
// damaged or missing.
Result<VaultKeys> load_vault_keys(const std::filesystem::path& path, bool create);

// Derived from nothing secret: for tests.
VaultKeys fake_vault_keys(std::string_view seed);

}  // namespace bayward

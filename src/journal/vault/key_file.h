// The vault's master key (sealing/key_file.h) and what is derived from it.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "sealing/secret_key.h"

namespace bayward {

struct VaultKeys {
  SecretKey seal;         // root of the keys that rows are sealed with
  SecretKey fingerprint;  // of Vault::fingerprint
  SecretKey digest;       // of Passwords::digest_secret
};

Result<VaultKeys> load_vault_keys(const std::filesystem::path& path, bool create);

// Derived from nothing secret: for tests.
VaultKeys fake_vault_keys(std::string_view seed);

}  // namespace bayward

// Sealing one text for one row of the vault (sealing/seal.h). Pure but for the random nonce.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ports/vault.h"
#include "sealing/secret_key.h"

namespace bayward {

// Nonce and sealed text.
std::string seal(const SecretKey& key, const VaultKey& row, std::string_view text);
// Nothing when it was sealed for another row or with another key, or was changed.
std::optional<std::string> unseal(const SecretKey& key, const VaultKey& row, std::span<const uint8_t> sealed);

}  // namespace bayward

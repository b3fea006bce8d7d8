// Sealing a text so that it opens only with the key, unchanged, and in the place it was sealed for (XChaCha20-Poly1305
// of libsodium). Pure but for the random nonce; any thread, after load_key().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sealing/secret_key.h"

namespace bayward {

// Nonce and sealed text. `place` names where it stands: a row, a file.
std::string seal(const SecretKey& key, std::span<const uint8_t> place, std::string_view text);
// Nothing when it was sealed for another place or with another key, or was changed.
std::optional<std::string> unseal(const SecretKey& key, std::span<const uint8_t> place,
                                  std::span<const uint8_t> sealed);

}  // namespace bayward

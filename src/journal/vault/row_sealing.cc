#include "journal/vault/row_sealing.h"

#include <array>

#include "sealing/seal.h"

namespace bayward {
namespace {

using RowBytes = std::array<uint8_t, 17>;

RowBytes identity(const VaultKey& row) {
  RowBytes bytes{};
  for (size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<uint8_t>(row.subject.value >> (8 * i));
    bytes[8 + i] = static_cast<uint8_t>(row.item >> (8 * i));
  }
  bytes[16] = static_cast<uint8_t>(row.kind);
  return bytes;
}

}  // namespace

std::string seal(const SecretKey& key, const VaultKey& row, std::string_view text) {
  return seal(key, identity(row), text);
}

std::optional<std::string> unseal(const SecretKey& key, const VaultKey& row, std::span<const uint8_t> sealed) {
  return unseal(key, identity(row), sealed);
}

}  // namespace bayward

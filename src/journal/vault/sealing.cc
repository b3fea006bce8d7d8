#include "journal/vault/sealing.h"

#include <sodium.h>

#include <array>

#include "base/check.h"

namespace bayward {

namespace {

constexpr size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SecretKey::size());

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

SecretKey row_key(const SecretKey& key, const RowBytes& row) {
  SecretKey out;
  BAYWARD_CHECK(crypto_generichash(out.data(), out.size(), row.data(), row.size(), key.data(), key.size()) == 0);
  return out;
}

}  // namespace

std::string seal(const SecretKey& key, const VaultKey& row, std::string_view text) {
  const RowBytes id = identity(row);
  const SecretKey own = row_key(key, id);
  std::string out(nonce_bytes + text.size() + tag_bytes, '\0');
  auto* nonce = reinterpret_cast<uint8_t*>(out.data());
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr,
                                             reinterpret_cast<const uint8_t*>(text.data()), text.size(), id.data(),
                                             id.size(), nullptr, nonce, own.data());
  return out;
}

std::optional<std::string> unseal(const SecretKey& key, const VaultKey& row, std::span<const uint8_t> sealed) {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const RowBytes id = identity(row);
  const SecretKey own = row_key(key, id);
  std::string text(sealed.size() - nonce_bytes - tag_bytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<uint8_t*>(text.data()), nullptr, nullptr, sealed.data() + nonce_bytes,
      sealed.size() - nonce_bytes, id.data(), id.size(), sealed.data(), own.data());
  if (opened != 0) return std::nullopt;
  return text;
}

}  // namespace bayward

#include "sealing/seal.h"

#include <sodium.h>

#include "base/check.h"

namespace bayward {
namespace {

constexpr size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SecretKey::size());

SecretKey key_of_place(const SecretKey& key, std::span<const uint8_t> place) {
  SecretKey out;
  const int made = crypto_generichash(out.data(), out.size(), place.data(), place.size(), key.data(), key.size());
  BAYWARD_CHECK(made == 0);
  return out;
}

}  // namespace

std::string seal(const SecretKey& key, std::span<const uint8_t> place, std::string_view text) {
  const SecretKey own = key_of_place(key, place);
  std::string out(nonce_bytes + text.size() + tag_bytes, '\0');
  auto* nonce = reinterpret_cast<uint8_t*>(out.data());
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr,
                                             reinterpret_cast<const uint8_t*>(text.data()), text.size(), place.data(),
                                             place.size(), nullptr, nonce, own.data());
  return out;
}

std::optional<std::string> unseal(const SecretKey& key, std::span<const uint8_t> place,
                                  std::span<const uint8_t> sealed) {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const SecretKey own = key_of_place(key, place);
  std::string text(sealed.size() - nonce_bytes - tag_bytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<uint8_t*>(text.data()), nullptr, nullptr, sealed.data() + nonce_bytes,
      sealed.size() - nonce_bytes, place.data(), place.size(), sealed.data(), own.data());
  if (opened != 0) return std::nullopt;
  return text;
}

}  // namespace bayward

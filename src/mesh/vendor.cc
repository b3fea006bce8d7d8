#include "mesh/vendor.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <string_view>

#include "base/check.h"

namespace bayward::mesh {

namespace {

constexpr uint8_t format_version = 1;
constexpr size_t hmac_bytes = 32;
// The site key has other uses (Wi-Fi); this one never shares a key with them.
constexpr std::string_view key_use = "bayward mesh/v1";

using Hmac = std::array<uint8_t, hmac_bytes>;

Hmac hmac_sha256(ByteView key, ByteView data) {
  Hmac out{};
  unsigned int size = 0;
  const uint8_t* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &size);
  BAYWARD_CHECK(made != nullptr && size == out.size());
  return out;
}

}  // namespace

Sealer::Sealer(const Oui& oui, const KeyRing& ring) : oui_(oui), sending_(ring.sending) {
  const Bytes use(key_use.begin(), key_use.end());
  for (const auto& [id, key] : ring.keys) keys_.emplace(id, hmac_sha256(key, use));
}

bool Sealer::is_ours(ByteView value) const {
  return value.size() >= oui_.size() && std::ranges::equal(value.first(oui_.size()), oui_);
}

Bytes Sealer::seal(const Sealed& message) const {
  Bytes value;
  value.reserve(overhead_bytes + message.body.size());
  ByteWriter out(value);
  out.bytes(oui_);
  out.u8(format_version);
  out.u8(static_cast<uint8_t>(message.subtype));
  out.u8(sending_);
  out.mac(message.sender);
  out.u64(message.counter);
  out.bytes(message.body);
  out.bytes(hmac_sha256(keys_.at(sending_), value));
  return value;
}

std::variant<Sealed, SealDefect> Sealer::open(ByteView value) const {
  if (!is_ours(value)) return SealDefect::not_ours;
  if (value.size() < overhead_bytes) return SealDefect::malformed;
  ByteReader in(value.first(value.size() - hmac_bytes));
  in.bytes(oui_.size());
  Sealed out;
  const uint8_t version = in.u8();
  out.subtype = static_cast<Subtype>(in.u8());
  const uint8_t key_id = in.u8();
  out.sender = in.mac();
  out.counter = in.u64();
  out.body = in.bytes(value.size() - overhead_bytes);
  if (version != format_version || out.sender.is_group()) return SealDefect::malformed;
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) return SealDefect::unknown_key;
  const Hmac right = hmac_sha256(key->second, value.first(value.size() - hmac_bytes));
  if (CRYPTO_memcmp(right.data(), value.last(hmac_bytes).data(), hmac_bytes) != 0) return SealDefect::forged;
  return out;
}

}  // namespace bayward::mesh

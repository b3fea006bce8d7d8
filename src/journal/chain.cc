#include "journal/chain.h"

#include <cstring>

#include "base/check.h"

namespace bayward {

namespace {

void put_little_endian(uint8_t* to, uint64_t value) {
  for (int i = 0; i < 8; ++i) to[i] = static_cast<uint8_t>(value >> (8 * i));
}

}  // namespace

// Fetched once: looking SHA-256 up for every record costs more than hashing it.
ChainHasher::ChainHasher() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  BAYWARD_CHECK(algorithm_ != nullptr && context_ != nullptr);
  BAYWARD_CHECK(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1);
}

ChainHash ChainHasher::next(const ChainHash& previous, Position position, Instant at, std::string_view body) {
  std::array<uint8_t, 48> head;
  std::memcpy(head.data(), previous.data(), previous.size());
  put_little_endian(head.data() + 32, position);
  put_little_endian(head.data() + 40, static_cast<uint64_t>(unix_ms(at)));

  ChainHash out;
  EVP_MD_CTX* context = context_.get();
  const bool hashed =
      EVP_DigestInit_ex2(context, nullptr, nullptr) == 1 && EVP_DigestUpdate(context, head.data(), head.size()) == 1 &&
      EVP_DigestUpdate(context, body.data(), body.size()) == 1 && EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
  BAYWARD_CHECK(hashed);
  return out;
}

ChainHash sha256(std::string_view bytes) {
  ChainHash out;
  BAYWARD_CHECK(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return out;
}

std::string to_hex(const ChainHash& hash) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * hash.size());
  for (const uint8_t byte : hash) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace bayward

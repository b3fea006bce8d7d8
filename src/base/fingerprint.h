// A keyed fingerprint of something that must not be read in the journal (plate, card, phone), or of a request.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>

namespace bayward {

// 128 bits of a keyed hash (ports/vault.h makes them). All zero: none.
struct Fingerprint {
  std::array<uint8_t, 16> bytes{};

  explicit operator bool() const { return *this != Fingerprint{}; }
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

inline std::string to_text(const Fingerprint& fingerprint) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (uint8_t byte : fingerprint.bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace bayward

template <>
struct std::hash<bayward::Fingerprint> {
  size_t operator()(const bayward::Fingerprint& fingerprint) const noexcept {
    size_t out = 0;
    std::memcpy(&out, fingerprint.bytes.data(), sizeof out);
    return out;
  }
};

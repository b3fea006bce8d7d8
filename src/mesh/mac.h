// A 48-bit MAC address: of an interface, or of a whole 1905.1 device (its AL MAC address).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bayward::mesh {

struct MacAddress {
  std::array<uint8_t, 6> bytes{};

  explicit operator bool() const { return *this != MacAddress{}; }
  // Group addresses (IEEE 802: lowest bit of the first byte) never name a device.
  bool is_group() const { return (bytes[0] & 1) != 0; }
  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

// 02:00:5e:00:53:01
std::string to_text(const MacAddress& address);
// Six pairs of hexadecimal digits with ':' or '-' between; nothing for any other text.
std::optional<MacAddress> parse_mac(std::string_view text);

}  // namespace bayward::mesh

template <>
struct std::hash<bayward::mesh::MacAddress> {
  size_t operator()(const bayward::mesh::MacAddress& address) const noexcept {
    uint64_t word = 0;
    std::memcpy(&word, address.bytes.data(), address.bytes.size());
    return std::hash<uint64_t>{}(word);
  }
};

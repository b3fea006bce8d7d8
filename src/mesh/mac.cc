#include "mesh/mac.h"

#include <cctype>
#include <charconv>

namespace bayward::mesh {

std::string to_text(const MacAddress& address) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : address.bytes) {
    if (!out.empty()) out += ':';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::optional<MacAddress> parse_mac(std::string_view text) {
  MacAddress out;
  if (text.size() != 17) return std::nullopt;
  for (size_t i = 0; i < out.bytes.size(); ++i) {
    const std::string_view pair = text.substr(i * 3, 2);
    if (i < 5 && text[i * 3 + 2] != ':' && text[i * 3 + 2] != '-') return std::nullopt;
    const auto [end, error] = std::from_chars(pair.data(), pair.data() + 2, out.bytes[i], 16);
    if (error != std::errc{} || end != pair.data() + 2) return std::nullopt;
  }
  return out;
}

}  // namespace bayward::mesh

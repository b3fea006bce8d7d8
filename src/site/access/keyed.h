// What is made from a secret: keyed hashes over unambiguous text, random bytes, comparison that takes the same time
// whatever differs. Pure but for random_bytes(); any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace bayward::site {

using Digest = std::array<uint8_t, 32>;

// HMAC-SHA256 (RFC 2104) over `purpose`, then each part behind its length in 4 bytes, big endian: no two lists of parts
// give the same text, and no two purposes either as long as none begins with another.
Digest keyed_digest(std::string_view key, std::string_view purpose, std::initializer_list<std::string_view> parts);

// RFC 4648 6, upper case, without padding.
std::string base32(std::span<const uint8_t> bytes);
std::string hex(std::span<const uint8_t> bytes);

// From the system's generator; ends the program if that fails.
std::string random_bytes(size_t count);
std::string random_token();  // 32 lower-case hexadecimal digits

bool same_secret(std::string_view a, std::string_view b);

}  // namespace bayward::site

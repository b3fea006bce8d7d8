// HMAC-SHA256 (RFC 2104) in lower-case hexadecimal.
#pragma once

#include <string>
#include <string_view>

namespace bayward::wire {

std::string hex_hmac(std::string_view key, std::string_view text);

}  // namespace bayward::wire

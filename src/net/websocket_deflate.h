// permessage-deflate (RFC 7692) without context takeover: each message is compressed on its own, so that a connection
// keeps nothing of it and the working memory is that of the thread, not of the socket. Internal to net; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bayward::net {

// Shorter texts go out as they are: without a context they hardly shrink.
inline constexpr size_t deflate_from_bytes = 256;

struct DeflateAgreement {
  std::string answer;    // the value of Sec-WebSocket-Extensions
  int window_bits = 15;  // ours: what the peer has room for
};
// The first offer (a value of Sec-WebSocket-Extensions, RFC 7692 5) that we can keep; nothing: no compression.
std::optional<DeflateAgreement> agree_on_deflate(std::string_view offers);

// The payload of a compressed frame (7.2.1); nothing when it would be no shorter.
std::optional<std::string> deflated(std::string_view text, int window_bits);

enum class Inflated : unsigned char { whole, too_big, broken };
// Appends to `out` (7.2.2), which never holds more than `most` bytes, whatever `payload` promises.
Inflated inflate_into(std::string& out, std::string_view payload, size_t most);

}  // namespace bayward::net

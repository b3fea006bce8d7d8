// The words of the WebSocket handshake (RFC 6455 4). Internal to net. Pure but for new_key(); any thread.
#pragma once

#include <string>
#include <string_view>

namespace bayward::net {

// Sec-WebSocket-Key: 16 random bytes.
std::string new_websocket_key();
// Sec-WebSocket-Accept: that the peer has read the key and means WebSocket.
std::string websocket_accept(std::string_view key);
// The server's answer; without a subprotocol or extensions when they are empty.
std::string upgrade_answer(std::string_view key, std::string_view subprotocol, std::string_view extensions);

}  // namespace bayward::net

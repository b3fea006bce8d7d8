#include "net/websocket_handshake.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "base/check.h"
#include "ports/http_util.h"

namespace bayward::net {

std::string new_websocket_key() {
  std::array<unsigned char, 16> bytes{};
  BAYWARD_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  return base64_encode(std::string(bytes.begin(), bytes.end()));
}

std::string websocket_accept(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64_encode(std::string(digest.begin(), digest.end()));
}

std::string upgrade_answer(std::string_view key, std::string_view subprotocol, std::string_view extensions) {
  std::string out =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  out += websocket_accept(key);
  if (!subprotocol.empty()) out.append("\r\nSec-WebSocket-Protocol: ").append(subprotocol);
  if (!extensions.empty()) out.append("\r\nSec-WebSocket-Extensions: ").append(extensions);
  return out += "\r\n\r\n";
}

}  // namespace bayward::net

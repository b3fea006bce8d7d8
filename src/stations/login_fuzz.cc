// A station's request to open a socket: path, Sec-WebSocket-Protocol and Authorization, a line each, of any bytes.
#include <cstdlib>

#include "ports/http_util.h"
#include "stations/login.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = [&text] {
    const std::string_view out = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), out.size() + 1));
    return out;
  };
  const auto target = parse_target(line());
  HttpHeaders headers;
  headers.add("Sec-WebSocket-Protocol", line());
  headers.add("Authorization", line());
  const stations::Protocol* protocol = stations::protocol_of(headers);
  const std::string_view offered = headers.get("Sec-WebSocket-Protocol");
  if (protocol && offered.find(protocol->dialect().subprotocol) == std::string_view::npos) std::abort();
  const auto identity = target ? stations::identity_of(target->path) : std::nullopt;
  if (!identity) return 0;
  if (identity->empty() || identity->size() > 48 || identity->find('/') != std::string::npos) std::abort();
  const auto password = stations::password_of(headers, *identity);
  if (password && password->empty()) std::abort();
  return 0;
}

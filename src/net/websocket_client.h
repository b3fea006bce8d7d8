// Opens WebSockets as a client: for the town's stations, tests and benches. Thousands run on one io thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "net/io.h"
#include "net/tls.h"
#include "ports/http_util.h"
#include "ports/websocket.h"

namespace bayward::net {

struct WebSocketClientConfig {
  std::string host = "127.0.0.1";  // name or address
  uint16_t port = 0;
  std::shared_ptr<TlsContext> tls;  // none: plain
  std::string target = "/";
  std::vector<std::string> subprotocols;  // offered, the preferred first
  std::optional<BasicCredentials> credentials;

  Duration connect_timeout = 10s;
  Duration ping_interval = 30s;
  Duration close_timeout = 5s;
  size_t message_bytes = limits::ocpp_message_bytes;
  size_t queue_messages = limits::websocket_send_queue_messages;
  size_t queue_bytes = limits::websocket_send_queue_bytes;
};

struct WebSocketRefusal {
  int status = 0;  // of HTTP; 0: no answer
  std::string reason;
};

// Any thread. `connected` is called exactly once, on the io thread: with the subprotocol chosen (maybe none), just
// before session->opened(); or with why not, and then the session hears nothing.
void connect_websocket(IoContext& io, const WebSocketClientConfig& config, std::shared_ptr<WebSocketSession> session,
                       std::function<void(Result<std::string, WebSocketRefusal>)> connected);

}  // namespace bayward::net

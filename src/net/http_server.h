// The HTTP/1.1 server: one port for REST, event streams, static pages and WebSocket upgrades, plain or TLS.
//
// Every connection belongs to one io thread and to the server's task group, has a deadline whenever it waits for its
// peer, and works on one request at a time (further pipelined ones wait unread). What net itself refuses is answered
// with a problem document (RFC 9457): 400 malformed, 408 too slow, 413, 417, 426, 431, 500 no answer, 503 full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "net/io.h"
#include "net/tls.h"
#include "ports/http.h"
#include "ports/websocket.h"

namespace bayward::net {

struct HttpServerConfig {
  std::string address = "127.0.0.1";  // or "::", "0.0.0.0", ...
  uint16_t port = 0;                  // 0: a free one, see HttpServer::port()
  std::shared_ptr<TlsContext> tls;    // none: plain

  size_t header_bytes = limits::http_header_bytes;
  size_t body_bytes = limits::http_body_bytes;
  // How long the body of a request to that target (as sent) may be, asked on the io thread as soon as the target has
  // come; none: body_bytes.
  std::function<size_t(std::string_view target)> body_bytes_of = {};
  size_t connections = limits::http_connections;   // not counting WebSockets; more are told 503 and closed
  size_t websockets = limits::stations_connected;  // more are told 503
  size_t websocket_message_bytes = limits::ocpp_message_bytes;
  size_t websocket_queue_messages = limits::websocket_send_queue_messages;
  size_t websocket_queue_bytes = limits::websocket_send_queue_bytes;

  Duration header_timeout = 10s;  // from the first byte of a request (or the TLS handshake) to the end of its header
  Duration body_timeout = 30s;
  Duration long_body_timeout = 10min;  // of one that may be longer than body_bytes
  Duration idle_timeout = 60s;         // between two requests
  Duration write_timeout = 30s;        // for a reader that takes nothing
  Duration heartbeat = 15s;            // of an event stream
  Duration ping_interval = 30s;        // of a WebSocket; no sign of life for two of them: closed
  Duration close_timeout = 5s;         // for the peer to answer a close frame, and for an error answer to be taken
};

struct HttpServerCounts {
  size_t connections = 0;
  size_t event_streams = 0;
  size_t websockets = 0;
  uint64_t requests = 0;             // since start
  uint64_t connections_refused = 0;  // since start: full
};

// Functions may be called from any thread that isn't an io thread, counts() and port() from any.
class HttpServer {
 public:
  // Listens when it returns. Connections are dealt out to `ios` in turn; they, `handler` and `websockets` (may be null:
  // upgrades are refused) outlive the server.
  static Result<std::unique_ptr<HttpServer>> listen(const std::vector<IoContext*>& ios, const HttpServerConfig& config,
                                                    HttpHandler& handler, WebSocketAcceptor* websockets);
  // As stop() with no grace.
  ~HttpServer();

  uint16_t port() const;
  HttpServerCounts counts() const;

  // Stops listening and asks every connection to end: requests in work are answered, event streams ended, WebSockets
  // closed with 1001. What is still there after `grace` is cut. Returns when nothing is left.
  void stop(Duration grace);

  struct Impl;

 private:
  explicit HttpServer(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace bayward::net

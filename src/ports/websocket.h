// WebSockets as the stations layer sees them: who may open one, what a session hears, how it sends. Implemented by
// net/http_server.h (incoming) and net/websocket_client.h (outgoing); fakes are in ports/fake_websocket.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ports/http.h"

namespace bayward {

// RFC 6455 7.4.1
namespace close_code {
inline constexpr uint16_t normal = 1000;
inline constexpr uint16_t going_away = 1001;
inline constexpr uint16_t protocol_error = 1002;
inline constexpr uint16_t unsupported_data = 1003;  // a binary message came
inline constexpr uint16_t no_status = 1005;         // the peer closed without a code; never sent
inline constexpr uint16_t abnormal = 1006;          // the connection broke without a close frame; never sent
inline constexpr uint16_t bad_text = 1007;          // not UTF-8
inline constexpr uint16_t policy = 1008;
inline constexpr uint16_t too_big = 1009;
inline constexpr uint16_t internal_error = 1011;
inline constexpr uint16_t try_again_later = 1013;
}  // namespace close_code

// One open socket. All functions may be called from any thread and never block.
class WebSocketConnection {
 public:
  virtual ~WebSocketConnection() = default;

  // Queues a text message; messages go out in order. False when the socket is closing or closed, or when
  // limits::websocket_send_queue_messages or _bytes are waiting: then it is closed with 1008, the rest is dropped.
  virtual bool send(std::string text) = 0;
  // Sends what was queued before, then the close frame; a peer that doesn't answer within a few seconds is cut off.
  // `reason` is cut to 123 bytes. Further calls do nothing.
  virtual void close(uint16_t code, std::string_view reason) = 0;
};

struct WebSocketClosed {
  uint16_t code = close_code::abnormal;  // of whoever closed first
  std::string reason;                    // of the close frame, or what broke
};

// What happens on one socket. Called on its io thread: opened once, then messages, then closed once, exactly, whatever
// ends it. A session whose handshake never finishes is let go without any call. Must not block.
class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;
  virtual void opened(std::shared_ptr<WebSocketConnection> connection) = 0;
  // A whole text message in valid UTF-8 of at most limits::ocpp_message_bytes; the view lives for this call.
  virtual void message(std::string_view text) = 0;
  // Whether this text, which message() will be given, comes before those of other connections that came with it. Asked
  // for each: a glance.
  virtual bool is_urgent(std::string_view) const { return false; }
  virtual void closed(const WebSocketClosed& why) = 0;
};

// The server's side of one upgrade. Use it through WebSocketDecision.
class WebSocketUpgrade {
 public:
  virtual ~WebSocketUpgrade() = default;
  virtual void accept(std::string subprotocol, std::shared_ptr<WebSocketSession> session) = 0;
  virtual void reject(HttpResponse response) = 0;
};

// The right to decide about one upgrade, from any thread and at any time. Copies share it, the first decision counts;
// if every copy goes away without one, the server answers 500.
class WebSocketDecision {
 public:
  explicit WebSocketDecision(std::shared_ptr<WebSocketUpgrade> upgrade) : upgrade_(std::move(upgrade)) {}

  // `subprotocol` is one of those offered (header_list of Sec-WebSocket-Protocol), or empty to choose none.
  void accept(std::string subprotocol, std::shared_ptr<WebSocketSession> session) const {
    upgrade_->accept(std::move(subprotocol), std::move(session));
  }
  void reject(HttpResponse response) const { upgrade_->reject(std::move(response)); }

 private:
  std::shared_ptr<WebSocketUpgrade> upgrade_;
};

// Asked on an io thread about every request to upgrade, whatever its path; must not block (password hashes are checked
// on another thread, with the WebSocketDecision).
class WebSocketAcceptor {
 public:
  virtual ~WebSocketAcceptor() = default;
  virtual void authorise(HttpRequest request, WebSocketDecision decision) = 0;
};

}  // namespace bayward

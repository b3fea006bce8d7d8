// One WebSocket after TCP and TLS, of either role: handshake, reading, the bounded send queue, closing. Internal to
// net.
//
// send() and close() come from any thread; everything else happens on the io thread. One write is in flight at a time.
// A session hears closed() exactly once if it heard opened().
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"
#include "net/stream.h"
#include "net/task_group.h"
#include "ports/websocket.h"

namespace bayward::net {

namespace websocket = boost::beast::websocket;

struct WebSocketLimits {
  size_t message_bytes = 0;
  size_t queue_messages = 0;
  size_t queue_bytes = 0;
  Duration ping_interval{};
  Duration close_timeout{};
};

class WebSocketLink : public WebSocketConnection, public Task, public std::enable_shared_from_this<WebSocketLink> {
 public:
  using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;
  using Socket = websocket::stream<Stream, false>;  // no permessage-deflate: it costs memory by the connection

  WebSocketLink(Stream stream, const WebSocketLimits& limits, std::shared_ptr<WebSocketSession> session);

  // As server: answers the upgrade and then runs until the socket is closed.
  Awaitable<> serve(UpgradeRequest request, std::string subprotocol);
  // When open: opened(), messages, closed().
  Awaitable<> run();
  Socket& socket() { return socket_; }

  bool send(std::string text) override;
  void close(uint16_t code, std::string_view reason) override;

  void ask_to_end() override;
  void cut() override;
  void tick(SteadyTime) override {}

 private:
  enum class State : uint8_t { open, closing, closed };

  Awaitable<> linger();
  void start_close_timer();
  void begin_close();
  void write_next();
  void written(error_code error);
  void send_close_frame();
  void received(WebSocketSession& session);
  WebSocketClosed why_closed(error_code error);

  const WebSocketLimits limits_;
  Socket socket_;
  SteadyTimer close_timer_;
  std::shared_ptr<WebSocketSession> session_;  // until run() begins, which then holds it
  boost::beast::flat_buffer buffer_;
  bool close_frame_sent_ = false;

  std::mutex mutex_;  // guards what follows
  State state_ = State::open;
  std::deque<std::string> queue_;  // the front is being written while writing_
  size_t queued_bytes_ = 0;
  bool writing_ = false;
  bool drop_queue_ = false;
  std::optional<WebSocketClosed> our_close_;
};

}  // namespace bayward::net

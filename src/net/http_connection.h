// One connection to the HTTP server: a coroutine that reads a request, has it answered and writes the answer, until
// either side is done or the connection becomes a WebSocket. Internal to net; its io thread only.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "net/event_queue.h"
#include "net/http_parser.h"
#include "net/http_shard.h"
#include "net/stream.h"
#include "net/wakeup.h"
#include "net/websocket_deflate.h"
#include "net/websocket_link.h"

namespace bayward::net {

class HttpConnection : public Task, public std::enable_shared_from_this<HttpConnection> {
 public:
  // How the application has settled a request.
  struct Accepted {
    std::string subprotocol;
    std::shared_ptr<WebSocketSession> session;
  };
  using Answer = std::variant<HttpResponse, std::shared_ptr<EventQueue>, Accepted>;

  // `full`: there are too many already; this one only hears 503.
  HttpConnection(std::shared_ptr<Shard> shard, Stream stream, std::string peer, bool full);
  void start();

  // An answer to request number `request`; ignored when that one is over.
  void deliver(uint64_t request, Answer answer);
  // True while the application is being asked about that request, that is further down on this stack.
  bool asking(uint64_t request) const { return asking_ && request == request_; }
  void wake() { wakeup_.set(); }
  Executor executor() const { return shard_->executor(); }

  void ask_to_end() override;
  void cut() override;
  void tick(SteadyTime now) override;

 private:
  enum class Phase : uint8_t { idle, reading, working, streaming, writing };
  // How reading a request ended: status 0, there is one; -1, the peer has gone; else what to tell it.
  struct Outcome {
    int status = 0;
    std::string detail;
  };

  Awaitable<> run();
  Awaitable<bool> handshake();
  Awaitable<Outcome> read_request();
  Awaitable<Outcome> read_more();
  Awaitable<Outcome> begin_body();
  Outcome check_request();
  void ask();
  Awaitable<bool> settle();
  Awaitable<bool> write_response(HttpResponse response);
  Awaitable<bool> write_all(const std::string& bytes);
  Awaitable<> stream_events(std::shared_ptr<EventQueue> queue);
  Awaitable<bool> write_events(EventQueue& queue);
  void watch_for_end_of_input();
  void become_websocket(Accepted accepted);
  Awaitable<> linger();
  void expect_within(Duration timeout);

  const std::shared_ptr<Shard> shard_;
  Stream stream_;
  const std::string peer_;
  const bool full_;
  std::shared_ptr<const PeerCertificate> certificate_;  // of the peer; null: none was shown
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::string websocket_key_;                // of the upgrade that is being decided
  std::optional<DeflateAgreement> deflate_;  // if it is accepted
  std::string out_;

  Phase phase_ = Phase::idle;
  SteadyTime deadline_ = never;
  SteadyTime heartbeat_at_ = never;
  uint64_t request_ = 0;
  std::optional<Answer> answer_;
  Wakeup wakeup_;
  size_t ignored_bytes_ = 0;
  bool keep_alive_ = true;
  bool asking_ = false;
  bool timed_out_ = false;
  bool input_ended_ = false;
  bool cut_ = false;
};

}  // namespace bayward::net

#include "net/websocket_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "net/client_stream.h"
#include "net/http_parser.h"
#include "net/http_text.h"
#include "net/io_impl.h"
#include "net/websocket_handshake.h"
#include "net/websocket_link.h"

namespace bayward::net {
namespace {

namespace http = beast::http;

class Connecting : public std::enable_shared_from_this<Connecting> {
 public:
  using Connected = std::function<void(Result<std::string, WebSocketRefusal>)>;

  Connecting(Executor executor, const WebSocketClientConfig& config, std::shared_ptr<WebSocketSession> session,
             Connected connected)
      : executor_(executor),
        config_(config),
        endpoint_{config.host, config.port, config.tls},
        session_(std::move(session)),
        connected_(std::move(connected)),
        timer_(executor) {}

  void start() {
    timer_.expires_after(config_.connect_timeout);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->give_up();
    });
    asio::co_spawn(executor_, run(), [self = shared_from_this()](std::exception_ptr) { self->timer_.cancel(); });
  }

 private:
  Awaitable<> run() {
    auto result = co_await handshake();
    timer_.cancel();
    std::shared_ptr<WebSocketLink> link;
    if (result.ok()) {
      const WebSocketLimits limits{config_.message_bytes, config_.queue_messages, config_.queue_bytes,
                                   config_.ping_interval, config_.close_timeout};
      link = std::make_shared<WebSocketLink>(std::move(*stream_), WebSocketRole::client, limits);
    }
    stream_.reset();
    std::exchange(connected_, {})(std::move(result));
    // The connection lives on its own from here: what was needed to make it goes.
    if (link) link->run(begun_, std::move(session_), [] {});
  }

  Awaitable<Result<std::string, WebSocketRefusal>> handshake() {
    const Status status = co_await connect_stream(executor_, endpoint_, stream_);
    if (timed_out_) co_return Failure{WebSocketRefusal{0, "no connection in time"}};
    if (!status.ok()) co_return Failure{WebSocketRefusal{0, status.error().message}};
    const std::string key = new_websocket_key();
    const std::string request = upgrade_request(key);
    const auto [error, written] = co_await asio::async_write(*stream_, asio::buffer(request), as_result);
    const Status answered = error ? Status(fail(error.message())) : co_await read_answer();
    if (timed_out_) co_return Failure{WebSocketRefusal{0, "no answer in time"}};
    if (!answered.ok()) co_return Failure{WebSocketRefusal{0, answered.error().message}};
    co_return chosen_subprotocol(key);
  }

  // RFC 6455 4.1.
  std::string upgrade_request(const std::string& key) const {
    std::string out = "GET " + config_.target + " HTTP/1.1\r\nHost: " + host_field(endpoint_) +
                      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key +
                      "\r\nSec-WebSocket-Version: 13\r\n";
    std::string offered;
    for (const std::string& name : config_.subprotocols) offered += (offered.empty() ? "" : ", ") + name;
    if (!offered.empty()) out += "Sec-WebSocket-Protocol: " + offered + "\r\n";
    if (config_.credentials) {
      out += "Authorization: " + basic_authorization(config_.credentials->user, config_.credentials->password) + "\r\n";
    }
    return out += "\r\n";
  }

  // A refusal is read with its body, of 101 only the header: what follows are frames.
  Awaitable<Status> read_answer() {
    std::array<char, 2048> bytes;
    while (!parser_.is_done() && !upgraded()) {
      const auto [error, size] = co_await stream_->async_read_some(asio::buffer(bytes), as_result);
      if (error) {
        error_code unfinished;
        if (parser_.is_header_done()) parser_.put_eof(unfinished);
        if (!parser_.is_done()) co_return fail(error.message());
        co_return Done{};
      }
      begun_.append(bytes.data(), size);
      for (error_code wrong; !begun_.empty() && !parser_.is_done() && !upgraded() && !wrong;) {
        begun_.erase(0, parser_.put(asio::buffer(begun_), wrong));
        if (wrong == http::error::need_more) break;
        if (wrong) co_return fail("malformed answer: " + wrong.message());
        parser_.eager(!upgraded());
      }
    }
    co_return Done{};
  }
  bool upgraded() const { return parser_.is_header_done() && parser_.message.status == 101; }

  Result<std::string, WebSocketRefusal> chosen_subprotocol(const std::string& key) const {
    const HttpResponse& answer = parser_.message;
    if (!upgraded()) return Failure{WebSocketRefusal{answer.status, answer.body}};
    const bool meant = equal_without_case(answer.headers.get("Upgrade"), "websocket") &&
                       answer.headers.get("Sec-WebSocket-Accept") == websocket_accept(key) &&
                       answer.headers.get("Sec-WebSocket-Extensions").empty();
    if (!meant) return Failure{WebSocketRefusal{0, "the answer to the upgrade is not RFC 6455"}};
    std::string subprotocol(answer.headers.get("Sec-WebSocket-Protocol"));
    // RFC 6455 4.1: a subprotocol that wasn't offered fails the connection.
    if (!subprotocol.empty() &&
        std::count(config_.subprotocols.begin(), config_.subprotocols.end(), subprotocol) == 0) {
      return Failure{WebSocketRefusal{0, "the server chose a subprotocol that was not offered: " + subprotocol}};
    }
    return subprotocol;
  }

  void give_up() {
    timed_out_ = true;
    if (stream_) stream_->close();
  }

  const Executor executor_;
  const WebSocketClientConfig config_;
  const ClientEndpoint endpoint_;
  std::shared_ptr<WebSocketSession> session_;
  Connected connected_;
  SteadyTimer timer_;
  std::optional<Stream> stream_;
  ResponseParser parser_{limits::http_client_header_bytes, limits::http_client_body_bytes};
  std::string begun_;  // what came behind the answer
  bool timed_out_ = false;
};

}  // namespace

void connect_websocket(IoContext& io, const WebSocketClientConfig& config, std::shared_ptr<WebSocketSession> session,
                       std::function<void(Result<std::string, WebSocketRefusal>)> connected) {
  auto connecting = std::make_shared<Connecting>(executor_of(io), config, std::move(session), std::move(connected));
  asio::post(executor_of(io), [connecting] { connecting->start(); });
}

}  // namespace bayward::net

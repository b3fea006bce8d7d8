#include "net/websocket_client.h"

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <utility>

#include "net/client_stream.h"
#include "net/io_impl.h"
#include "net/websocket_link.h"

namespace bayward::net {
namespace {

namespace http = boost::beast::http;

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
    const bool open = result.ok();
    std::exchange(connected_, {})(std::move(result));
    if (!open) co_return;
    // The connection lives on its own from here: what was needed to make it goes.
    asio::co_spawn(executor_, link_->run(), [link = link_](std::exception_ptr) { link->cut(); });
  }

  Awaitable<Result<std::string, WebSocketRefusal>> handshake() {
    const Status status = co_await connect_stream(executor_, endpoint_, stream_);
    if (timed_out_) co_return Failure{WebSocketRefusal{0, "no connection in time"}};
    if (!status.ok()) co_return Failure{WebSocketRefusal{0, status.error().message}};
    const WebSocketLimits limits{config_.message_bytes, config_.queue_messages, config_.queue_bytes,
                                 config_.ping_interval, config_.close_timeout};
    link_ = std::make_shared<WebSocketLink>(std::move(*stream_), limits, std::move(session_));
    stream_.reset();
    websocket::response_type response;
    decorate_request();
    const auto [error] =
        co_await link_->socket().async_handshake(response, host_field(endpoint_), config_.target, as_result);
    link_->socket().set_option(websocket::stream_base::decorator([](websocket::request_type&) {}));
    if (timed_out_) co_return Failure{WebSocketRefusal{0, "no answer in time"}};
    if (error == websocket::error::upgrade_declined) {
      co_return Failure{WebSocketRefusal{static_cast<int>(response.result_int()), response.body()}};
    }
    if (error) co_return Failure{WebSocketRefusal{0, error.message()}};
    const auto chosen = response[http::field::sec_websocket_protocol];
    std::string subprotocol(chosen.data(), chosen.size());
    // RFC 6455 4.1: a subprotocol that wasn't offered fails the connection.
    if (!subprotocol.empty() &&
        std::count(config_.subprotocols.begin(), config_.subprotocols.end(), subprotocol) == 0) {
      link_->cut();
      co_return Failure{WebSocketRefusal{0, "the server chose a subprotocol that was not offered: " + subprotocol}};
    }
    co_return subprotocol;
  }

  void decorate_request() {
    std::string offered;
    for (const std::string& name : config_.subprotocols) offered += (offered.empty() ? "" : ", ") + name;
    std::string authorization;
    if (config_.credentials) {
      authorization = basic_authorization(config_.credentials->user, config_.credentials->password);
    }
    link_->socket().set_option(websocket::stream_base::decorator([=](websocket::request_type& request) {
      if (!offered.empty()) request.set(http::field::sec_websocket_protocol, offered);
      if (!authorization.empty()) request.set(http::field::authorization, authorization);
    }));
  }

  void give_up() {
    timed_out_ = true;
    if (stream_) stream_->close();
    if (link_) link_->cut();
  }

  const Executor executor_;
  const WebSocketClientConfig config_;
  const ClientEndpoint endpoint_;
  std::shared_ptr<WebSocketSession> session_;
  Connected connected_;
  SteadyTimer timer_;
  std::optional<Stream> stream_;
  std::shared_ptr<WebSocketLink> link_;
  bool timed_out_ = false;
};

}  // namespace

void connect_websocket(IoContext& io, const WebSocketClientConfig& config, std::shared_ptr<WebSocketSession> session,
                       std::function<void(Result<std::string, WebSocketRefusal>)> connected) {
  auto connecting = std::make_shared<Connecting>(executor_of(io), config, std::move(session), std::move(connected));
  asio::post(executor_of(io), [connecting] { connecting->start(); });
}

}  // namespace bayward::net

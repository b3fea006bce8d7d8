// What stands behind a Responder or a WebSocketDecision: carries the first answer, from whatever thread, to the
// connection. Internal to net.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "net/http_connection.h"
#include "ports/http_util.h"

namespace bayward::net {

class Exchange : public HttpExchange, public WebSocketUpgrade {
 public:
  Exchange(std::shared_ptr<HttpConnection> connection, uint64_t request)
      : connection_(std::move(connection)), request_(request) {}
  ~Exchange() override {
    if (!settled_) settle(problem_response(500, "the server gave no answer"));
  }

  void respond(HttpResponse response) override { settle(std::move(response)); }
  void reject(HttpResponse response) override { settle(std::move(response)); }
  void accept(std::string subprotocol, std::shared_ptr<WebSocketSession> session) override {
    settle(HttpConnection::Accepted{std::move(subprotocol), std::move(session)});
  }
  std::shared_ptr<EventStream> open_events(std::function<void()> closed) override {
    if (settled_) return nullptr;
    const auto wake = [connection = connection_] {
      asio::post(connection->executor(), [connection] { connection->wake(); });
    };
    auto queue = std::make_shared<EventQueue>(wake, std::move(closed));
    auto writer = std::make_shared<EventQueueWriter>(queue);
    return settle(std::move(queue)) ? writer : nullptr;
  }

 private:
  bool settle(HttpConnection::Answer answer) {
    if (settled_.exchange(true)) return false;
    if (connection_->executor().running_in_this_thread() && connection_->asking(request_)) {
      connection_->deliver(request_, std::move(answer));
    } else {
      asio::post(connection_->executor(),
                 [connection = connection_, request = request_, answer = std::move(answer)]() mutable {
                   connection->deliver(request, std::move(answer));
                 });
    }
    return true;
  }

  const std::shared_ptr<HttpConnection> connection_;
  const uint64_t request_;
  std::atomic<bool> settled_{false};
};

}  // namespace bayward::net

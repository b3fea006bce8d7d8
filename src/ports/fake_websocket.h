// Fakes of ports/websocket.h for tests: a connection that keeps what was sent, an upgrade that keeps the decision.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/websocket.h"

namespace bayward {

class FakeWebSocketConnection : public WebSocketConnection {
 public:
  bool send(std::string text) override {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    sent_.push_back(std::move(text));
    return true;
  }
  // The test itself tells the session that it is closed.
  void close(uint16_t code, std::string_view reason) override {
    const std::lock_guard lock(mutex_);
    if (!closed_) closed_ = WebSocketClosed{code, std::string(reason)};
  }

  // What was sent since the last call.
  std::vector<std::string> take_sent() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sent_, {});
  }
  std::optional<WebSocketClosed> closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> sent_;
  std::optional<WebSocketClosed> closed_;
};

class FakeWebSocketUpgrade : public WebSocketUpgrade {
 public:
  struct Accepted {
    std::string subprotocol;
    std::shared_ptr<WebSocketSession> session;
  };

  void accept(std::string subprotocol, std::shared_ptr<WebSocketSession> session) override {
    const std::lock_guard lock(mutex_);
    if (!accepted_ && !rejected_) accepted_ = Accepted{std::move(subprotocol), std::move(session)};
  }
  void reject(HttpResponse response) override {
    const std::lock_guard lock(mutex_);
    if (!accepted_ && !rejected_) rejected_ = std::move(response);
  }

  std::optional<Accepted> accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }
  std::optional<HttpResponse> rejected() const {
    const std::lock_guard lock(mutex_);
    return rejected_;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<Accepted> accepted_;
  std::optional<HttpResponse> rejected_;
};

}  // namespace bayward

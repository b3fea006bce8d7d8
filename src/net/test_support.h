// What the tests of net share: waiting for a condition, a raw socket, handlers and sessions that record. Tests only.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_client.h"
#include "net/http_server.h"
#include "net/websocket_client.h"
#include "ports/log.h"

namespace bayward::net {

inline constexpr auto test_patience = std::chrono::seconds(20);

// Any number of threads change the value, the test waits for it.
template <class T>
class Watched {
 public:
  void change(const std::function<void(T&)>& how) {
    const std::lock_guard lock(mutex_);
    how(value_);
    changed_.notify_all();
  }
  T value() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  // False when it doesn't come true in time.
  bool wait(const std::function<bool(const T&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, test_patience, [&] { return condition(value_); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  T value_{};
};

// For conditions nobody tells about.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + test_patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::usleep(1000);
  }
  return true;
}

// A blocking socket to 127.0.0.1 that sends and receives exactly what the test says.
class RawSocket {
 public:
  explicit RawSocket(uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~RawSocket() { close(); }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  bool connected() const { return connected_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  // What comes up to and including `end`, or all there is when the peer closes.
  std::string read_until(std::string_view end) {
    for (;;) {
      if (const size_t at = waiting_.find(end); !end.empty() && at != std::string::npos) {
        std::string out = waiting_.substr(0, at + end.size());
        waiting_.erase(0, at + end.size());
        return out;
      }
      char bytes[4096];
      const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
      if (size <= 0) return std::exchange(waiting_, {});
      waiting_.append(bytes, static_cast<size_t>(size));
    }
  }
  std::string read_to_end() { return read_until({}); }

 private:
  int fd_;
  bool connected_ = false;
  std::string waiting_;
};

class FunctionHandler : public HttpHandler {
 public:
  explicit FunctionHandler(std::function<void(HttpRequest, Responder)> function) : function_(std::move(function)) {}
  void handle(HttpRequest request, Responder responder) override {
    function_(std::move(request), std::move(responder));
  }

 private:
  const std::function<void(HttpRequest, Responder)> function_;
};

class FunctionAcceptor : public WebSocketAcceptor {
 public:
  explicit FunctionAcceptor(std::function<void(HttpRequest, WebSocketDecision)> function)
      : function_(std::move(function)) {}
  void authorise(HttpRequest request, WebSocketDecision decision) override {
    function_(std::move(request), std::move(decision));
  }

 private:
  const std::function<void(HttpRequest, WebSocketDecision)> function_;
};

struct SessionRecord {
  std::shared_ptr<WebSocketConnection> connection;
  std::vector<std::string> messages;
  int opened = 0;
  int closed = 0;
  WebSocketClosed why;
};

class RecordingSession : public WebSocketSession {
 public:
  explicit RecordingSession(bool echo = false) : echo_(echo) {}

  void opened(std::shared_ptr<WebSocketConnection> connection) override {
    record.change([&](SessionRecord& r) {
      r.connection = std::move(connection);
      ++r.opened;
    });
  }
  void message(std::string_view text) override {
    record.change([&](SessionRecord& r) { r.messages.emplace_back(text); });
    if (echo_) record.value().connection->send(std::string(text));
  }
  void closed(const WebSocketClosed& why) override {
    record.change([&](SessionRecord& r) {
      ++r.closed;
      r.why = why;
      r.connection.reset();
    });
  }

  bool wait_open() {
    return record.wait([](const SessionRecord& r) { return r.opened == 1; });
  }
  // The code it was closed with; 0: it wasn't.
  uint16_t wait_closed() {
    return record.wait([](const SessionRecord& r) { return r.closed > 0; }) ? record.value().why.code : uint16_t{0};
  }

  Watched<SessionRecord> record;

 private:
  const bool echo_;
};

class AcceptFailures : public log::Sink {
 public:
  void write(log::Level, std::string_view what, std::span<const log::Field>) override {
    if (what == "http.accept_failed") ++count;
  }
  std::atomic<int> count = 0;
};

inline HttpResponse text_response(std::string body) {
  HttpResponse response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

}  // namespace bayward::net

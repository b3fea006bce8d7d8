#include "net/tcp_client.h"

#include <array>
#include <deque>
#include <utility>

#include "base/limits.h"
#include "net/client_stream.h"
#include "net/io_impl.h"
#include "net/monotonic_clock.h"
#include "net/udp_client.h"
#include "net/wakeup.h"

namespace bayward::net {
namespace {

constexpr size_t read_bytes = 8192;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Executor executor, ClientEndpoint endpoint, StreamEvents& events)
      : executor_(executor), endpoint_(std::move(endpoint)), events_(&events) {}

  void start(bool tls_missing) {
    asio::co_spawn(executor_, run(tls_missing), [self = shared_from_this()](std::exception_ptr) {});
  }
  void send(std::string bytes) {
    if (events_ == nullptr) return;
    unsent_bytes_ += bytes.size();
    if (unsent_bytes_ > limits::stream_unsent_bytes) {
      why_ = "the far side doesn't read";
      stream_->close();  // the reading coroutine tells
      return;
    }
    unsent_.push_back(std::move(bytes));
    if (open_ && !std::exchange(writing_, true)) {
      asio::co_spawn(executor_, write(), [self = shared_from_this()](std::exception_ptr) {});
    }
  }
  // The owner has gone.
  void abandon() {
    events_ = nullptr;
    if (stream_) stream_->close();
  }

 private:
  Awaitable<> run(bool tls_missing) {
    if (tls_missing) co_return tell_closed("TLS is asked for, but no trusted certificates are configured");
    const Status connected = co_await connect_stream(executor_, endpoint_, stream_);
    if (!connected.ok()) co_return tell_closed(connected.error().message);
    open_ = true;
    if (events_ != nullptr) events_->opened();
    std::array<char, read_bytes> buffer;  // NOLINT: written before it is read
    while (events_ != nullptr) {
      const auto [error, size] = co_await stream_->async_read_some(asio::buffer(buffer), as_result);
      if (error) {
        const bool ended = error == asio::error::eof || error == ssl::error::stream_truncated;
        tell_closed(!why_.empty() ? why_ : ended ? "the far side closed the connection" : error.message());
        break;
      }
      if (events_ != nullptr) events_->received({buffer.data(), size});
    }
    stream_->close();
  }
  Awaitable<> write() {
    while (!unsent_.empty() && events_ != nullptr) {
      const auto [error, size] = co_await asio::async_write(*stream_, asio::buffer(unsent_.front()), as_result);
      if (error) break;  // the reading coroutine tells
      unsent_bytes_ -= size;
      unsent_.pop_front();
    }
    writing_ = false;
  }
  void tell_closed(std::string_view why) {
    if (StreamEvents* events = std::exchange(events_, nullptr)) events->closed(why);
  }

  const Executor executor_;
  const ClientEndpoint endpoint_;
  StreamEvents* events_;
  std::optional<Stream> stream_;
  std::deque<std::string> unsent_;
  size_t unsent_bytes_ = 0;
  std::string why_;
  bool open_ = false;
  bool writing_ = false;
};

class Handle final : public ByteStream {
 public:
  explicit Handle(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~Handle() override { connection_->abandon(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void send(std::string bytes) override { connection_->send(std::move(bytes)); }

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace

Instant TcpLoop::steady() const {
  return MonotonicClock().now();
}

std::unique_ptr<ByteStream> TcpLoop::dial(const StreamAddress& address, StreamEvents& events) {
  if (address.datagram) return dial_datagrams(io_, address, events);
  ClientEndpoint endpoint{address.host, address.port, address.tls ? tls_ : nullptr};
  const auto connection = std::make_shared<Connection>(executor_of(io_), std::move(endpoint), events);
  io_.post([connection, tls_missing = address.tls && !tls_] { connection->start(tls_missing); });
  return std::make_unique<Handle>(connection);
}

}  // namespace bayward::net

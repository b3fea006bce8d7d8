#include "net/udp_client.h"

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <optional>
#include <utility>

#include "net/io_impl.h"

namespace bayward::net {
namespace {

using Udp = asio::ip::udp;
using UdpSocket = asio::basic_datagram_socket<Udp, Executor>;
using UdpResolver = asio::ip::basic_resolver<Udp, Executor>;

constexpr size_t datagram_bytes = 65'535;

class Datagrams : public std::enable_shared_from_this<Datagrams> {
 public:
  Datagrams(Executor executor, StreamAddress address, StreamEvents& events)
      : executor_(executor), address_(std::move(address)), events_(&events), socket_(executor) {}

  void start() {
    asio::co_spawn(executor_, run(), [self = shared_from_this()](std::exception_ptr) {});
  }
  // What the machine can't send now is lost, as on the way.
  void send(const std::string& bytes) {
    if (!open_) return;
    error_code ignored;
    socket_.send(asio::buffer(bytes), 0, ignored);
  }
  void abandon() {
    events_ = nullptr;
    open_ = false;
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Awaitable<> run() {
    error_code error;
    Udp::endpoint endpoint(asio::ip::make_address(address_.host, error), address_.port);
    if (error) {
      UdpResolver resolver(executor_);
      const auto [failure, found] =
          co_await resolver.async_resolve(address_.host, std::to_string(address_.port), as_result);
      if (failure || found.empty()) co_return tell_closed("cannot find '" + address_.host + "': " + failure.message());
      endpoint = found.begin()->endpoint();
    }
    if (events_ == nullptr) co_return;
    socket_.open(endpoint.protocol(), error);
    if (!error) socket_.non_blocking(true, error);
    if (!error) socket_.connect(endpoint, error);
    if (error) co_return tell_closed(error.message());
    open_ = true;
    events_->opened();
    std::string buffer(datagram_bytes, '\0');
    while (events_ != nullptr) {
      const auto [failed, size] = co_await socket_.async_receive(asio::buffer(buffer), as_result);
      // Nobody listens there just now.
      if (failed == asio::error::connection_refused) continue;
      if (failed) co_return tell_closed(failed.message());
      if (events_ != nullptr) events_->received({buffer.data(), size});
    }
  }
  void tell_closed(const std::string& why) {
    open_ = false;
    if (StreamEvents* events = std::exchange(events_, nullptr)) events->closed(why);
  }

  const Executor executor_;
  const StreamAddress address_;
  StreamEvents* events_;
  UdpSocket socket_;
  bool open_ = false;
};

class Handle final : public ByteStream {
 public:
  explicit Handle(std::shared_ptr<Datagrams> datagrams) : datagrams_(std::move(datagrams)) {}
  ~Handle() override { datagrams_->abandon(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void send(std::string bytes) override { datagrams_->send(bytes); }

 private:
  std::shared_ptr<Datagrams> datagrams_;
};

}  // namespace

std::unique_ptr<ByteStream> dial_datagrams(IoContext& io, const StreamAddress& address, StreamEvents& events) {
  const auto datagrams = std::make_shared<Datagrams>(executor_of(io), address, events);
  io.post([datagrams] { datagrams->start(); });
  return std::make_unique<Handle>(datagrams);
}

}  // namespace bayward::net

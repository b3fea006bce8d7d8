#include "net/udp_ethernet.h"

#include <algorithm>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "net/asio.h"
#include "net/io_impl.h"

namespace bayward::net {

namespace {

using Udp = asio::ip::udp;
using UdpSocket = asio::basic_datagram_socket<Udp, Executor>;
constexpr size_t source_offset = 6;  // of the source address in an Ethernet frame

Result<Udp::endpoint> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = colon == std::string::npos ? std::string{} : text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const char* number = text.data() + (colon == std::string::npos ? text.size() : colon + 1);
  const auto [read_to, defect] = std::from_chars(number, end, port);
  const bool port_read = defect == std::errc{} && read_to == end;
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || !port_read) return fail("'" + text + "' is no address and port such as 127.0.0.1:4000 or [::1]:4000");
  return Udp::endpoint{address, port};
}

std::string text_of(const Udp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace

class UdpEthernet::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(IoContext& io, const std::array<uint8_t, 6>& mac) : socket_(executor_of(io)), mac_(mac) {}

  Status open(const Udp::endpoint& listen, const std::optional<Udp::endpoint>& group) {
    error_code error;
    const auto failed = [&](const std::string& what) { return fail(what + ": " + error.message()); };
    if (socket_.open(listen.protocol(), error)) return failed("no UDP socket");
    if (group) {
      if (!group->address().is_multicast() || group->protocol() != listen.protocol()) {
        return fail("'" + text_of(*group) + "' is no multicast group of the same kind as " + text_of(listen));
      }
      // Several gateways on one machine share the group's port and hear each other.
      socket_.set_option(UdpSocket::reuse_address(true), error);
      socket_.set_option(asio::ip::multicast::enable_loopback(true), error);
      if (listen.address().is_v4()) {
        socket_.set_option(asio::ip::multicast::outbound_interface(listen.address().to_v4()), error);
        if (error) return failed("can't send to the group from " + listen.address().to_string());
      }
      if (socket_.bind(*group, error)) return failed("can't listen at " + text_of(*group));
      const auto joining = listen.address().is_v4()
                               ? asio::ip::multicast::join_group(group->address().to_v4(), listen.address().to_v4())
                               : asio::ip::multicast::join_group(group->address());
      if (socket_.set_option(joining, error)) return failed("can't join " + text_of(*group));
      peers_ = {*group};
      is_group_ = true;
    } else if (socket_.bind(listen, error)) {
      return failed("can't listen at " + text_of(listen));
    }
    socket_.non_blocking(true, error);
    local_ = socket_.local_endpoint(error);
    return Done{};
  }

  void close() {
    receiver_ = {};
    error_code ignored;
    socket_.close(ignored);
  }

  void await_frame() {
    socket_.async_receive_from(asio::buffer(buffer_), from_,
                               [self = shared_from_this()](const error_code& error, size_t size) {
                                 if (error == asio::error::operation_aborted || !self->socket_.is_open()) return;
                                 if (!error) self->take(size);  // others tell that a peer isn't there yet
                                 if (self->socket_.is_open()) self->await_frame();
                               });
  }

  bool send(std::span<const uint8_t> frame) {
    bool all = socket_.is_open();
    for (const Udp::endpoint& peer : peers_) {
      if (!socket_.is_open()) break;
      error_code error;
      socket_.send_to(asio::buffer(frame.data(), frame.size()), peer, 0, error);
      all = all && !error;
    }
    return all;
  }

  std::function<void(std::span<const uint8_t>)> receiver_;
  std::vector<Udp::endpoint> peers_;
  Udp::endpoint local_;

 private:
  void take(size_t size) {
    if (!is_group_ && std::ranges::find(peers_, from_) == peers_.end()) return;
    if (size < source_offset + mac_.size() || size > limits::mesh_frame_bytes) return;
    if (std::equal(mac_.begin(), mac_.end(), buffer_.begin() + source_offset)) return;
    if (receiver_) receiver_({buffer_.data(), size});
  }

  UdpSocket socket_;
  std::array<uint8_t, 6> mac_;
  Udp::endpoint from_;
  std::array<uint8_t, 2048> buffer_{};
  bool is_group_ = false;
};

Result<std::unique_ptr<UdpEthernet>> UdpEthernet::open(IoContext& io, const UdpEthernetConfig& config) {
  const auto listen = parse_endpoint(config.listen);
  if (!listen) return fail(listen.error().message);
  std::optional<Udp::endpoint> group;
  if (!config.group.empty()) {
    const auto parsed = parse_endpoint(config.group);
    if (!parsed) return fail(parsed.error().message);
    if (!config.peers.empty()) return fail("a UDP link has peers or a group, not both");
    group = *parsed;
  }
  auto impl = std::make_shared<Impl>(io, config.mac);
  if (Status opened = impl->open(*listen, group); !opened) return fail(opened.error().message);
  std::unique_ptr<UdpEthernet> out(new UdpEthernet(impl));
  for (const std::string& peer : config.peers) {
    if (Status added = out->add_peer(peer); !added) return fail(added.error().message);
  }
  io.post([impl] { impl->await_frame(); });
  return out;
}

UdpEthernet::UdpEthernet(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
UdpEthernet::~UdpEthernet() {
  impl_->close();
}

bool UdpEthernet::send(std::span<const uint8_t> frame) {
  return impl_->send(frame);
}
void UdpEthernet::on_frame(std::function<void(std::span<const uint8_t>)> receiver) {
  impl_->receiver_ = std::move(receiver);
}
std::string UdpEthernet::name() const {
  return "udp " + text_of(impl_->local_);
}
uint16_t UdpEthernet::port() const {
  return impl_->local_.port();
}

Status UdpEthernet::add_peer(const std::string& address) {
  const auto parsed = parse_endpoint(address);
  if (!parsed) return fail(parsed.error().message);
  impl_->peers_.push_back(*parsed);
  return Done{};
}

}  // namespace bayward::net

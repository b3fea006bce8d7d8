#include "net/raw_ethernet.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "net/asio.h"
#include "net/io_impl.h"

namespace bayward::net {

namespace {

constexpr uint16_t ethertype_1905 = 0x893A;
constexpr std::array<uint8_t, 6> multicast_1905{0x01, 0x80, 0xC2, 0x00, 0x00, 0x13};
constexpr int frames_per_wake = 64;  // then other work of the thread has its turn

using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

std::string words_of(int error) {
  return std::generic_category().message(error);
}

// Closes unless released.
class OwnedSocket {
 public:
  explicit OwnedSocket(int fd) : fd_(fd) {}
  ~OwnedSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  OwnedSocket(const OwnedSocket&) = delete;
  OwnedSocket& operator=(const OwnedSocket&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Opened {
  int index = 0;
  std::array<uint8_t, 6> mac{};
};

Status join(int fd, int index, uint16_t kind, const std::array<uint8_t, 6>& address) {
  packet_mreq request{};
  request.mr_ifindex = index;
  request.mr_type = kind;
  request.mr_alen = static_cast<unsigned short>(address.size());
  std::ranges::copy(address, request.mr_address);
  if (::setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request) == 0) return Done{};
  return fail(words_of(errno));
}

Result<Opened> prepare(int fd, const RawEthernetConfig& config) {
  ifreq request{};
  config.interface.copy(request.ifr_name, IFNAMSIZ - 1);
  Opened out;
  if (::ioctl(fd, SIOCGIFINDEX, &request) != 0) {
    return fail("there is no network interface '" + config.interface + "': `ip link` lists them");
  }
  out.index = request.ifr_ifindex;
  if (::ioctl(fd, SIOCGIFHWADDR, &request) != 0) return fail(words_of(errno));
  std::copy_n(reinterpret_cast<const uint8_t*>(request.ifr_hwaddr.sa_data), out.mac.size(), out.mac.begin());
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ethertype_1905);
  address.sll_ifindex = out.index;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail("the mesh can't use '" + config.interface + "': " + words_of(errno));
  }
  if (const Status joined = join(fd, out.index, PACKET_MR_MULTICAST, multicast_1905); !joined) {
    return fail("'" + config.interface + "' can't receive the 1905.1 multicast: " + joined.error().message);
  }
  // Interfaces without such a filter receive frames to the AL MAC address only when they are asked otherwise; only
  // devices that aren't ours send any.
  if (!join(fd, out.index, PACKET_MR_UNICAST, config.al_mac)) {
    return fail("'" + config.interface + "' can't receive frames to the AL MAC address");
  }
  const int yes = 1;
  ::setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);  // older kernels: is_ours() below
  return out;
}

// Tells of changes of all interfaces; -1 where there is no netlink, then the carrier isn't known.
int open_link_news() {
  OwnedSocket socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (socket.get() < 0 || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return -1;
  }
  return socket.release();
}

}  // namespace

class RawEthernet::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(IoContext& io, int fd, int news_fd, const Opened& opened, std::string name)
      : socket_(executor_of(io), fd),
        news_(executor_of(io)),
        opened_(opened),
        name_(std::move(name)),
        buffer_(limits::mesh_frame_bytes + 1) {
    if (news_fd >= 0) news_.assign(news_fd);
  }

  void start() {
    await_frame();
    if (news_.is_open()) await_news();
  }
  void close() {
    receiver_ = {};
    carrier_ = {};
    error_code ignored;
    socket_.close(ignored);
    news_.close(ignored);
  }

  bool send(std::span<const uint8_t> frame) {
    return socket_.is_open() && ::send(socket_.native_handle(), frame.data(), frame.size(), MSG_DONTWAIT) >= 0;
  }

  std::function<void(std::span<const uint8_t>)> receiver_;
  std::function<void(bool)> carrier_;
  const std::string& name() const { return name_; }
  const std::array<uint8_t, 6>& mac() const { return opened_.mac; }

 private:
  void await_frame() {
    socket_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const error_code& error) {
      if (error || !self->socket_.is_open()) return;
      self->read_frames();
      if (self->socket_.is_open()) self->await_frame();
    });
  }

  void read_frames() {
    for (int i = 0; i < frames_per_wake && socket_.is_open(); ++i) {
      sockaddr_ll from{};
      socklen_t from_size = sizeof from;
      const ssize_t size = ::recvfrom(socket_.native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT,
                                      reinterpret_cast<sockaddr*>(&from), &from_size);
      if (size < 0) return;  // nothing more, or the interface is down: the carrier tells
      if (from.sll_pkttype == PACKET_OUTGOING || !receiver_) continue;
      receiver_({buffer_.data(), static_cast<size_t>(size)});
    }
  }

  void await_news() {
    news_.async_wait(Descriptor::wait_read, [self = shared_from_this()](const error_code& error) {
      if (error || !self->news_.is_open()) return;
      self->read_news();
      if (self->news_.is_open()) self->await_news();
    });
  }

  void read_news() {
    alignas(nlmsghdr) std::array<char, 16 * 1024> news{};
    const ssize_t size = ::recv(news_.native_handle(), news.data(), news.size(), MSG_DONTWAIT);
    if (size < 0) return;
    auto left = static_cast<unsigned int>(size);
    for (auto* header = reinterpret_cast<nlmsghdr*>(news.data()); NLMSG_OK(header, left);
         header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK) continue;
      const auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(header));
      if (link->ifi_index != opened_.index) continue;
      const bool up = header->nlmsg_type == RTM_NEWLINK && (link->ifi_flags & IFF_RUNNING) != 0;
      if (std::exchange(up_, up) != up && carrier_) carrier_(up);
    }
  }

  Descriptor socket_;
  Descriptor news_;
  Opened opened_;
  std::string name_;
  std::vector<uint8_t> buffer_;
  bool up_ = true;
};

Result<std::unique_ptr<RawEthernet>> RawEthernet::open(IoContext& io, const RawEthernetConfig& config) {
  if (config.interface.empty() || config.interface.size() >= IFNAMSIZ) {
    return fail("'" + config.interface + "' is no name of a network interface");
  }
  OwnedSocket socket(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) {
    const int error = errno;
    if (error != EPERM && error != EACCES) return fail("no raw Ethernet socket: " + words_of(error));
    return fail("using '" + config.interface +
                "' for the mesh needs the capability CAP_NET_RAW: start as root, give the program the capability "
                "(`setcap cap_net_raw+ep PROGRAM`, or AmbientCapabilities=CAP_NET_RAW in its systemd unit), or use a "
                "UDP link");
  }
  const auto opened = prepare(socket.get(), config);
  if (!opened) return fail(opened.error().message);
  auto impl = std::make_shared<Impl>(io, socket.release(), open_link_news(), *opened, config.interface);
  io.post([impl] { impl->start(); });
  return std::unique_ptr<RawEthernet>(new RawEthernet(std::move(impl)));
}

RawEthernet::RawEthernet(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
RawEthernet::~RawEthernet() {
  impl_->close();
}

bool RawEthernet::send(std::span<const uint8_t> frame) {
  return impl_->send(frame);
}
void RawEthernet::on_frame(std::function<void(std::span<const uint8_t>)> receiver) {
  impl_->receiver_ = std::move(receiver);
}
void RawEthernet::on_carrier(std::function<void(bool up)> receiver) {
  impl_->carrier_ = std::move(receiver);
}
std::string RawEthernet::name() const {
  return impl_->name();
}
std::array<uint8_t, 6> RawEthernet::mac() const {
  return impl_->mac();
}
bool RawEthernet::is_wireless() const {
  std::error_code error;
  return std::filesystem::exists("/sys/class/net/" + impl_->name() + "/wireless", error);
}

}  // namespace bayward::net

// What the machine's loopback TCP allows: an epoll loop that answers every call of ocpp_bench with an empty result
// without reading it, checking it or keeping anything. No central system that answers one call per message can be
// faster under this load. `bare_bench` prints its port and runs until it is killed.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view switching =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n";

int listen_on_loopback(uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 4096) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return -1;
  }
  port = ntohs(address.sin_port);
  return listener;
}

void watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  (void)::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

void accept_all(int epoll, int listener) {
  for (int socket; (socket = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
    const int on = 1;
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, socket);
  }
}

// A client has one call open, so what arrives is one whole call `[2,"id",...` in a masked frame: only the id is looked
// at.
void answer(std::string_view frame, std::string& out) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(frame[i]); };
  const size_t mask = (byte(1) & 0x7f) == 126 ? 4 : 2;
  const auto plain = [&](size_t i) { return static_cast<char>(byte(mask + 4 + i) ^ byte(mask + i % 4)); };
  out.assign("\x81\0[3,\"", 6);
  for (size_t i = 4; mask + 4 + i < frame.size() && plain(i) != '"'; ++i) out += plain(i);
  out += "\",{}]";
  out[1] = static_cast<char>(out.size() - 2);
}

void serve(int socket, std::string& out) {
  std::array<char, 4096> buffer;
  const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    ::close(socket);
    return;
  }
  const std::string_view bytes(buffer.data(), static_cast<size_t>(got));
  if (bytes.starts_with("GET ")) {
    out = switching;
  } else if (bytes.size() > 10 && static_cast<uint8_t>(bytes[0]) == 0x81) {
    answer(bytes, out);
  } else {
    return;
  }
  (void)::send(socket, out.data(), out.size(), MSG_NOSIGNAL);
}

}  // namespace

int main() {
  uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  const int epoll = ::epoll_create1(0);
  if (listener < 0 || epoll < 0) {
    std::perror("cannot listen");
    return 1;
  }
  watch(epoll, listener);
  std::printf("%d\n", port);
  std::fflush(stdout);
  std::array<epoll_event, 256> events{};
  std::string out;
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<size_t>(i)].data.fd;
      socket == listener ? accept_all(epoll, listener) : serve(socket, out);
    }
  }
}

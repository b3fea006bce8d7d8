#include "common/load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>

namespace bayward::bench {
namespace {

constexpr uint32_t addresses = 8;

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

LoadConnection::~LoadConnection() {
  close();
}

void LoadConnection::close() {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

bool LoadConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN) {
      pollfd wait{fd, POLLOUT, 0};
      if (::poll(&wait, 1, 10'000) <= 0) return false;
    } else {
      return false;
    }
  }
  return true;
}

LoadLoop::LoadLoop(uint16_t port) : epoll_(epoll_create1(0)), port_(port) {}

LoadLoop::~LoadLoop() {
  ::close(epoll_);
}

bool LoadLoop::connect(LoadConnection& connection) {
  connection.fd = ::socket(AF_INET, SOCK_STREAM, 0);
  // One address has ports for less than 30,000, and those of closed connections count for a while.
  const int later = 1;
  ::setsockopt(connection.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &later, sizeof later);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + connected_++ % addresses);
  if (::bind(connection.fd, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) {
    std::perror("cannot use the loopback addresses 127.0.0.1 to 127.0.0.8");
    return false;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("cannot connect to the server");
    return false;
  }
  const int on = 1;
  ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &connection;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) == 0;
}

void LoadLoop::run(double seconds, const std::function<void(LoadConnection&)>& readable,
                   const std::function<void(LoadConnection&)>& gone, const std::function<bool()>& done) {
  const double end = seconds_now() + seconds;
  std::array<epoll_event, 256> events{};
  while (!done() && seconds_now() < end) {
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), 50);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      auto& connection = *static_cast<LoadConnection*>(event.data.ptr);
      if (connection.fd < 0) continue;
      if (receive(connection, (event.events & ~static_cast<uint32_t>(EPOLLIN)) != 0)) {
        readable(connection);
      } else {
        if (!connection.received.empty()) readable(connection);
        connection.close();
        gone(connection);
      }
    }
    if (pause_.count() > 0 && static_cast<size_t>(count) < events.size() / 2) std::this_thread::sleep_for(pause_);
  }
}

// All that is there. Events come once: a short read says that nothing is left, except when the peer is going. False:
// it has gone.
bool LoadLoop::receive(LoadConnection& connection, bool going) {
  for (;;) {
    const ssize_t got = ::recv(connection.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got <= 0) return got < 0 && errno == EAGAIN;
    connection.received.append(buffer_.data(), static_cast<size_t>(got));
    if (static_cast<size_t>(got) < buffer_.size() && !going) return true;
  }
}

size_t http_answer_size(std::string_view bytes) {
  const size_t header_end = bytes.find("\r\n\r\n");
  if (header_end == std::string_view::npos) return 0;
  const size_t field = bytes.find("Content-Length: ");
  size_t body = 0;
  if (field != std::string_view::npos && field < header_end) {
    body = std::strtoul(bytes.data() + field + std::strlen("Content-Length: "), nullptr, 10);
  }
  const size_t size = header_end + 4 + body;
  return bytes.size() >= size ? size : 0;
}

int http_status(std::string_view answer) {
  return answer.size() > 12 ? std::atoi(answer.data() + 9) : 0;
}

std::string_view http_body(std::string_view answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

std::string http_request_text(const std::string& method, const std::string& target, const std::string& token,
                              const std::string& body) {
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  if (!token.empty()) out += "Authorization: Bearer " + token + "\r\n";
  out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return out;
}

std::vector<std::string> must_fetch_all(uint16_t port, const std::vector<std::string>& requests) {
  std::vector<std::string> answers(requests.size());
  LoadLoop loop(port);
  std::vector<std::unique_ptr<LoadConnection>> connections;
  std::vector<size_t> asking(32);
  size_t next = 0;
  size_t answered = 0;
  const auto ask = [&](LoadConnection& connection) {
    if (next == requests.size()) return;
    asking[connection.number] = next;
    (void)connection.send(requests[next++]);
  };
  for (size_t i = 0; i < asking.size() && next < requests.size(); ++i) {
    connections.push_back(std::make_unique<LoadConnection>(i));
    if (!loop.connect(*connections.back())) std::exit(1);
    ask(*connections.back());
  }
  loop.run(
      600,
      [&](LoadConnection& connection) {
        const size_t size = http_answer_size(connection.received);
        if (size == 0) return;
        const std::string_view answer = std::string_view(connection.received).substr(0, size);
        if (http_status(answer) / 100 != 2) {
          std::fprintf(stderr, "%s\n%s\n", requests[asking[connection.number]].c_str(), std::string(answer).c_str());
          std::exit(1);
        }
        answers[asking[connection.number]] = http_body(answer);
        connection.received.erase(0, size);
        ++answered;
        ask(connection);
      },
      [](LoadConnection&) {
        std::fprintf(stderr, "the server closed a connection\n");
        std::exit(1);
      },
      [&] { return answered == requests.size(); });
  return answers;
}

std::string must_fetch(uint16_t port, const std::string& method, const std::string& target, const std::string& token,
                       const std::string& body) {
  return must_fetch_all(port, {http_request_text(method, target, token, body)}).front();
}

std::string json_text_member(std::string_view json, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const size_t at = json.find(key);
  if (at == std::string_view::npos) return {};
  const size_t start = at + key.size();
  return std::string(json.substr(start, json.find('"', start) - start));
}

std::string websocket_frame(std::string_view text) {
  std::string out;
  set_websocket_frame(out, {text});
  return out;
}

void set_websocket_frame(std::string& out, std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  out.assign(1, '\x81');
  if (size < 126) {
    out += static_cast<char>(0x80 | size);
  } else {
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size);
  }
  out.append(4, '\0');  // a mask of zeros is a mask
  for (const std::string_view part : parts) out += part;
}

WebSocketFrame first_frame(std::string_view bytes) {
  if (bytes.size() < 2) return {};
  size_t header = 2;
  size_t length = static_cast<uint8_t>(bytes[1]) & 0x7f;
  if (length == 126) {
    if (bytes.size() < 4) return {};
    length = static_cast<size_t>(static_cast<uint8_t>(bytes[2])) << 8 | static_cast<uint8_t>(bytes[3]);
    header = 4;
  } else if (length == 127) {
    std::fprintf(stderr, "a frame of more than 64 KiB\n");
    std::exit(1);
  }
  if (bytes.size() < header + length) return {};
  return {header + length, static_cast<uint8_t>(bytes[0] & 0x0f), bytes.substr(header, length)};
}

}  // namespace bayward::bench

// A load generator on plain non-blocking sockets and one epoll loop: it costs far less than any server it drives, so it
// measures the server. What it costs beyond the kernel's share is a few tenths of a microsecond a call. Loopback only,
// from 127.0.0.1 to 127.0.0.8 in turn.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace bayward::bench {

// One connection and what it has received and not yet taken.
class LoadConnection {
 public:
  explicit LoadConnection(size_t number) : number(number) {}
  ~LoadConnection();
  LoadConnection(const LoadConnection&) = delete;
  LoadConnection& operator=(const LoadConnection&) = delete;

  // The whole of it, waiting if the socket is full; false when the peer has gone.
  bool send(std::string_view bytes);
  void close();

  const size_t number;
  int fd = -1;
  std::string received;
};

class LoadLoop {
 public:
  explicit LoadLoop(uint16_t port);
  ~LoadLoop();

  bool connect(LoadConnection& connection);
  // With many connections that each wait for their answer: looks again only after so long when few had something, so
  // that answers gather. Being woken for each costs the server that answers more than the answer's way through the
  // kernel.
  void gather_for(std::chrono::microseconds pause) { pause_ = pause; }
  // Calls `readable` for connections with new bytes and `gone` for those the peer closed (after a last `readable` when
  // bytes are left), until `done()` or `seconds` are over.
  void run(double seconds, const std::function<void(LoadConnection&)>& readable,
           const std::function<void(LoadConnection&)>& gone, const std::function<bool()>& done);

 private:
  bool receive(LoadConnection& connection, bool going);

  int epoll_ = -1;
  uint16_t port_;
  uint32_t connected_ = 0;
  std::chrono::microseconds pause_{0};
  std::array<char, 65536> buffer_{};
};

// A whole HTTP answer with Content-Length at the front of `bytes`: its size; 0: not all there yet.
size_t http_answer_size(std::string_view bytes);
int http_status(std::string_view answer);
std::string_view http_body(std::string_view answer);

// One request and its answer's body, on a connection of its own; ends the program when the status isn't 2xx.
std::string must_fetch(uint16_t port, const std::string& method, const std::string& target, const std::string& token,
                       const std::string& body);
// Many requests, 32 at a time; the bodies in order.
std::vector<std::string> must_fetch_all(uint16_t port, const std::vector<std::string>& requests);
std::string http_request_text(const std::string& method, const std::string& target, const std::string& token,
                              const std::string& body);
// The value of a string member, looked for by name: answers of our own API only.
std::string json_text_member(std::string_view json, std::string_view name);

double seconds_now();

// RFC 6455: a masked text frame of these parts in a row, and the payload of a whole unmasked frame at the front of
// `bytes` (size 0: not there).
std::string websocket_frame(std::string_view text);
void set_websocket_frame(std::string& out, std::initializer_list<std::string_view> parts);
struct WebSocketFrame {
  size_t size = 0;
  uint8_t opcode = 0;
  std::string_view payload;
};
WebSocketFrame first_frame(std::string_view bytes);

}  // namespace bayward::bench

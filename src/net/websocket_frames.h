// RFC 6455 framing without I/O: bytes in, whole messages and control frames out, and back. Internal to net; used by
// the thread of its connection.
//
//   for (;;) {                               // whenever bytes have come
//     const auto room = reader.room();       // read into it, then
//     reader.arrived(count);
//     while ((item = reader.next()).kind != Kind::more) ...
//   }
//
// Always holds: no more memory than room_bytes and what has really come of one message of at most the given size,
// whatever lengths the peer announces. After a fault or a close nothing more is read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bayward::net {

enum class WebSocketRole : uint8_t { server, client };

enum class Opcode : uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

class FrameReader {
 public:
  // Read at once; also what a connection keeps while it is idle.
  static constexpr size_t room_bytes = 2048;

  struct Item {
    enum class Kind : uint8_t { more, text, binary, ping, pong, close, fault };
    Kind kind = Kind::more;
    std::string_view payload;  // lives until the next call; of close the reason; of fault what was wrong
    uint16_t code = 0;         // close: the peer's, 1005 when it gave none; fault: 1002, 1007 or 1009
  };

  // As server, frames must come masked; as client, they must not (5.1). `deflate`: messages may come compressed without
  // context (RFC 7692); message_bytes counts before and after.
  FrameReader(WebSocketRole role, size_t message_bytes, bool deflate = false)
      : role_(role), deflate_(deflate), message_bytes_(message_bytes) {}

  // Never empty once next() has said `more`.
  std::span<char> room() { return std::span(buffer_).subspan(end_); }
  void arrived(size_t bytes) { end_ += bytes; }
  Item next();

 private:
  struct Header {
    size_t bytes = 0;
    uint64_t payload = 0;
    uint8_t opcode = 0;
    bool final = false;
    bool compressed = false;
    std::array<char, 4> mask{};
  };

  // The header at the front of what is waiting; nothing: not all there yet, or faulty.
  std::optional<Header> header();
  const char* fault_of(uint8_t first, uint8_t second) const;
  Item control(const Header& header);
  Item close(std::string_view payload);
  Item finished(std::string_view message);
  Item whole(std::string_view message);
  Item fault(uint16_t code, std::string_view why);
  void take_payload();
  Item need_more();
  std::string_view take(size_t bytes, const std::array<char, 4>& mask, size_t mask_at);
  size_t waiting() const { return end_ - begin_; }

  const WebSocketRole role_;
  const bool deflate_;
  const size_t message_bytes_;
  std::array<char, room_bytes> buffer_{};
  size_t begin_ = 0;
  size_t end_ = 0;

  bool over_ = false;
  bool in_message_ = false;  // between its first frame and its last
  bool in_frame_ = false;    // of a message: its header has been read, `frame_` says how much is still to come
  bool compressed_ = false;  // the message
  bool handed_out_ = false;  // message_ or inflated_ was given with the last item
  uint8_t message_opcode_ = 0;
  Header frame_;
  size_t frame_read_ = 0;
  std::string message_;   // what has come of it, when it isn't all in the buffer
  std::string inflated_;  // the message, when it came compressed
  Item fault_;
};

// One frame that is a whole message or control frame. A client gives the mask, a server none. `compressed`: the payload
// is what deflated() gave.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, std::optional<uint32_t> mask,
                  bool compressed = false);
// The payload of a close frame. `reason` is cut to 123 bytes (5.5), at a character.
std::string close_payload(uint16_t code, std::string_view reason);

}  // namespace bayward::net

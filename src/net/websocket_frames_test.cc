#include "net/websocket_frames.h"

#include <gtest/gtest.h>

#include <vector>

#include "ports/websocket.h"

namespace bayward::net {
namespace {

using Kind = FrameReader::Item::Kind;
constexpr size_t message_bytes = 100'000;
constexpr uint32_t key = 0x5a17c3e9;

struct Seen {
  Kind kind;
  std::string payload;
  uint16_t code = 0;

  friend bool operator==(const Seen&, const Seen&) = default;
};
void PrintTo(const Seen& seen, std::ostream* out) {
  *out << static_cast<int>(seen.kind) << ' ' << seen.code << ' ' << seen.payload.substr(0, 40);
}

// What a reader makes of `bytes` when they come in pieces of that size.
std::vector<Seen> read(std::string_view bytes, size_t piece, WebSocketRole role = WebSocketRole::server) {
  FrameReader reader(role, message_bytes);
  std::vector<Seen> out;
  while (!bytes.empty()) {
    const auto room = reader.room();
    const size_t count = std::min({bytes.size(), piece, room.size()});
    std::copy_n(bytes.begin(), count, room.begin());
    bytes.remove_prefix(count);
    reader.arrived(count);
    for (auto item = reader.next(); item.kind != Kind::more; item = reader.next()) {
      const bool fault = item.kind == Kind::fault;
      out.push_back({item.kind, fault ? std::string() : std::string(item.payload), item.code});
      if (fault || item.kind == Kind::close) return out;
    }
  }
  return out;
}

std::vector<Seen> read(std::string_view bytes) {
  const auto whole = read(bytes, bytes.size());
  for (const size_t piece : {1u, 2u, 3u, 7u, 500u}) EXPECT_EQ(read(bytes, piece), whole) << piece;
  return whole;
}

// A masked frame with any first byte.
std::string frame(int first, std::string_view payload) {
  std::string out;
  append_frame(out, Opcode::text, payload, key);
  out[0] = static_cast<char>(first);
  return out;
}

TEST(Frames, messages_of_every_length_come_back_whatever_the_pieces) {
  std::string bytes;
  std::vector<Seen> expected;
  for (const size_t length : {0u, 1u, 125u, 126u, 127u, 2041u, 2042u, 2048u, 5000u, 65'535u, 65'536u, 100'000u}) {
    std::string payload(length, 'a');
    for (size_t i = 0; i < length; ++i) payload[i] = static_cast<char>('a' + i % 26);
    bytes += frame(0x81, payload);
    expected.push_back({Kind::text, payload});
  }
  EXPECT_EQ(read(bytes), expected);
}

TEST(Frames, fragments_become_one_message_and_control_frames_may_come_between) {
  const std::string bytes = frame(0x01, "one ") + frame(0x89, "are you there") + frame(0x00, "") + frame(0x00, "two ") +
                            frame(0x8a, "") + frame(0x80, "three") + frame(0x82, std::string("\x00\xff", 2));
  EXPECT_EQ(read(bytes), (std::vector<Seen>{{Kind::ping, "are you there"},
                                            {Kind::pong, ""},
                                            {Kind::text, "one two three"},
                                            {Kind::binary, std::string("\x00\xff", 2)}}));
}

TEST(Frames, a_character_may_be_cut_between_fragments_but_must_be_whole_in_the_end) {
  EXPECT_EQ(read(frame(0x01, "\xe2\x82") + frame(0x80, "\xac")), (std::vector<Seen>{{Kind::text, "\xe2\x82\xac"}}));
  EXPECT_EQ(read(frame(0x01, "\xe2\x82") + frame(0x80, "x")), (std::vector<Seen>{{Kind::fault, "", 1007}}));
  EXPECT_EQ(read(frame(0x81, "\xe2\x82")), (std::vector<Seen>{{Kind::fault, "", 1007}}));
}

TEST(Frames, what_rfc_6455_forbids_is_a_protocol_error) {
  const std::vector<std::string> wrong = {
      frame(0xc1, "reserved bit"),
      frame(0x83, "unknown data"),
      frame(0x8b, "unknown control"),
      frame(0x80, "continues nothing"),
      frame(0x01, "begun ") + frame(0x81, "inside another"),
      frame(0x09, "fragmented ping"),
      frame(0x89, std::string(126, 'x')),
      std::string("\x81\x01x"),                                 // not masked
      std::string("\x81\xfe\x00\x05\0\0\0\0hello", 13),         // 16 bits for 5
      std::string("\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0", 14),  // 64 bits for 65,535
      std::string("\x82\xff\x80\0\0\0\0\0\0\0\0\0\0\0", 14),    // more than 63 bits
      frame(0x88, "\x03"),                                      // half a code
      frame(0x88, "\x03\xed"),                                  // 1005 is never sent
      frame(0x88, "\x0b\xb7"),                                  // 2999 is nobody's
      frame(0x88, std::string("\x00\x00", 2)),
  };
  for (const std::string& bytes : wrong) {
    const auto seen = read(bytes);
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.back(), (Seen{Kind::fault, "", 1002})) << ::testing::PrintToString(bytes);
  }
}

TEST(Frames, a_server_must_not_mask) {
  EXPECT_EQ(read(frame(0x81, "x"), 64, WebSocketRole::client), (std::vector<Seen>{{Kind::fault, "", 1002}}));
  EXPECT_EQ(read("\x81\x01x", 64, WebSocketRole::client), (std::vector<Seen>{{Kind::text, "x"}}));
}

TEST(Frames, a_message_beyond_the_limit_is_refused_by_its_header_alone) {
  EXPECT_EQ(read(frame(0x81, std::string(message_bytes + 1, 'x')).substr(0, 14)),
            (std::vector<Seen>{{Kind::fault, "", 1009}}));
  EXPECT_EQ(read(std::string("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14)),
            (std::vector<Seen>{{Kind::fault, "", 1009}}));
  EXPECT_EQ(read(frame(0x01, std::string(message_bytes - 1, 'x')) + frame(0x80, "xx")),
            (std::vector<Seen>{{Kind::fault, "", 1009}}));
}

TEST(Frames, a_close_has_a_code_and_a_reason_or_none) {
  EXPECT_EQ(read(frame(0x88, "")), (std::vector<Seen>{{Kind::close, "", close_code::no_status}}));
  EXPECT_EQ(read(frame(0x88, "\x03\xe8") + frame(0x81, "late")), (std::vector<Seen>{{Kind::close, "", 1000}}));
  EXPECT_EQ(read(frame(0x88, "\x0f\xa1why")), (std::vector<Seen>{{Kind::close, "why", 4001}}));
  EXPECT_EQ(read(frame(0x88, "\x0f\xa1\xff")), (std::vector<Seen>{{Kind::fault, "", 1007}}));
}

TEST(Frames, what_a_side_writes_the_other_reads) {
  std::string bytes;
  append_frame(bytes, Opcode::text, "from the server", std::nullopt);
  append_frame(bytes, Opcode::close, close_payload(close_code::policy, std::string(200, 'r')), std::nullopt);
  EXPECT_EQ(read(bytes, bytes.size(), WebSocketRole::client),
            (std::vector<Seen>{{Kind::text, "from the server"}, {Kind::close, std::string(123, 'r'), 1008}}));
}

}  // namespace
}  // namespace bayward::net

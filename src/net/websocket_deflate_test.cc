#include "net/websocket_deflate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "net/websocket_frames.h"
#include "ports/websocket.h"

namespace bayward::net {
namespace {

constexpr size_t most = 128 * 1024;

std::string answer(std::string_view offers) {
  const auto agreed = agree_on_deflate(offers);
  return agreed ? agreed->answer : "none";
}

// RFC 7692 7.1.
TEST(WebSocketDeflate, TheFirstOfferThatCanBeKeptIsTaken) {
  const std::string alone = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  EXPECT_EQ(answer("permessage-deflate"), alone);
  EXPECT_EQ(answer("permessage-deflate; client_max_window_bits"), alone);
  EXPECT_EQ(answer("permessage-deflate; server_no_context_takeover; client_max_window_bits=10"), alone);
  EXPECT_EQ(answer("x-webkit, permessage-deflate;server_max_window_bits=\"10\""),
            alone + "; server_max_window_bits=10");
  EXPECT_EQ(answer("permessage-deflate; server_max_window_bits=8, permessage-deflate"), alone);
  for (const char* declined :
       {"", "permessage-bzip2", "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=015", "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=", "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; unheard_of", "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate;"}) {
    EXPECT_EQ(answer(declined), "none") << declined;
  }
}

// RFC 7692 7.2.3.1 to 7.2.3.4: "Hello" in one block, in two, without compression, and with a last block.
TEST(WebSocketDeflate, ReadsTheExamplesOfTheStandard) {
  using namespace std::string_view_literals;
  for (const std::string_view payload :
       {"\xf2\x48\xcd\xc9\xc9\x07\x00"sv, "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"sv,
        "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"sv, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"sv}) {
    std::string out;
    EXPECT_EQ(inflate_into(out, payload, most), Inflated::whole);
    EXPECT_EQ(out, "Hello");
  }
}

TEST(WebSocketDeflate, WhatCannotBeReadIsBroken) {
  using namespace std::string_view_literals;
  for (const std::string_view payload : {"\xff\xff\xff\xff"sv, "\x00\x05\x00\xfa\xfe\x48\x65\x6c\x6c\x6f\x00"sv,
                                         "\xf3\x48\xcd\xc9\xc9\x07\x00more after the end"sv}) {
    std::string out;
    EXPECT_EQ(inflate_into(out, payload, most), Inflated::broken);
  }
}

TEST(WebSocketDeflate, ABombStopsAtTheBound) {
  const auto bomb = deflated(std::string(most + 1, 'x'), 15);
  ASSERT_TRUE(bomb);
  EXPECT_LT(bomb->size(), 1000u);
  std::string out;
  EXPECT_EQ(inflate_into(out, *bomb, most), Inflated::too_big);
  EXPECT_LE(out.size(), most);
}

RC_GTEST_PROP(WebSocketDeflateProperty, EveryWindowKeepsEveryText, (const std::string& text)) {
  std::string longer;
  while (longer.size() < 3 * deflate_from_bytes) longer += text + "[2,\"1\",\"MeterValues\",{\"value\":\"16.2\"}]";
  for (int bits = 9; bits <= 15; ++bits) {
    const auto payload = deflated(longer, bits);
    RC_ASSERT(payload && payload->size() < longer.size());
    std::string out;
    RC_ASSERT(inflate_into(out, *payload, most) == Inflated::whole);
    RC_ASSERT(out == longer);
  }
}

// What a reader makes of a compressed message, in one frame or in two.
FrameReader::Item read(FrameReader& reader, const std::string& bytes) {
  FrameReader::Item item;
  for (const char byte : bytes) {
    reader.room()[0] = byte;
    reader.arrived(1);
    item = reader.next();
    if (item.kind != FrameReader::Item::Kind::more) return item;
  }
  return item;
}

TEST(WebSocketDeflate, CompressedMessagesAreReadOnlyWhereTheyWereAgreedOn) {
  const std::string text(2000, 'a');
  std::string frame;
  append_frame(frame, Opcode::text, *deflated(text, 15), 7, true);
  FrameReader agreed(WebSocketRole::server, most, true);
  EXPECT_EQ(read(agreed, frame).payload, text);
  std::string plain;
  append_frame(plain, Opcode::text, "as it is", 7);
  EXPECT_EQ(read(agreed, plain).payload, "as it is");
  EXPECT_EQ(read(agreed, frame).payload, text);
  FrameReader never(WebSocketRole::server, most);
  EXPECT_EQ(read(never, frame).code, close_code::protocol_error);
}

TEST(WebSocketDeflate, AFrameReaderAnswersABombWith1009AndNonsenseWith1007) {
  std::string bomb;
  append_frame(bomb, Opcode::text, *deflated(std::string(most + 1, 'x'), 15), 7, true);
  FrameReader reader(WebSocketRole::server, most, true);
  EXPECT_EQ(read(reader, bomb).code, close_code::too_big);
  std::string nonsense;
  append_frame(nonsense, Opcode::text, "\xff\xff\xff\xff", 7, true);
  FrameReader other(WebSocketRole::server, most, true);
  EXPECT_EQ(read(other, nonsense).code, close_code::bad_text);
  // A control frame or a continuation is never compressed (RFC 7692 6.1).
  for (const Opcode opcode : {Opcode::ping, Opcode::continuation}) {
    std::string wrong;
    append_frame(wrong, opcode, "x", 7, true);
    FrameReader third(WebSocketRole::server, most, true);
    EXPECT_EQ(read(third, wrong).code, close_code::protocol_error);
  }
}

}  // namespace
}  // namespace bayward::net

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "connectors/fire/frame.h"
#include "connectors/fire/sia_dialect.h"
#include "connectors/fire/units.h"
#include "connectors/wire/gb18030.h"

namespace bayward::fire {
namespace {

constexpr Instant noon = from_unix_s(1'790'000'000);  // 2026-09-21T14:13:20Z
constexpr std::chrono::seconds beijing{8 * 3600};

Frame frame_with(std::string data) {
  Frame frame;
  frame.serial = 0x1234;
  frame.time = fire_time(noon, beijing);
  frame.source = {1, 2, 3, 4, 5, 6};
  frame.destination = {9, 8, 7, 6, 5, 4};
  frame.data = std::move(data);
  return frame;
}

TEST(FireFrame, has_the_bytes_of_6_6) {
  const std::string bytes = encode(frame_with("\x15\x01"));
  const std::string expected(
      "@@"
      "\x34\x12\x01\x00\x14\x0d\x16\x15\x09\x1a"
      "\x01\x02\x03\x04\x05\x06\x09\x08\x07\x06\x05\x04"
      "\x02\x00\x02\x15\x01",
      29);
  EXPECT_EQ(bytes.substr(0, 29), expected);
  EXPECT_EQ(bytes.substr(30), "##");
  EXPECT_EQ(bytes.size(), 32U);
}

TEST(FireFrame, time_is_the_clock_of_the_wall_and_comes_back) {
  EXPECT_EQ(fire_time(noon, beijing), (FireTime{20, 13, 22, 21, 9, 26}));
  EXPECT_EQ(parse_fire_time({20, 13, 22, 21, 9, 26}, beijing), noon);
  EXPECT_FALSE(parse_fire_time({20, 13, 22, 31, 9, 26}, beijing));
  EXPECT_FALSE(parse_fire_time({60, 13, 22, 21, 9, 26}, beijing));
}

RC_GTEST_PROP(FireFrame, every_frame_is_found_again_between_garbage_and_in_any_pieces, ()) {
  const Frame frame = frame_with(*rc::gen::resize(100, rc::gen::arbitrary<std::string>()));
  const std::string noise = *rc::gen::container<std::string>(rc::gen::inRange('0', '9'));
  const std::string bytes = noise + encode(frame) + encode(frame);
  const size_t cut = *rc::gen::inRange<size_t>(0, bytes.size());
  FrameReader reader;
  std::vector<Frame> found;
  for (const std::string& piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    reader.feed(piece);
    while (const auto next = reader.next()) found.push_back(*next);
  }
  RC_ASSERT(found == std::vector<Frame>({frame, frame}));
  RC_ASSERT(reader.garbage_bytes() == 0U);
}

RC_GTEST_PROP(FireFrame, one_wrong_bit_and_it_is_no_frame, ()) {
  std::string bytes = encode(frame_with("\x02\x01 state"));
  const size_t at = *rc::gen::inRange<size_t>(0, bytes.size());
  bytes[at] = static_cast<char>(bytes[at] ^ 1 << *rc::gen::inRange(0, 7));
  FrameReader reader;
  reader.feed(bytes);
  RC_ASSERT(!reader.next());
}

TEST(FireUnit, a_component_state_is_46_bytes_of_object_and_time) {
  ComponentState state;
  state.system_address = 3;
  state.component_type = component_type(core::IncidentKind::smoke);
  state.component_address = 0x01020304;
  state.state = component_state(core::IncidentKind::smoke);
  state.description = "B1-017 玫瑰园地下停车场充电区一号车位";
  const std::string bytes = encode(state);
  ASSERT_EQ(bytes.size(), 2U + 46U);
  EXPECT_EQ(bytes.substr(0, 11), std::string("\x02\x01\x01\x03\x28\x04\x03\x02\x01\x03\x00", 11));
}

TEST(FireUnit, only_whole_requests_are_requests) {
  EXPECT_TRUE(decode_request(FrameCommand::request, std::string("\x51\x01", 2)));
  EXPECT_FALSE(decode_request(FrameCommand::control, std::string("\x51\x01", 2)));
  EXPECT_FALSE(decode_request(FrameCommand::control, std::string("\x5a\x01\x01", 3)));
  EXPECT_EQ(decode_request(FrameCommand::control, std::string("\x5b\x01\x05", 3))->answer_within, 5);
  EXPECT_FALSE(decode_request(FrameCommand::control, ""));
}

TEST(Gb18030, is_cut_between_characters) {
  EXPECT_EQ(wire::to_gb18030("玫瑰", 31), "\xc3\xb5\xb9\xe5");
  EXPECT_EQ(wire::to_gb18030("玫瑰", 3), "\xc3\xb5");
  EXPECT_EQ(wire::to_gb18030("a\nb\xff", 31), "a?b?");
  EXPECT_EQ(wire::to_gb18030("😀", 31).size(), 4U);
}

TEST(SiaFrame, has_crc_and_length_as_dc_09_5_5_1_counts_them) {
  // Check value of CRC-16/ARC.
  EXPECT_EQ(sia_crc("123456789"), 0xbb3d);
  const std::string frame = sia_frame("\"NULL\"0000L0#1001[]");
  EXPECT_EQ(frame.substr(5, 4), "0013");
  SiaReader reader;
  reader.feed("noise\n" + frame);
  EXPECT_EQ(reader.next(), (SiaMessage{"NULL", 0, "]"}));
}

RC_GTEST_PROP(SiaFrame, what_was_encrypted_is_decrypted_by_the_same_key_alone, ()) {
  const SiaKey key = *SiaKey::parse("000102030405060708090a0b0c0d0e0f");
  const SiaKey other = *SiaKey::parse("100102030405060708090a0b0c0d0e0f");
  const std::string text = *rc::gen::container<std::string>(rc::gen::inRange(' ', '~'));
  const std::string hex = key.encrypt(text, random_bytes);
  RC_ASSERT(hex.size() % 32 == 0U);
  const auto plain = key.decrypt(hex);
  RC_ASSERT(plain && *plain == text);
  // A short text may come out of noise, an empty one does once in a hundred.
  if (text.size() >= 8) RC_ASSERT(other.decrypt(hex) != plain);
}

TEST(SiaFrame, keys_have_128_192_or_256_bits) {
  EXPECT_FALSE(SiaKey::parse("00"));
  EXPECT_FALSE(SiaKey::parse(std::string(32, 'g')));
  EXPECT_TRUE(SiaKey::parse(std::string(48, 'a')));
}

TEST(SiaFrame, times_are_utc) {
  EXPECT_EQ(sia_time(noon), "_14:13:20,09-21-2026");
  EXPECT_EQ(parse_sia_time("14:13:20,09-21-2026"), noon);
  EXPECT_FALSE(parse_sia_time("14:13:20,21-09-2026"));
}

TEST(SiaConfig, a_wrong_account_is_named) {
  EXPECT_FALSE(defect(SiaConfig{}));
  SiaConfig config;
  config.account = "10g1";
  EXPECT_TRUE(defect(config));
}

}  // namespace
}  // namespace bayward::fire

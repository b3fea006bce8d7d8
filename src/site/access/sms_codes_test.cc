#include "site/access/sms_codes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);

TEST(SmsCodes, TheRightCodeProvesTheNumberOnce) {
  SmsCodes codes;
  ASSERT_TRUE(codes.issue("s", "+4915112345678", "123456", start).ok());
  const auto phone = codes.redeem("s", "123456", start + 1min);
  ASSERT_TRUE(phone.ok());
  EXPECT_EQ(*phone, "+4915112345678");
  EXPECT_EQ(codes.redeem("s", "123456", start + 1min).error(), CodeRefusal::no_code);
}

TEST(SmsCodes, ACodeOfAnotherSessionIsNoCode) {
  SmsCodes codes;
  ASSERT_TRUE(codes.issue("s", "+4915112345678", "123456", start).ok());
  EXPECT_EQ(codes.redeem("thief", "123456", start).error(), CodeRefusal::no_code);
  EXPECT_TRUE(codes.redeem("s", "123456", start).ok());
}

TEST(SmsCodes, FiveWrongTriesEndIt) {
  SmsCodes codes;
  ASSERT_TRUE(codes.issue("s", "+4915112345678", "123456", start).ok());
  for (int i = 0; i < 4; ++i) EXPECT_EQ(codes.redeem("s", "000000", start).error(), CodeRefusal::wrong);
  EXPECT_EQ(codes.redeem("s", "000000", start).error(), CodeRefusal::used_up);
  EXPECT_EQ(codes.redeem("s", "123456", start).error(), CodeRefusal::no_code);
}

TEST(SmsCodes, AnExpiredCodeIsNoCode) {
  SmsCodes codes;
  ASSERT_TRUE(codes.issue("s", "+4915112345678", "123456", start).ok());
  EXPECT_EQ(codes.redeem("s", "123456", start + SmsCodes::life).error(), CodeRefusal::no_code);
}

TEST(SmsCodes, ANumberIsNotFlooded) {
  SmsCodes codes;
  int taken = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    const std::string session = std::to_string(minute);
    if (codes.issue(session, "+4915112345678", "123456", start + std::chrono::minutes{minute}).ok()) ++taken;
  }
  EXPECT_EQ(taken, 8);
  EXPECT_TRUE(codes.issue("x", "+4915112345678", "123456", start + 25h).ok()) << "the next day it gets codes again";
}

TEST(SmsCodes, AllNumbersTogetherAreBounded) {
  SmsCodes codes;
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    if (codes.issue(std::to_string(i), "+49151" + std::to_string(1'000'000 + i), "123456", start).ok()) ++taken;
  }
  EXPECT_EQ(taken, 30);
  EXPECT_EQ(codes.issue("y", "+4915100000001", "123456", start).error(), CodeRefusal::busy);
}

TEST(SmsCodes, CodesAreSixDigits) {
  for (int i = 0; i < 200; ++i) {
    const std::string code = random_code();
    EXPECT_EQ(code.size(), 6U);
    EXPECT_TRUE(std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; })) << code;
  }
}

}  // namespace
}  // namespace bayward::site

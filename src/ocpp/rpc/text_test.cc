#include "ocpp/rpc/text.h"

#include <gtest/gtest.h>

namespace bayward::ocpp {
namespace {

TEST(OcppText, CountsCodePointsNotBytes) {
  EXPECT_EQ(code_points("沪A12345"), 7u);
  EXPECT_EQ(code_points("🚗"), 1u);
  EXPECT_EQ(first_code_points("沪A1", 2), "沪A");
  EXPECT_EQ(first_code_points("ab", 5), "ab");
}

TEST(OcppText, KnowsUtf8) {
  for (const char* good : {"", "a", "é", "沪", "🚗", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad :
       {"\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(OcppText, TakesTheDateTimesThatDevicesSend) {
  const auto expected = parse_rfc3339("2026-01-01T00:00:00Z");
  for (const char* text : {"2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.000Z",
                           "2026-01-01T00:00:00.0004999999999", "2026-01-01T08:00:00+08:00", "2026-01-01T08:00:00+0800",
                           "2026-01-01T08:00:00+08", "2025-12-31T19:00:00-05:00"}) {
    EXPECT_EQ(parse_date_time(text), expected) << text;
  }
  for (const char* text :
       {"", "2026-01-01", "2026-01-01T00:00", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00ZZ",
        "2026-01-01T00:00:00+8", "2026-01-01T00:00:00+080", "yesterday", "2026-01-01T00:00:00 Z"}) {
    EXPECT_EQ(parse_date_time(text), std::nullopt) << text;
  }
}

TEST(OcppText, KnowsAUriWhenItSeesOne) {
  for (const char* good : {"https://example.org/f?x=1#y", "ftp://u:p@10.0.0.1/", "urn:x"})
    EXPECT_TRUE(is_uri(good)) << good;
  for (const char* bad : {"", "x", ":x", "x:", "1x:y", "http://a b", "http://a\"b", "http://é"})
    EXPECT_FALSE(is_uri(bad)) << bad;
}

}  // namespace
}  // namespace bayward::ocpp

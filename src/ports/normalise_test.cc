#include "ports/normalise.h"

#include <gtest/gtest.h>

#include <vector>

namespace bayward {
namespace {

struct Case {
  std::string_view written;
  std::optional<std::string> normalised;
};

TEST(Normalise, PhonesBecomeE164OrNothing) {
  const std::vector<Case> cases{
      {"+4915112345678", "+4915112345678"},
      {" +49 (151) 123-456.78", "+4915112345678"},
      {"0086 138 1234 5678", "+8613812345678"},
      {"+1/202/555/0100", "+12025550100"},
      {"+123456789012345", "+123456789012345"},
      {"+1234567890123456", std::nullopt},
      {"+123456", std::nullopt},
      {"13812345678", std::nullopt},
      {"+0151123456", std::nullopt},
      {"+49151123x", std::nullopt},
      {"", std::nullopt},
      {"+", std::nullopt},
      {"++4915112345678", std::nullopt},
      {std::string_view("+4915112345678\0", 15), std::nullopt},
  };
  for (const Case& one : cases) EXPECT_EQ(normalise_phone(one.written), one.normalised) << one.written;
}

TEST(Normalise, PlatesLoseSeparatorsAndCaseAndKeepChineseCharacters) {
  const std::vector<Case> cases{
      {"b-xy 123", "BXY123"},
      {"京A·12345", "京A12345"},
      {"粤B D12345", "粤BD12345"},
      {"MÜ-ü 1", "MÜÜ1"},
      {"ab.cd", "ABCD"},
      {"", std::nullopt},
      {" - ", std::nullopt},
      {"ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNOP"},
      {"ABCDEFGHIJKLMNOPQ", std::nullopt},
      {"A\tB", std::nullopt},
      {"A'; DROP", std::nullopt},
      {"\xff\xfe", std::nullopt},
      {"京\xe4", std::nullopt},
      {"😀1", std::nullopt},
      {"\xc0\xaf", std::nullopt},
      {"é1", std::nullopt},
  };
  for (const Case& one : cases) EXPECT_EQ(normalise_plate(one.written), one.normalised) << one.written;
}

TEST(Normalise, IsStable) {
  for (const char* plate : {"京A·12345", "b-xy 123"}) {
    const auto once = normalise_plate(plate);
    EXPECT_EQ(normalise_plate(*once), once);
  }
}

TEST(Email, IsAPlainAddressAndNothingThatCouldBeMore) {
  for (const char* good : {"anna@example.com", "a.b+c@mail.example.co", "1@2.example", "o'neil@x-y.example"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
  for (const char* bad :
       {"", "anna", "@example.com", "anna@", "anna@example", "a b@c.example", "a@b.example\r\nBcc: c@d.example",
        "a@b.example,c@d.example", "<a@b.example>", "a@b@c.example", ".a@b.example", "a.@b.example", "a@b..example",
        "a@b.example.", "\"a\"@b.example", "安@例.example"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
  EXPECT_FALSE(is_email(std::string(65, 'a') + "@b.example"));
  EXPECT_FALSE(is_email("a@" + std::string(64, 'b') + ".example"));
}

}  // namespace
}  // namespace bayward

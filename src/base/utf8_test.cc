#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace bayward {
namespace {

// The slow way, from the definition: decode, and see that nothing shorter would have done.
bool is_utf8_by_decoding(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const size_t bytes = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (bytes == 0 || text.size() - at < bytes) return false;
    uint32_t code = bytes == 1 ? first : first & (0xffU >> (bytes + 1));
    for (size_t i = 1; i < bytes; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if (next >> 6 != 2) return false;
      code = code << 6 | (next & 0x3fU);
    }
    constexpr uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    at += bytes;
  }
  return true;
}

TEST(Utf8, every_beginning_of_a_character_is_judged_as_the_definition_says) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const std::string_view rest :
           {"", "\x80", "\x80\x80", "\xbf\xbf", "\x80z", "\xc0", "long enough for a word"}) {
        std::string text = "before the odd one ";
        text += static_cast<char>(first);
        text += static_cast<char>(second);
        text += rest;
        ASSERT_EQ(is_utf8(text), is_utf8_by_decoding(text)) << first << ' ' << second << ' ' << rest;
      }
    }
  }
}

TEST(Utf8, what_is_cut_off_is_no_text) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("12345678\xf0\x9f\x94\x8c"));
  EXPECT_FALSE(is_utf8("12345678\xf0\x9f\x94"));
  EXPECT_FALSE(is_utf8("\xc3"));
}

}  // namespace
}  // namespace bayward

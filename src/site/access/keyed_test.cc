#include "site/access/keyed.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace bayward::site {
namespace {

// RFC 4231 test case 2 is HMAC-SHA256(key "Jefe", "what do ya want for nothing?").
TEST(Keyed, IsHmacSha256OfRfc4231) {
  EXPECT_EQ(hex(keyed_digest("Jefe", "what do ya want for nothing?", {})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Keyed, Base32IsRfc4648WithoutPadding) {
  const auto of = [](std::string_view text) {
    return base32({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(of("f"), "MY");
  EXPECT_EQ(of("fo"), "MZXQ");
  EXPECT_EQ(of("foobar"), "MZXW6YTBOI");
}

TEST(Keyed, PartsNeverRunIntoEachOther) {
  EXPECT_NE(keyed_digest("k", "p", {"ab", "c"}), keyed_digest("k", "p", {"a", "bc"}));
  EXPECT_NE(keyed_digest("k", "p", {"ab"}), keyed_digest("k", "p", {"ab", ""}));
}

TEST(Keyed, SecretsCompareWhole) {
  EXPECT_TRUE(same_secret("123456", "123456"));
  EXPECT_FALSE(same_secret("123456", "123457"));
  EXPECT_FALSE(same_secret("123456", "12345"));
  EXPECT_NE(random_token(), random_token());
}

}  // namespace
}  // namespace bayward::site

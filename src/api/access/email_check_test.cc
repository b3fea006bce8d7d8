#include "api/access/email_check.h"

#include <gtest/gtest.h>

#include "api/testing/world.h"

namespace bayward::api {
namespace {

using enum HttpMethod;

TEST(EmailCode, IsSixDigitsAndReadsAsItWasWritten) {
  EXPECT_EQ(code_from("00000000000000000000000000000000"), "000000");
  EXPECT_EQ(code_from("0000000000000ffffffffffffffffff"), "000255");
  EXPECT_EQ(code_from("fffffffffffffffffffffffffffffff").size(), 6u);
  const PendingEmail pending{"anna b@example.com", "012345", from_unix_s(1'800'000'000), 3};
  const auto again = parse_pending(written(pending));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->email, pending.email);
  EXPECT_EQ(again->code, "012345");
  EXPECT_EQ(again->sent_at, pending.sent_at);
  EXPECT_EQ(again->tries_left, 3);
  for (const std::string_view bad : {"", "1", "1 2", "1 2 3 4", "1 x 2026-01-01T00:00:00Z a@b"}) {
    EXPECT_FALSE(parse_pending(bad)) << bad;
  }
}

class EmailOfAPerson : public testing::Test {
 protected:
  EmailOfAPerson() {
    world.mail_code = [this](CodeLetter letter, const std::function<void(bool, std::string_view)>& done) {
      letters.push_back(std::move(letter));
      done(true, "250");
    };
    world.stop_server();
    world.start_server();
  }
  Answer set(const std::string& body, const std::string& language = {}) {
    return world.send(put, "/api/v1/me/email", body, {.token = world.driver, .language = language});
  }
  Answer confirm(const std::string& code) {
    return world.post("/api/v1/me/email/confirm", R"({"code":")" + code + "\"}", world.driver);
  }
  std::string email() { return world.get("/api/v1/me", world.driver).string("email"); }

  TestWorld world;
  std::vector<CodeLetter> letters;
};

TEST_F(EmailOfAPerson, IsUsedOnceItsCodeHasComeBackAndTheOldOneUntilThen) {
  EXPECT_EQ(set(R"({"email":"a@example.com"})").status, 202);
  EXPECT_EQ(email(), "");
  EXPECT_EQ(confirm(letters.at(0).code).status, 204);
  EXPECT_EQ(email(), "a@example.com");
  EXPECT_EQ(confirm(letters.at(0).code).code(), "wrong_phase");
  world.clock.advance(2min);
  EXPECT_EQ(set(R"({"email":"b@example.com"})", "zh").status, 202);
  EXPECT_TRUE(letters.at(1).chinese);
  EXPECT_EQ(email(), "a@example.com");
  EXPECT_EQ(world.get("/api/v1/me", world.driver).string("email_pending"), "b@example.com");
  world.clock.advance(code_good_for);
  EXPECT_EQ(confirm(letters.at(1).code).code(), "wrong_phase");
  EXPECT_EQ(email(), "a@example.com");
  EXPECT_EQ(set("{}").status, 204);
  EXPECT_EQ(email(), "");
}

TEST_F(EmailOfAPerson, OneLetterAMinute) {
  EXPECT_EQ(set(R"({"email":"a@example.com"})").status, 202);
  EXPECT_EQ(set(R"({"email":"a@example.com"})").status, 429);
  world.clock.advance(code_sent_again_after);
  EXPECT_EQ(set(R"({"email":"a@example.com"})").status, 202);
  EXPECT_NE(letters.at(0).code, letters.at(1).code);
}

TEST(EmailWithoutAServer, IsRefused) {
  TestWorld world;
  EXPECT_EQ(world.send(put, "/api/v1/me/email", R"({"email":"a@example.com"})", {.token = world.driver}).status, 404);
}

}  // namespace
}  // namespace bayward::api

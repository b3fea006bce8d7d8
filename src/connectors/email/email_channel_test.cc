#include "connectors/email/email_channel.h"

#include <gtest/gtest.h>

#include <optional>

#include "ports/http_util.h"

namespace bayward::email {
namespace {

constexpr Instant now{1'795'290'160'000ms};  // 2026-11-21T19:42:40Z

AlarmMessage alarm() {
  AlarmMessage message;
  message.kind = core::IncidentKind::smoke;
  message.severity = core::Severity::danger;
  message.to = {core::Party::driver, AccountId{7}};
  message.place.site_name = "Hof";
  message.place.bay = BayId{1};
  message.place.bay_label = "A-1";
  message.address = "anna@example.com";
  return message;
}

struct Parts {
  std::string head;
  std::string body;
};
Parts parts(const Mail& mail) {
  const size_t gap = mail.text.find("\r\n\r\n");
  std::string base64;
  for (const char c : mail.text.substr(gap + 4)) {
    if (c != '\r' && c != '\n') base64 += c;
  }
  return {mail.text.substr(0, gap + 2), base64_decode(base64).value_or("no base64")};
}

// What a reader makes of a folded header of encoded words.
std::string decoded(const std::string& words) {
  std::string out;
  constexpr std::string_view begin = "=?UTF-8?B?";
  for (size_t at = words.find(begin); at != std::string::npos; at = words.find(begin, at + 1)) {
    const size_t from = at + begin.size();
    out += base64_decode(words.substr(from, words.find("?=", from) - from)).value_or("no base64");
  }
  return out;
}

TEST(Letter, HasWhatRfc5322WantsAndTheTextInPlain) {
  const Mail mail = letter_for({"alarms@bayward.example", "Bayward 警报"}, alarm(), now);
  EXPECT_EQ(mail.from, "alarms@bayward.example");
  EXPECT_EQ(mail.to, "anna@example.com");
  const auto [head, body] = parts(mail);
  EXPECT_TRUE(head.starts_with("Date: Sat, 21 Nov 2026 19:42:40 +0000\r\n")) << head;
  EXPECT_NE(head.find("\r\nTo: <anna@example.com>\r\n"), std::string::npos);
  EXPECT_NE(head.find("\r\nAuto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_TRUE(body.starts_with(alarm_text(alarm()))) << body;
}

TEST(Letter, TheSubjectIsTheAlarmInBothLanguages) {
  for (const bool chinese : {false, true}) {
    AlarmMessage message = alarm();
    message.chinese = chinese;
    const std::string head = parts(letter_for({"a@b.example", ""}, message, now)).head;
    const size_t from = head.find("Subject: ");
    EXPECT_EQ(decoded(head.substr(from, head.find("\r\nMessage-ID", from) - from)), alarm_text(message));
  }
}

TEST(Letter, NoNameCanAddAHeaderOrALine) {
  AlarmMessage message = alarm();
  message.place.site_name = "Hof\r\nBcc: everybody@example.com\r\n\r\n.\r\nMAIL FROM:<x@y.example>";
  message.place.bay_label = "A\nB";
  const Mail mail = letter_for({"a@b.example", "x\r\nBcc: z@y.example"}, message, now);
  const std::string head = parts(mail).head;
  EXPECT_EQ(mail.text.find("Bcc"), std::string::npos);
  EXPECT_EQ(mail.text.find("\r\n."), std::string::npos);
  for (size_t at = 0; at < head.size();) {
    const size_t end = head.find("\r\n", at);
    EXPECT_LE(end - at, 998U);
    EXPECT_EQ(head.substr(at, end - at).find_first_of("\r\n"), std::string::npos);
    at = end + 2;
  }
}

TEST(Letter, EncodedWordsHoldWholeCharactersAndFewEnough) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "烟a";
  const std::string words = encoded_words(text);
  EXPECT_EQ(decoded(words), text);
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find("\r\n", at), words.size());
    EXPECT_LE(end - at, 76U);
    const std::string one = decoded(words.substr(at, end - at));
    EXPECT_NE(static_cast<unsigned char>(one.front()) & 0xc0, 0x80) << "begins within a character";
    at = end + 2;
  }
}

TEST(Email, OnlyAReplyOf5xxAboutTheLetterIsFinal) {
  EXPECT_EQ(result_of({true, 250, ""}), SendResult::delivered);
  EXPECT_EQ(result_of({false, 451, "greylisted"}), SendResult::failed);
  EXPECT_EQ(result_of({false, 550, "no such user"}), SendResult::impossible);
  EXPECT_EQ(result_of({false, 0, "connection refused"}), SendResult::failed);
}

TEST(Email, WithoutAnAddressNothingIsAskedOfTheServer) {
  FakeClock clock(now);
  bool asked = false;
  EmailChannel channel([&](Mail, const MailAnswered&) { asked = true; }, {"a@b.example", ""}, clock);
  for (const char* address :
       {"", "+491713920002", "a@b", "a@b.example>, <c@d.example", "a b@c.example", "a@b.example\r\n", "\"a\"@b.example",
        ".a@b.example", "a..b@c.example", "@b.example", "a@.example"}) {
    AlarmMessage message = alarm();
    message.address = address;
    std::optional<SendResult> result;
    channel.send(message, [&](SendResult got, std::string_view) { result = got; });
    EXPECT_EQ(result, SendResult::impossible) << address;
  }
  EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace bayward::email

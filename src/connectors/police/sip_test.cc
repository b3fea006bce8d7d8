#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "connectors/police/manscdp.h"
#include "connectors/police/sip_dialect.h"
#include "connectors/wire/link.h"

namespace bayward::police {
namespace {

using testing::HasSubstr;

SipConfig config(bool tcp = false) {
  SipConfig out;
  out.device_id = "31000000001320000001";
  out.platform_id = "31000000002000000001";
  out.domain = "3100000000";
  out.credentials = {"31000000001320000001", "secret"};
  out.tcp = tcp;
  out.utc_offset = std::chrono::hours{8};
  out.run = "0123456789abcdef0123456789abcdef";
  return out;
}

AlarmMessage panic() {
  AlarmMessage message;
  message.delivery = DeliveryId{9};
  message.kind = core::IncidentKind::panic_button;
  message.severity = core::Severity::danger;
  message.place.site_name = "玫瑰 <A&B>";
  message.opened_at = from_unix_s(1'795'233'600);
  return message;
}

// The link with its dialect, and a platform that answers by hand.
struct Town {
  explicit Town(SipConfig sip = config()) : reader(!sip.tcp), link({}, std::make_unique<SipDialect>(std::move(sip))) {
    link.start(now);
    link.opened(now);
    look();
  }
  void look() {
    for (const wire::Act& act : link.take_acts()) {
      if (const auto* send = std::get_if<wire::SendBytes>(&act)) {
        reader.feed(send->bytes);
        while (const auto one = reader.next()) said.push_back(*one);
      }
      if (const auto* ended = std::get_if<wire::Ended>(&act)) ends.push_back(ended->result);
    }
  }
  void hear(const std::string& bytes) {
    link.received(bytes, now);
    look();
  }
  void answer(int status, const std::string& more_name = {}, const std::string& more = {}) {
    SipMessage response = response_to(said.back(), status, "x", "far");
    if (!more_name.empty()) response.add(more_name, more);
    hear(encode(response));
  }
  void tick(Duration by) {
    now.steady += by;
    now.wall += by;
    link.tick(now);
    look();
  }
  void register_now() {
    answer(401, "WWW-Authenticate", "Digest realm=\"3100000000\", nonce=\"abc\"");
    answer(200);
  }
  void ask(const std::string& body) {
    SipMessage request;
    request.method = "MESSAGE";
    request.uri = "sip:31000000001320000001@3100000000";
    request.add("Via", "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKx");
    request.add("From", "<sip:platform@x>;tag=1");
    request.add("To", "<sip:device@x>");
    request.add("Call-ID", "far-1");
    request.add("CSeq", "1 MESSAGE");
    request.body = body;
    hear(encode(request));
  }
  std::string number() const { return parse_manscdp(said.back().body)->get("SN"); }

  wire::Moment now{from_unix_s(1000), from_unix_s(1'795'233'600)};
  SipReader reader;
  wire::Link link;
  std::vector<SipMessage> said;
  std::vector<SendResult> ends;
};

TEST(Sip, ItRegistersWithDigestAndOnlyThenSaysAlarms) {
  Town town;
  town.link.submit(panic(), 1, town.now);
  town.look();
  ASSERT_EQ(town.said.size(), 1U);
  EXPECT_EQ(town.said[0].method, "REGISTER");
  town.answer(401, "WWW-Authenticate", "Digest realm=\"3100000000\", nonce=\"abc\"");
  EXPECT_THAT(std::string(town.said.back().get("Authorization")), HasSubstr("response="));
  EXPECT_EQ(town.said.back().get("CSeq"), "2 REGISTER");
  town.answer(200);
  ASSERT_EQ(town.said.back().method, "MESSAGE");
  const auto body = parse_manscdp(town.said.back().body);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->kind, "Notify");
  EXPECT_EQ(body->get("CmdType"), "Alarm");
  EXPECT_EQ(body->get("AlarmPriority"), "1");
  EXPECT_EQ(body->get("AlarmTime"), "2026-11-21T12:00:00");
}

TEST(Sip, AnAlarmIsDeliveredByThePlatformsResponseAndNotByItsAcceptance) {
  Town town;
  town.register_now();
  town.link.submit(panic(), 1, town.now);
  town.look();
  const std::string number = town.number();
  town.answer(200);
  EXPECT_TRUE(town.ends.empty());
  town.tick(std::chrono::seconds{11});
  EXPECT_EQ(town.number(), number) << "said again with its number";
  town.ask("<Response><CmdType>Alarm</CmdType><SN>" + number + "</SN><Result>OK</Result></Response>");
  EXPECT_EQ(town.ends, std::vector{SendResult::delivered});
  EXPECT_EQ(town.said.back().status, 200) << "the Response itself is answered";
}

TEST(Sip, WhereThePlatformSendsNoResponseItsAcceptanceDelivers) {
  SipConfig own = config();
  own.response_wanted = false;
  Town town(own);
  town.register_now();
  town.link.submit(panic(), 1, town.now);
  town.look();
  town.answer(200);
  EXPECT_EQ(town.ends, std::vector{SendResult::delivered});
}

TEST(Sip, AWrongPasswordIsRefusedAndAskedAgainLaterAndAPlatformThatForgotUsIsRegisteredWithAtOnce) {
  Town town;
  town.answer(401, "WWW-Authenticate", "Digest realm=\"x\", nonce=\"abc\"");
  const size_t before = town.said.size();
  town.answer(403);
  EXPECT_EQ(town.said.size(), before);
  town.tick(std::chrono::seconds{61});
  EXPECT_EQ(town.said.back().method, "REGISTER");
  town.register_now();
  town.link.submit(panic(), 1, town.now);
  town.look();
  town.answer(403);
  EXPECT_EQ(town.said.back().method, "REGISTER");
  town.register_now();
  town.tick(std::chrono::seconds{11});
  EXPECT_EQ(town.said.back().method, "MESSAGE");
  EXPECT_TRUE(town.ends.empty());
}

TEST(Sip, ItKeepsAliveAndAnswersWhatIsAsked) {
  Town town;
  town.register_now();
  town.tick(std::chrono::seconds{61});
  EXPECT_EQ(parse_manscdp(town.said.back().body)->get("CmdType"), "Keepalive");
  town.answer(200);
  town.ask("<Query><CmdType>DeviceStatus</CmdType><SN>7</SN><DeviceID>1</DeviceID></Query>");
  const auto body = parse_manscdp(town.said.back().body);
  EXPECT_EQ(body->kind, "Response");
  EXPECT_EQ(body->get("SN"), "7");
  EXPECT_EQ(body->get("Online"), "ONLINE");
}

TEST(Sip, AWatchListHitHasNoWordsHere) {
  Town town;
  town.register_now();
  AlarmMessage hit = panic();
  hit.kind = core::IncidentKind::watch_list;
  town.link.submit(hit, 1, town.now);
  town.look();
  EXPECT_EQ(town.ends, std::vector{SendResult::impossible});
}

TEST(Sip, MessagesAreCutOutOfAStreamInPiecesOfAnySize) {
  SipMessage one;
  one.method = "MESSAGE";
  one.uri = "sip:a@b";
  for (const char* name : {"Via", "From", "To", "Call-ID"}) one.add(name, "x");
  one.add("CSeq", "3 MESSAGE");
  one.body = "hello";
  const std::string bytes = "\r\n\r\n" + encode(one) + "rubbish\r\n\r\n" + encode(one);
  for (size_t piece = 1; piece < bytes.size(); piece += 7) {
    SipReader reader(false);
    size_t found = 0;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece));
      while (const auto heard = reader.next()) {
        EXPECT_EQ(heard->body, "hello");
        ++found;
      }
    }
    EXPECT_EQ(found, 2U) << piece;
  }
}

TEST(Manscdp, BombsDepthAndADocumentTypeAreRefused) {
  EXPECT_FALSE(parse_manscdp("<!DOCTYPE a [<!ENTITY b \"bbbb\">]><Notify><CmdType>&b;</CmdType></Notify>"));
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_manscdp(deep));
  EXPECT_FALSE(parse_manscdp(std::string(limits::sip_message_bytes + 1, 'x')));
  EXPECT_FALSE(parse_manscdp("<Notify></Notify>"));
  EXPECT_FALSE(parse_manscdp(""));
}

}  // namespace
}  // namespace bayward::police

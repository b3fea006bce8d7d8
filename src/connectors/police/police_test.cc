#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/limits.h"
#include "connectors/police/digest.h"
#include "connectors/police/viid_link.h"
#include "connectors/police/viid_words.h"
#include "ports/fake_vault.h"
#include "ports/plate_prints.h"

namespace bayward::police {
namespace {

using testing::HasSubstr;
constexpr Duration beijing = std::chrono::hours{8};
constexpr Instant noon = from_unix_s(1'795'233'600);  // 2026-11-21T04:00:00Z

TEST(Digest, Rfc2617Section35IsAnswered) {
  const auto challenge = parse_challenge(
      R"(Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", )"
      R"(opaque="5ccc069c403ebaf9f0171e9517f40e41")");
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(challenge->qop_auth);
  const std::string answer =
      authorization(*challenge, {"Mufasa", "Circle Of Life"}, {"GET", "/dir/index.html", 1, "0a4f113b"});
  EXPECT_THAT(answer, HasSubstr(R"(response="6629fae49393a05397450978507c4ef1")"));
  EXPECT_THAT(answer, HasSubstr(R"(opaque="5ccc069c403ebaf9f0171e9517f40e41")"));
}

TEST(Digest, AnotherSchemeOrAlgorithmIsNotAnswered) {
  EXPECT_FALSE(parse_challenge("Basic realm=\"x\""));
  EXPECT_FALSE(parse_challenge("Digest realm=\"x\", nonce=\"y\", algorithm=SHA-256"));
  EXPECT_FALSE(parse_challenge("Digest realm=\"x\""));
  EXPECT_FALSE(parse_challenge("Digest realm=\"x, nonce=y"));
  EXPECT_TRUE(parse_challenge("digest nonce=abc,realm=x,algorithm=md5"));
}

TEST(Digest, WhoCallsUsProvesItOnceForEachUse) {
  DigestGuard guard({"police", "secret"}, "bayward");
  const auto challenge = *parse_challenge(guard.challenge(noon));
  const auto proof = [&](const char* password, uint32_t count) {
    return authorization(challenge, {"police", password}, {"POST", "/VIID/Dispositions", count, "cc"});
  };
  EXPECT_FALSE(guard.allows(proof("wrong", 1), "POST", "/VIID/Dispositions", noon));
  EXPECT_FALSE(guard.allows(proof("secret", 1), "DELETE", "/VIID/Dispositions", noon));
  EXPECT_FALSE(guard.allows(proof("secret", 1), "POST", "/VIID/Other", noon));
  EXPECT_TRUE(guard.allows(proof("secret", 1), "POST", "/VIID/Dispositions", noon));
  EXPECT_FALSE(guard.allows(proof("secret", 1), "POST", "/VIID/Dispositions", noon)) << "a replay";
  EXPECT_TRUE(guard.allows(proof("secret", 2), "POST", "/VIID/Dispositions", noon));
  EXPECT_FALSE(guard.allows(proof("secret", 3), "POST", "/VIID/Dispositions", noon + std::chrono::minutes{6}));
}

TEST(Viid, TimesAreLocalAndBackAgain) {
  EXPECT_EQ(viid_time(noon, beijing), "20261121120000");
  EXPECT_EQ(parse_viid_time("20261121120000", beijing), noon);
  EXPECT_FALSE(parse_viid_time("20261321120000", beijing));
  EXPECT_FALSE(parse_viid_time("2026112112000", beijing));
}

TEST(Viid, AnOrderIsReadAndMalformedPlatesAreCounted) {
  const auto read = parse_dispositions(
      R"({"DispositionListObject":{"DispositionObject":[{"DispositionID":"X1","Title":"stolen",)"
      R"("TargetFeature":"京A12345，京A·12345;m-an 1,bad plate!,,","BeginTime":"20261121000000",)"
      R"("EndTime":"20261221000000","OperateType":0,"DispositionStatus":"0"},)"
      R"({"DispositionID":"X2","OperateType":"1"},{"DispositionID":"X3","DispositionStatus":9},{"Title":"no id"}]}})",
      beijing);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 4U);
  const DispositionOrder& first = *(*read)[0].order;
  EXPECT_THAT(first.plates, testing::UnorderedElementsAre("京A12345", "MAN1"));
  EXPECT_EQ(first.unreadable, 1U);
  EXPECT_EQ((*read)[1].order->operation, OrderOperation::withdraw);
  EXPECT_FALSE((*read)[2].order.ok());
  EXPECT_FALSE((*read)[3].order.ok());
  EXPECT_FALSE(parse_dispositions("[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]", beijing).ok());
  EXPECT_FALSE(parse_dispositions("{}", beijing).ok());
}

TEST(Viid, AnAnswerCountsByItsWorstStatus) {
  EXPECT_EQ(parse_status(R"({"ResponseStatusObject":{"StatusCode":"0"}})")->code, 0);
  EXPECT_EQ(parse_status(R"({"ResponseStatusListObject":{"ResponseStatusObject":[{"StatusCode":0},{"StatusCode":7}]}})")
                ->code,
            7);
  EXPECT_FALSE(parse_status("OK"));
  EXPECT_FALSE(parse_status("{}"));
  EXPECT_FALSE(parse_status(R"({"ResponseStatusObject":{"StatusCode":"zero"}})"));
}

// A loop that runs when it is told to, on a clock of its own.
class FakeLoop final : public StreamLoop {
 public:
  Instant steady() const override { return now; }
  void post(std::function<void()> work) override { soon.push_back(std::move(work)); }
  void after(Duration delay, std::function<void()> work) override { later.emplace(now + delay, std::move(work)); }
  std::unique_ptr<ByteStream> dial(const StreamAddress&, StreamEvents&) override { return nullptr; }

  void run() {
    while (!soon.empty()) {
      const auto work = std::move(soon.front());
      soon.pop_front();
      work();
    }
  }
  void advance(Duration by) {
    const Instant to = now + by;
    for (run(); !later.empty() && later.begin()->first <= to; run()) {
      now = std::max(now, later.begin()->first);
      const auto work = std::move(later.begin()->second);
      later.erase(later.begin());
      work();
    }
    now = to;
    run();
  }

  Instant now = from_unix_s(86'400);
  std::deque<std::function<void()>> soon;
  std::multimap<Instant, std::function<void()>> later;
};

// Two addresses of a platform that answers as it is told.
struct Town {
  Town() {
    const core::PlatePrints prints = plate_prints(vault, "京A12345");
    (void)vault.put({{{}, VaultKind::watch_order, 7}, to_text(OrderText{"district", "310000000000X", "stolen"}), {}});
    (void)vault.put({{{}, VaultKind::plate_hit, 3}, "京A12345", {}});
    message.kind = core::IncidentKind::watch_list;
    message.incident = IncidentId{3};
    message.opened_at = noon;
    message.hits = {{WatchOrderId{7}, 90}};
    message.vehicle = prints.exact;
    ViidConfig config;
    config.name = "district";
    config.speaker = {"31000000001190000001", "", beijing};
    config.credentials = {"user", "secret"};
    std::vector<HttpOut> ways;
    for (size_t address = 0; address < 2; ++address) {
      ways.push_back([this, address](const HttpRequest& request, const HttpAnswered& answered) {
        said.push_back(std::to_string(address) + request.target.substr(5));
        last = request;
        answered(answer(address, request));
      });
    }
    link = std::make_unique<ViidLink>(ViidPorts{loop, clock, vault}, config, std::move(ways));
  }
  Result<HttpResponse> answer(size_t address, const HttpRequest& request) {
    if (down[address]) return fail("connection refused");
    HttpResponse response;
    if (request.target == "/VIID/System/Register" && request.headers.get("Authorization").empty()) {
      response.status = 401;
      response.headers.add("WWW-Authenticate", "Digest realm=\"viid\", nonce=\"n\", qop=\"auth\"");
    } else if (request.target == "/VIID/DispositionNotifications") {
      response.status = hit_status;
      response.body = hit_answer;
    } else {
      response.body = R"({"ResponseStatusObject":{"StatusCode":"0"}})";
    }
    return response;
  }
  std::string send() {
    std::string out = "waits";
    const auto result = std::make_shared<std::string>("waits");
    link->send(message, [result](SendResult sent, std::string_view) {
      *result = sent == SendResult::delivered ? "delivered" : sent == SendResult::failed ? "failed" : "impossible";
    });
    loop.run();
    results.push_back(result);
    return *result;
  }

  FakeLoop loop;
  FakeClock clock;
  FakeVault vault;
  bool down[2] = {false, false};
  int hit_status = 200;
  std::string hit_answer = R"({"ResponseStatusListObject":{"ResponseStatusObject":[{"StatusCode":"0"}]}})";
  AlarmMessage message;
  std::vector<std::string> said;
  HttpRequest last;
  std::vector<std::shared_ptr<std::string>> results;
  std::unique_ptr<ViidLink> link;
};

TEST(ViidLink, ItRegistersAsksTheTimeKeepsAliveAndAHitIsDeliveredByStatusZero) {
  Town town;
  EXPECT_EQ(town.send(), "delivered");
  EXPECT_THAT(town.said, testing::ElementsAre("0/System/Register", "0/System/Register", "0/System/Time",
                                              "0/DispositionNotifications"));
  EXPECT_THAT(town.last.body, HasSubstr("310000000000X"));
  EXPECT_THAT(town.last.body, HasSubstr("similarity=90"));
  EXPECT_THAT(town.last.body, HasSubstr("京A12345"));
  EXPECT_EQ(town.last.headers.get("User-Identify"), "31000000001190000001");
  town.loop.advance(std::chrono::seconds{61});
  EXPECT_EQ(town.said.back(), "0/System/Keepalive");
}

TEST(ViidLink, NothingButStatusZeroDeliversAHit) {
  Town town;
  for (const char* answer : {"", "OK", "{}", "[[", R"({"ResponseStatusObject":{"StatusCode":"2"}})"}) {
    town.hit_answer = answer;
    EXPECT_EQ(town.send(), "failed") << answer;
  }
  town.hit_answer = R"({"ResponseStatusObject":{"StatusCode":"0"}})";
  town.hit_status = 404;
  EXPECT_EQ(town.send(), "failed");
  town.hit_status = 200;
  EXPECT_EQ(town.send(), "delivered");
}

TEST(ViidLink, TheSecondAddressServesWhenTheFirstIsDownAndAHitThatCannotGoIsHandedBack) {
  Town town;
  town.down[0] = true;
  EXPECT_EQ(town.send(), "delivered");
  town.down[1] = true;
  EXPECT_EQ(town.send(), "waits");
  town.loop.advance(std::chrono::seconds{41});
  EXPECT_EQ(*town.results.back(), "failed");
  town.down[0] = false;
  town.loop.advance(std::chrono::seconds{61});
  EXPECT_EQ(town.send(), "delivered");
}

TEST(ViidLink, AServerErrorMeansToRegisterAnewAndTheHitGoesOut) {
  Town town;
  town.hit_status = 503;
  EXPECT_EQ(town.send(), "waits");
  town.hit_status = 200;
  town.loop.advance(std::chrono::seconds{5});
  EXPECT_EQ(*town.results.back(), "delivered");
}

TEST(ViidLink, AnOrderThatWasWithdrawnMeanwhileAndOtherKindsAreNotToldHere) {
  Town town;
  (void)town.vault.remove({{}, VaultKind::watch_order, 7});
  EXPECT_EQ(town.send(), "impossible");
  town.message.kind = core::IncidentKind::panic_button;
  EXPECT_EQ(town.send(), "impossible");
}

TEST(ViidLink, VehiclesGoOutInPartsAndAFloodPushesOutTheOldest) {
  Town town;
  town.down[0] = town.down[1] = true;
  for (uint32_t i = 0; i < limits::police_passes + 10; ++i)
    town.link->pass({"MAN" + std::to_string(i), noon, i, "", "", ""});
  town.loop.run();
  town.down[0] = town.down[1] = false;
  town.loop.advance(std::chrono::seconds{61});
  const auto sent = std::count(town.said.begin(), town.said.end(), "0/MotorVehicles") +
                    std::count(town.said.begin(), town.said.end(), "1/MotorVehicles");
  EXPECT_EQ(sent, static_cast<long>(limits::police_passes / 16));
}

}  // namespace
}  // namespace bayward::police

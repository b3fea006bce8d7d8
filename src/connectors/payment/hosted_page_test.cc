#include "connectors/payment/hosted_page.h"

#include <gtest/gtest.h>

namespace bayward::payment {
namespace {

HttpResponse answer(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

// Not a real one: what is tested is what is signed and compared, not the MAC.
std::string fake_sign(Instant at, std::string_view body) {
  return "t=" + std::to_string(unix_s(at)) + ",v1=" + std::to_string(std::hash<std::string_view>{}(body));
}

struct Fixture {
  FakeClock clock{*parse_rfc3339("2026-11-21T13:00:00Z")};
  HttpRequest sent;
  HttpAnswered answered;
  HostedPage page{[this](HttpRequest request, HttpAnswered then) {
                    sent = std::move(request);
                    answered = std::move(then);
                  },
                  {"psp", "/orders", "https://bay.example"},
                  fake_sign,
                  clock};
  HttpRequest callback(std::string body, Instant at) {
    HttpRequest request;
    request.body = std::move(body);
    request.headers.add("Bayward-Signature", fake_sign(at, request.body));
    return request;
  }
};

TEST(HostedPage, AsksWithASignatureAndGivesTheAddressThatIsAnswered) {
  Fixture at;
  std::optional<Result<std::string>> url;
  at.page.begin({PaymentId{0x2a00000001}, {2'000, *parse_currency("EUR")}}, [&](auto got) { url = std::move(got); });
  EXPECT_EQ(at.sent.body, R"({"payment":"pay-2a00000001","amount":{"minor":2000,"currency":"EUR"},)"
                          R"("return_url":"https://bay.example/#/driver/wallet",)"
                          R"("callback_url":"https://bay.example/api/v1/payments/callback"})");
  EXPECT_EQ(at.sent.headers.get("bayward-signature"), fake_sign(at.clock.now(), at.sent.body));
  EXPECT_EQ(at.sent.headers.get("idempotency-key"), "pay-2a00000001");
  at.answered(answer(201, R"({"pay_url":"https://pay.example/x?y=1","more":{}})"));
  ASSERT_TRUE(url && url->ok());
  EXPECT_EQ(**url, "https://pay.example/x?y=1");
}

TEST(HostedPage, TakesNoAddressThatIsNotAPage) {
  const std::string long_url = R"({"pay_url":"https://)" + std::string(3000, 'a') + "\"}";
  const std::string bodies[] = {R"_({"pay_url":"javascript:alert(1)"})_",
                                R"_({"pay_url":"http://pay.example/"})_",
                                R"_({"pay_url":"https://a b"})_",
                                R"_({"pay_url":5})_",
                                "[]",
                                "{",
                                std::string(100, '['),
                                long_url};
  for (const std::string& body : bodies) EXPECT_FALSE(read_pay_url(answer(200, body)).ok()) << body;
  EXPECT_FALSE(read_pay_url(answer(302, R"({"pay_url":"https://pay.example/"})")).ok());
  EXPECT_TRUE(read_pay_url(answer(200, R"({"pay_url":"http://127.0.0.1:9/"})")).ok());
}

TEST(HostedPage, ACallbackCountsOnlySignedUnchangedAndOfNow) {
  Fixture at;
  const Instant now = at.clock.now();
  EXPECT_TRUE(at.page.genuine(at.callback("{}", now)));
  EXPECT_TRUE(at.page.genuine(at.callback("{}", now - 4min)));
  EXPECT_FALSE(at.page.genuine(at.callback("{}", now - 6min))) << "a replay";
  EXPECT_FALSE(at.page.genuine(at.callback("{}", now + 6min)));
  HttpRequest changed = at.callback("{}", now);
  changed.body = "{ }";
  EXPECT_FALSE(at.page.genuine(changed));
  for (const char* signature : {"", "t=,v1=", "t=99999999999999999999,v1=1", "v1=1", "t=1763730000"}) {
    HttpRequest forged;
    forged.body = "{}";
    if (*signature) forged.headers.add("Bayward-Signature", signature);
    EXPECT_FALSE(at.page.genuine(forged)) << signature;
  }
}

}  // namespace
}  // namespace bayward::payment

#include "connectors/webhook/webhook_channel.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <optional>

namespace bayward::webhook {
namespace {

AlarmMessage alarm() {
  AlarmMessage message;
  message.delivery = site_scoped<DeliveryId>(SiteId{1}, 3);
  message.incident = site_scoped<IncidentId>(SiteId{1}, 2);
  message.kind = core::IncidentKind::smoke;
  message.severity = core::Severity::danger;
  message.to = {core::Party::property, {}};
  message.place.site = SiteId{1};
  message.place.site_name = "Hof \"Nord\"";
  message.place.point = {48'100'000, -500'001};
  message.place.bay = site_scoped<BayId>(SiteId{1}, 9);
  message.place.bay_label = "A-9";
  message.opened_at = message.at = *parse_rfc3339("2026-11-21T13:03:22Z");
  return message;
}

struct Wire {
  HttpRequest request;
  HttpAnswered answered;
  HttpOut out() {
    return [this](HttpRequest sent, HttpAnswered then) {
      request = std::move(sent);
      answered = std::move(then);
    };
  }
};

std::optional<SendResult> result_of(const Result<HttpResponse>& response) {
  Wire wire;
  const FakeClock clock;
  WebhookChannel channel(wire.out(), "/hook", "secret", clock);
  std::optional<SendResult> result;
  channel.send(alarm(), [&](SendResult got, std::string_view) { result = got; });
  EXPECT_EQ(result, std::nullopt) << "nothing is delivered before the far side says so";
  wire.answered(response);
  return result;
}

HttpResponse status(int code) {
  HttpResponse response;
  response.status = code;
  return response;
}

TEST(Webhook, TheBodyIsJsonThatNamesDeliveryIncidentAndPlace) {
  const auto body = boost::json::parse(body_of(alarm()));
  EXPECT_EQ(body.at("delivery").as_string(), "dlv-100000003");
  EXPECT_EQ(body.at("incident").as_string(), "inc-100000002");
  EXPECT_EQ(body.at("language").as_string(), "en");
  EXPECT_EQ(body.at("step").as_string(), "alarm");
  EXPECT_EQ(body.at("to").at("party").as_string(), "property");
  EXPECT_EQ(body.at("place").at("site_name").as_string(), "Hof \"Nord\"");
  EXPECT_DOUBLE_EQ(body.at("place").at("longitude").as_double(), -0.500001);
  EXPECT_FALSE(body.at("to").as_object().contains("address"));
  EXPECT_EQ(body.at("text").as_string(), alarm_text(alarm()));
}

// printf '1763730202.{}' | openssl dgst -sha256 -hmac secret
TEST(Webhook, TheSignatureIsHmacSha256OverTimeAndBody) {
  EXPECT_EQ(signature("secret", from_unix_s(1763730202), "{}"),
            "t=1763730202,v1=8ee3bdf0da348ad5deec8cf743a5218b79f3044a4d15e6d74672db4e18d886a8");
  EXPECT_NE(signature("secret", from_unix_s(1763730202), "{}"), signature("secret", from_unix_s(1763730203), "{}"))
      << "a replay has another time";
}

TEST(Webhook, TheRequestCarriesTheDeliveryAsItsKeyAndTheSignatureOfItsBody) {
  Wire wire;
  const FakeClock clock(from_unix_s(1763730202));
  WebhookChannel channel(wire.out(), "/hook?for=us", "secret", clock);
  channel.send(alarm(), [](SendResult, std::string_view) {});
  EXPECT_EQ(wire.request.method, HttpMethod::post);
  EXPECT_EQ(wire.request.target, "/hook?for=us");
  EXPECT_EQ(wire.request.headers.get("Idempotency-Key"), "dlv-100000003");
  EXPECT_EQ(wire.request.headers.get("Bayward-Signature"),
            signature("secret", from_unix_s(1763730202), wire.request.body));
}

TEST(Webhook, OnlyASuccessAcknowledges) {
  EXPECT_EQ(result_of(status(200)), SendResult::delivered);
  EXPECT_EQ(result_of(status(204)), SendResult::delivered);
  EXPECT_EQ(result_of(status(301)), SendResult::failed);
  EXPECT_EQ(result_of(status(404)), SendResult::failed) << "a server that is set up wrong is set right one day";
  EXPECT_EQ(result_of(status(503)), SendResult::failed);
  EXPECT_EQ(result_of(fail("refused")), SendResult::failed);
}

}  // namespace
}  // namespace bayward::webhook

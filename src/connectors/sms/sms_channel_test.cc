#include "connectors/sms/sms_channel.h"

#include <gtest/gtest.h>

#include "connectors/sms/receipt_desk.h"
#include "ports/http_util.h"

namespace bayward::sms {
namespace {

AlarmMessage alarm() {
  AlarmMessage message;
  message.kind = core::IncidentKind::smoke;
  message.severity = core::Severity::danger;
  message.to = {core::Party::driver, AccountId{7}};
  message.place.site_name = "Hof & Garten";
  message.address = "+491713920002";
  return message;
}

Gateway gateway() {
  return {"/cgi-bin/sendsms", "bayward", "p&ss word", "Bayward", ""};
}

std::string parameter(const HttpRequest& request, std::string_view name) {
  const auto parts = parse_target(request.target);
  if (!parts.ok()) return "no target";
  for (const QueryParameter& one : parts->query) {
    if (one.name == name) return one.value;
  }
  return "none";
}

SendResult result_of(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return read_answer(response).result;
}

TEST(Sms, TheRequestIsKannelsAndEverythingInItIsEscaped) {
  const HttpRequest request = request_for(gateway(), alarm());
  EXPECT_EQ(request.method, HttpMethod::get);
  EXPECT_TRUE(request.target.starts_with("/cgi-bin/sendsms?username=bayward&password=p%26ss%20word&"))
      << request.target;
  EXPECT_EQ(parameter(request, "to"), "+491713920002");
  EXPECT_EQ(parameter(request, "from"), "Bayward");
  EXPECT_EQ(parameter(request, "text"), alarm_text(alarm()));
  EXPECT_EQ(parameter(request, "priority"), "3");
}

TEST(Sms, LettersThatGsmDoesNotHaveGoAsUcs2) {
  AlarmMessage message = alarm();
  EXPECT_EQ(parameter(request_for(gateway(), message), "coding"), "0");
  message.chinese = true;
  EXPECT_EQ(parameter(request_for(gateway(), message), "coding"), "2");
  EXPECT_EQ(parameter(request_for(gateway(), message), "charset"), "UTF-8");
  EXPECT_EQ(parameter(request_for(gateway(), message), "text"), alarm_text(message));
}

TEST(Sms, OnlyAcceptanceInTheGatewaysOwnWordsCounts) {
  EXPECT_EQ(result_of(202, "0: Accepted for delivery"), SendResult::delivered);
  EXPECT_EQ(result_of(202, "3: Queued for later delivery"), SendResult::delivered);
  EXPECT_EQ(result_of(200, "0: Accepted for delivery\nMessage-ID: 17"), SendResult::delivered);
}

TEST(Sms, An200WithTheTextOfAnErrorIsAFailure) {
  EXPECT_EQ(result_of(200, "Authorization failed for sendsms"), SendResult::failed);
  EXPECT_EQ(result_of(200, "1: Unknown channel"), SendResult::failed);
  EXPECT_EQ(result_of(200, ""), SendResult::failed);
  EXPECT_EQ(result_of(200, "<html>0: Accepted"), SendResult::failed);
  EXPECT_EQ(result_of(503, "0: Accepted for delivery"), SendResult::failed);
  EXPECT_EQ(result_of(202, "3: Failed to send SMS"), SendResult::failed);
  EXPECT_EQ(result_of(503, "Temporal failure, try again later."), SendResult::failed);
  EXPECT_EQ(read_answer(fail("connection refused")).result, SendResult::failed);
  EXPECT_EQ(result_of(403, "Not routable. Do not try again."), SendResult::impossible);
}

TEST(Sms, WhatIsLoggedOfAnAnswerIsOneShortPrintableLine) {
  HttpResponse response;
  response.body = "bad\x01\xff thing\nsecond line" + std::string(500, 'x');
  EXPECT_EQ(read_answer(response).why, "answer 200: bad?? thing");
}

TEST(Sms, WithoutAPhoneNothingIsAskedOfTheGateway) {
  bool asked = false;
  SmsChannel channel([&](HttpRequest, const HttpAnswered&) { asked = true; }, gateway());
  for (const char* address : {"", "491713920002", "+", "+4917x", "+49171392000200000", "+49 171"}) {
    AlarmMessage message = alarm();
    message.address = address;
    std::optional<SendResult> result;
    channel.send(message, [&](SendResult got, std::string_view) { result = got; });
    EXPECT_EQ(result, SendResult::impossible) << address;
  }
  EXPECT_FALSE(asked);
}

TEST(Sms, TheGatewaysAnswerIsTheChannels) {
  SmsChannel channel(
      [](const HttpRequest&, const HttpAnswered& answered) {
        HttpResponse response;
        response.status = 202;
        response.body = "0: Accepted for delivery";
        answered(response);
      },
      gateway());
  std::optional<SendResult> result;
  channel.send(alarm(), [&](SendResult got, std::string_view) { result = got; });
  EXPECT_EQ(result, SendResult::delivered);
}

TEST(Sms, WithReceiptsAcceptanceIsSentAndTheGatewayKnowsWhereToSayMore) {
  Gateway asking = gateway();
  asking.receipts = "http://127.0.0.1:7120";
  AlarmMessage message = alarm();
  message.delivery = DeliveryId{0x100000003};
  const std::string url = parameter(request_for(asking, message), "dlr-url");
  EXPECT_TRUE(url.starts_with("http://127.0.0.1:7120/sms/receipts/dlv-100000003/")) << url;
  EXPECT_TRUE(url.ends_with("?type=%d")) << url;
  EXPECT_EQ(parameter(request_for(asking, message), "dlr-mask"), "19");
  EXPECT_EQ(parameter(request_for(gateway(), message), "dlr-url"), "none");
  SmsChannel channel(
      [](const HttpRequest&, const HttpAnswered& answered) {
        HttpResponse response;
        response.status = 202;
        response.body = "0: Accepted for delivery";
        answered(response);
      },
      asking);
  std::optional<SendResult> result;
  channel.send(message, [&](SendResult got, std::string_view) { result = got; });
  EXPECT_EQ(result, SendResult::sent);
}

TEST(Receipt, IsBelievedOnlyWithItsOwnProof) {
  const std::string key = "p&ss word";
  const auto request_of = [&](std::string target) {
    const auto parts = parse_target(target);
    HttpRequest request;
    request.path = parts->path;
    request.query = parts->query;
    return request;
  };
  std::string path = receipt_url("", key, DeliveryId{0x100000003});
  path.resize(path.find('?'));
  EXPECT_EQ(read_receipt(request_of(path + "?type=1"), key)->state, core::DeliveryState::delivered);
  EXPECT_EQ(read_receipt(request_of(path + "?type=2"), key)->state, core::DeliveryState::undelivered);
  EXPECT_EQ(read_receipt(request_of(path + "?type=16"), key)->state, core::DeliveryState::undelivered);
  EXPECT_EQ(read_receipt(request_of(path + "?type=8"), key)->state, std::nullopt);
  EXPECT_EQ(read_receipt(request_of(path), key)->delivery, DeliveryId{0x100000003});
  EXPECT_FALSE(read_receipt(request_of(path + "?type=1"), "another key"));
  std::string other = path;
  other.replace(other.find("100000003"), 9, "100000004");
  EXPECT_FALSE(read_receipt(request_of(other + "?type=1"), key));
  EXPECT_FALSE(read_receipt(request_of("/sms/receipts/"), key));
}

}  // namespace
}  // namespace bayward::sms

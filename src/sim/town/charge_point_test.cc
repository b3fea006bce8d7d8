// Stations of both versions against a scripted platform: what they say when something happens, and what they answer.
#include "sim/town/charge_point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ports/fake_websocket.h"
#include "sim/town/fake_town_time.h"
#include "sim/town/speech.h"

namespace bayward::town {
namespace {

using ocpp::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant noon = *parse_rfc3339("2026-05-04T12:00:00Z");

// The platform's end of the line: answers what a test has an answer for, keeps what was said.
class Platform {
 public:
  explicit Platform(const Speech& speech) {
    const bool v16 = speech.dialect().subprotocol == "ocpp1.6";
    const std::string accepted =
        v16 ? R"({"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP"}})"
            : R"({"idTokenInfo":{"status":"Accepted","groupIdToken":{"idToken":"GROUP","type":"Central"}}})";
    answers = {{"BootNotification", R"({"status":"Accepted","currentTime":"2026-05-04T12:00:00Z","interval":3600})"},
               {"Heartbeat", R"({"currentTime":"2026-05-04T12:00:00Z"})"},
               {"StatusNotification", "{}"},
               {"NotifyEvent", "{}"},
               {"DataTransfer", R"({"status":"Accepted"})"},
               {"Authorize", accepted},
               {"StartTransaction", R"({"transactionId":77,"idTagInfo":{"status":"Accepted"}})"},
               {"MeterValues", "{}"},
               {"StopTransaction", "{}"},
               {"ReservationStatusUpdate", "{}"},
               {"TransactionEvent", R"({"idTokenInfo":{"status":"Accepted"}})"}};
    ChargePointConfig config;
    config.identity = "WALL-1";
    config.evse_power_w = {11'000, 11'000};
    config.first_register_wh = 5'000;
    config.sample_s = 0;
    station = std::make_unique<ChargePoint>(time, config, speech, [this](auto session, auto) { session_ = session; });
  }

  void accept() {
    connection_ = std::make_shared<FakeWebSocketConnection>();
    session_->opened(connection_);
    answer_all();
  }
  void drop() {
    const auto session = std::exchange(session_, nullptr);
    connection_ = nullptr;
    session->closed({});
  }
  bool dialled() const { return session_ != nullptr; }

  // Answers until the station has nothing more to say.
  void answer_all() {
    while (connection_) {
      const auto frames = connection_->take_sent();
      if (frames.empty()) return;
      for (const std::string& frame : frames) take(frame);
    }
  }
  void run_for(Duration length) {
    for (const Instant end = time.now() + length; time.now() < end;) {
      time.run_for(std::min<Duration>(1min, end - time.now()));
      answer_all();
    }
  }
  // The answer to a call of ours; its payload, or the error's code.
  std::string call(const std::string& action, const std::string& payload) {
    session_->message(R"([2,"p)" + std::to_string(++calls_) + R"(",")" + action + R"(",)" + payload + "]");
    answer_.clear();
    answer_all();
    return answer_;
  }
  std::vector<std::string> take_said() { return std::exchange(said_, {}); }
  std::vector<std::string> said_actions() {
    std::vector<std::string> actions;
    for (const std::string& said : take_said()) actions.push_back(said.substr(0, said.find(' ')));
    return actions;
  }

  FakeTownTime time{noon};
  std::map<std::string, std::string> answers;
  std::unique_ptr<ChargePoint> station;

 private:
  void take(const std::string& text) {
    auto frame = ocpp::parse_frame(text);
    ASSERT_TRUE(frame.ok()) << text;
    if (const auto* call = std::get_if<ocpp::CallFrame>(&*frame)) {
      said_.push_back(call->action + " " + to_text(call->payload));
      const auto answer = answers.find(call->action);
      ASSERT_NE(answer, answers.end()) << text;
      session_->message(ocpp::result_text(call->id, answer->second));
    } else if (const auto* result = std::get_if<ocpp::ResultFrame>(&*frame)) {
      answer_ = to_text(result->payload);
    } else {
      answer_ = std::get<ocpp::ErrorFrame>(*frame).code_word;
    }
  }

  std::shared_ptr<WebSocketSession> session_;
  std::shared_ptr<FakeWebSocketConnection> connection_;
  std::vector<std::string> said_;
  std::string answer_;
  int calls_ = 0;
};

class EachVersion : public testing::TestWithParam<const Speech*> {
 protected:
  EachVersion() : platform(*GetParam()), v16(GetParam() == &speech_v16()) {
    platform.station->switch_on();
    platform.accept();
  }
  CardResult card(const std::string& text, int32_t evse = 1) {
    std::optional<CardResult> result;
    platform.station->present_card(evse, text, platform.time.now(), [&](CardResult r) { result = r; });
    platform.answer_all();
    return result.value_or(CardResult::refused);
  }
  std::string reserve(int id, const std::string& token) {
    return v16 ? platform.call("ReserveNow", R"({"connectorId":1,"expiryDate":"2026-05-04T12:30:00Z","idTag":")" +
                                                 token + R"(","parentIdTag":"GROUP","reservationId":)" +
                                                 std::to_string(id) + "}")
               : platform.call("ReserveNow",
                               R"({"id":)" + std::to_string(id) +
                                   R"(,"evseId":1,"expiryDateTime":"2026-05-04T12:30:00Z","idToken":{"idToken":")" +
                                   token +
                                   R"(","type":"Central"},"groupIdToken":{"idToken":"GROUP","type":"Central"}})");
  }

  Platform platform;
  bool v16;
};
INSTANTIATE_TEST_SUITE_P(Ocpp, EachVersion, testing::Values(&speech_v16(), &speech_v201()),
                         [](const auto& info) { return info.param == &speech_v16() ? "v16" : "v201"; });

TEST_P(EachVersion, BootsThenTellsStatusAndSensorsOfEachEvse) {
  const std::string sensor = v16 ? "DataTransfer" : "NotifyEvent";
  EXPECT_THAT(platform.said_actions(),
              ElementsAre("BootNotification", "StatusNotification", sensor, "StatusNotification", sensor));
  EXPECT_TRUE(platform.station->accepted());
}

TEST_P(EachVersion, BeatsAtTheIntervalOfTheBootAnswer) {
  platform.take_said();
  platform.run_for(59min);
  EXPECT_THAT(platform.said_actions(), IsEmpty());
  platform.run_for(2min);
  EXPECT_THAT(platform.said_actions(), ElementsAre("Heartbeat"));
}

TEST_P(EachVersion, ChargesByCardWithReadingsAtQuarterHours) {
  platform.station->plug_in(1, recorded_draw(6'000, 1h), noon);
  platform.answer_all();
  platform.take_said();
  EXPECT_EQ(card("MYCARD"), CardResult::started);
  platform.run_for(40min);
  EXPECT_EQ(card("MYCARD"), CardResult::stopped);
  const auto said = platform.take_said();
  std::string all;
  for (const std::string& one : said) all += one + "\n";
  EXPECT_THAT(all, HasSubstr("12:15:00.000Z"));
  EXPECT_THAT(all, HasSubstr("12:30:00.000Z"));
  EXPECT_THAT(all, HasSubstr(v16 ? R"("meterStop":9000)" : R"("value":9000)"));
  EXPECT_EQ(platform.station->evse(1).register_wh, 9'000);
}

TEST_P(EachVersion, ReservedForAnotherRefusesCardAndRemoteStart) {
  EXPECT_THAT(reserve(7, "BW1"), HasSubstr("Accepted"));
  platform.answers["Authorize"] =
      v16 ? R"({"idTagInfo":{"status":"Accepted"}})" : R"({"idTokenInfo":{"status":"Accepted"}})";
  platform.station->plug_in(1, recorded_draw(1'000, 1h), noon);
  EXPECT_EQ(card("STRANGER"), CardResult::refused);
  const std::string start = v16 ? R"({"connectorId":1,"idTag":"BW2"})"
                                : R"({"evseId":1,"idToken":{"idToken":"BW2","type":"Central"},"remoteStartId":1})";
  EXPECT_THAT(platform.call(v16 ? "RemoteStartTransaction" : "RequestStartTransaction", start), HasSubstr("Rejected"));
  EXPECT_EQ(platform.station->evse(1).transaction, nullptr);
}

TEST_P(EachVersion, ReservationServesItsGroupAndIsNamedInTheStart) {
  EXPECT_THAT(reserve(7, "BW1"), HasSubstr("Accepted"));
  platform.station->plug_in(1, recorded_draw(1'000, 1h), noon);
  platform.take_said();
  EXPECT_EQ(card("MYCARD"), CardResult::started);
  std::string all;
  for (const std::string& one : platform.take_said()) all += one;
  EXPECT_THAT(all, HasSubstr(R"("reservationId":7)"));
  EXPECT_FALSE(platform.station->evse(1).reservation);
}

TEST_P(EachVersion, ReservationEndsByItself) {
  reserve(7, "BW1");
  platform.take_said();
  platform.run_for(31min);
  EXPECT_FALSE(platform.station->evse(1).reservation);
  EXPECT_EQ(platform.station->status(platform.station->evse(1)), PointStatus::available);
  const auto said = platform.said_actions();
  EXPECT_EQ(std::count(said.begin(), said.end(), "ReservationStatusUpdate"), v16 ? 0 : 1);
}

TEST_P(EachVersion, RemoteStartWaitsForThePlugAndRemoteStopStops) {
  const std::string start = v16 ? R"({"connectorId":2,"idTag":"BW2"})"
                                : R"({"evseId":2,"idToken":{"idToken":"BW2","type":"Central"},"remoteStartId":9})";
  EXPECT_THAT(platform.call(v16 ? "RemoteStartTransaction" : "RequestStartTransaction", start), HasSubstr("Accepted"));
  EXPECT_EQ(platform.station->evse(2).transaction, nullptr);
  platform.station->plug_in(2, recorded_draw(1'000, 1h), noon);
  platform.answer_all();
  const auto transaction = platform.station->evse(2).transaction;
  ASSERT_NE(transaction, nullptr);
  const std::string stop = v16 ? R"({"transactionId":77})" : R"({"transactionId":")" + transaction->id + "\"}";
  EXPECT_THAT(platform.call(v16 ? "RemoteStopTransaction" : "RequestStopTransaction", stop), HasSubstr("Accepted"));
  EXPECT_EQ(platform.station->evse(2).transaction, nullptr);
}

TEST_P(EachVersion, WhatHappensOfflineIsToldInOrderAfterwards) {
  platform.station->plug_in(1, recorded_draw(6'000, 1h), noon);
  EXPECT_EQ(card("MYCARD"), CardResult::started);
  platform.drop();
  platform.take_said();
  platform.time.run_for(20min);
  platform.station->unplug(1, platform.time.now());
  platform.station->car_leaves(1, platform.time.now());
  ASSERT_TRUE(platform.dialled());
  platform.accept();
  auto said = platform.said_actions();
  std::erase(said, "StatusNotification");
  EXPECT_THAT(said, ElementsAre(v16 ? "MeterValues" : "TransactionEvent", v16 ? "StopTransaction" : "TransactionEvent",
                                v16 ? "DataTransfer" : "NotifyEvent"));
  EXPECT_TRUE(platform.station->link().idle());
}

TEST_P(EachVersion, OfflineOnlyTheLocalListMayCharge) {
  const std::string list =
      v16 ? R"({"listVersion":3,"updateType":"Full","localAuthorizationList":[{"idTag":"LISTED","idTagInfo":{"status":"Accepted"}}]})"
          : R"({"versionNumber":3,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"LISTED","type":"ISO14443"},"idTokenInfo":{"status":"Accepted"}}]})";
  EXPECT_THAT(platform.call("SendLocalList", list), HasSubstr("Accepted"));
  EXPECT_THAT(platform.call("GetLocalListVersion", "{}"), HasSubstr("3"));
  platform.drop();
  platform.station->plug_in(1, recorded_draw(1'000, 1h), noon);
  EXPECT_EQ(card("STRANGER"), CardResult::refused);
  EXPECT_EQ(card("LISTED"), CardResult::started);
}

TEST_P(EachVersion, UnknownActionsAndSettingsAreRefusedAsTheStandardSays) {
  EXPECT_EQ(platform.call("MakeCoffee", "{}"), "NotImplemented");
  if (v16) {
    EXPECT_THAT(platform.call("ChangeConfiguration", R"({"key":"Nonsense","value":"1"})"), HasSubstr("NotSupported"));
    EXPECT_THAT(platform.call("ChangeConfiguration", R"({"key":"NumberOfConnectors","value":"1"})"),
                HasSubstr("Rejected"));
    EXPECT_THAT(platform.call("GetConfiguration", R"({"key":["NumberOfConnectors","Nonsense"]})"),
                testing::AllOf(HasSubstr(R"("value":"2")"), HasSubstr(R"("unknownKey":["Nonsense"])")));
  } else {
    EXPECT_THAT(
        platform.call(
            "SetVariables",
            R"({"setVariableData":[{"attributeValue":"1","component":{"name":"Nonsense"},"variable":{"name":"X"}}]})"),
        HasSubstr("UnknownComponent"));
    EXPECT_THAT(
        platform.call(
            "GetVariables",
            R"({"getVariableData":[{"component":{"name":"aligneddatactrlr"},"variable":{"name":"interval"}}]})"),
        HasSubstr(R"("attributeValue":"900")"));
  }
}

TEST(ChargePoint, AStationThatIsNotAcceptedSaysOnlyBootUntilItIs) {
  Platform platform(speech_v16());
  platform.answers["BootNotification"] = R"({"status":"Pending","currentTime":"2026-05-04T12:00:00Z","interval":60})";
  platform.station->switch_on();
  platform.accept();
  platform.station->car_enters(1, "M-AN 1", noon);
  platform.answer_all();
  EXPECT_THAT(platform.said_actions(), ElementsAre("BootNotification"));
  platform.answers["BootNotification"] = R"({"status":"Accepted","currentTime":"2026-05-04T12:00:00Z","interval":60})";
  platform.run_for(61s);
  const auto said = platform.said_actions();
  EXPECT_EQ(said.front(), "BootNotification");
  EXPECT_THAT(said, testing::Contains("DataTransfer"));
}

}  // namespace
}  // namespace bayward::town

#include "stations/message_log.h"

#include <gmock/gmock.h>

#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const Instant t0 = from_unix_s(1'800'000'000);

std::vector<std::string> actions(const StationMessages& messages) {
  std::vector<std::string> out;
  for (const StationMessage& one : messages.items) out.push_back(one.action);
  return out;
}

std::string shown(std::string_view payload, bool personal = false) {
  return ocpp::to_text(masked(*ocpp::parse_json(payload), personal));
}

TEST(MessageLog, AnswersGoByTheActionOfTheirCall) {
  MessageLog log;
  log.add(t0, false, R"([2,"1","Heartbeat",{}])");
  log.add(t0, true, R"([3,"1",{"currentTime":"2026-01-01T00:00:00Z"}])");
  log.add(t0, true, R"([2,"n-1","Reset",{"type":"Hard"}])");
  log.add(t0, false, R"([4,"n-1","NotSupported","never",{}])");
  log.add(t0, false, "what?");
  const auto all = log.read({});
  EXPECT_THAT(actions(all), ElementsAre("Heartbeat", "Heartbeat", "Reset", "Reset", ""));
  EXPECT_EQ(all.newest, 5u);
  EXPECT_EQ(all.items[3].payload, R"({"code":"NotSupported","description":"never","details":{}})");
  EXPECT_THAT(actions(log.read({.action = "Reset"})), SizeIs(2));
  EXPECT_THAT(actions(log.read({.ours = true})), ElementsAre("Heartbeat", "Reset"));
  EXPECT_THAT(actions(log.read({.only_errors = true})), ElementsAre("Reset", ""));
  EXPECT_THAT(actions(log.read({.after = 3})), ElementsAre("Reset", ""));
  EXPECT_THAT(actions(log.read({.after = 5})), IsEmpty());
  // What is asked for with `after` is never left out; without it the newest count.
  EXPECT_EQ(log.read({.after = 1, .most = 2}).items.back().number, 3u);
  EXPECT_EQ(log.read({.most = 2}).items.back().number, 5u);
}

TEST(MessageLog, ForgetsTheOldestAndStaysSmall) {
  MessageLog log;
  const std::string call = R"([2,"1","DataTransfer",{"vendorId":")" + std::string(900, 'v') + "\"}]";
  for (int i = 0; i < 1000; ++i) log.add(t0, false, call);
  const auto kept = log.read({.most = 1000});
  EXPECT_EQ(kept.newest, 1000u);
  EXPECT_EQ(kept.items.back().number, 1000u);
  EXPECT_LT(kept.items.size() * call.size(), limits::message_log_bytes);
  EXPECT_GT(kept.items.size() * call.size(), limits::message_log_bytes / 3);
  log.keep(limits::message_log_watched_bytes);
  for (int i = 0; i < 200; ++i) log.add(t0, false, call);
  EXPECT_GT(log.read({.most = 1000}).items.size(), 150u);
  log.keep(limits::message_log_bytes);
  EXPECT_LT(log.read({.most = 1000}).items.size(), 10u);
  EXPECT_EQ(log.read({}).newest, 1200u);
}

TEST(MessageLog, AMessageThatIsTooLongLeavesItsMarkOnly) {
  MessageLog log;
  const std::string longer(limits::message_log_text_bytes + 1, 'x');
  for (int i = 0; i < 10'000; ++i) log.add(t0, false, longer);
  const auto kept = log.read({.most = 10'000});
  EXPECT_LT(kept.items.size(), 1'000u);
  EXPECT_EQ(kept.items.back().number, 10'000u);
  EXPECT_EQ(kept.items.back().bytes, longer.size());
  EXPECT_EQ(kept.items.back().payload, "");
}

TEST(MessageMask, WhoAPersonIsIsMaskedUnlessAskedFor) {
  EXPECT_EQ(shown(R"({"idTag":"04A1B2C3D4","connectorId":1})"), R"({"idTag":"***D4","connectorId":1})");
  EXPECT_EQ(shown(R"({"idTag":"04A1B2C3D4"})", true), R"({"idTag":"04A1B2C3D4"})");
  EXPECT_EQ(shown(R"({"idToken":{"idToken":"CARD1","type":"ISO14443"}})"),
            R"({"idToken":{"idToken":"***","type":"ISO14443"}})");
  EXPECT_THAT(shown(R"({"localAuthorizationList":[{"idToken":{"idToken":"04A1B2C3D4","type":"Local",
                       "additionalInfo":[{"additionalIdToken":"M-BY 2026","type":"plate"}]}}]})"),
              Not(HasSubstr("2026")));
  EXPECT_THAT(shown(R"({"eventData":[{"actualValue":"M-BY 2026","component":{"name":"VehicleIdSensor"}}]})"),
              Not(HasSubstr("M-BY")));
  EXPECT_THAT(shown(R"({"eventData":[{"actualValue":"true","component":{"name":"BayOccupancySensor"}}]})"),
              HasSubstr("true"));
  EXPECT_EQ(shown(R"({"vendorId":"x","data":"M-BY 2026"})"), R"({"vendorId":"x","data":"***26"})");
}

TEST(MessageMask, PasswordsAreNeverShown) {
  for (const char* payload :
       {R"({"key":"AuthorizationKey","value":"open sesame"})",
        R"({"setVariableData":[{"attributeValue":"open sesame","component":{"name":"SecurityCtrlr"},
            "variable":{"name":"BasicAuthPassword"}}]})",
        R"({"connectionData":{"basicAuthPassword":"open sesame","vpn":{"password":"open sesame"}}})",
        R"({"location":"https://example.org/uploads/open sesame"})",
        R"({"log":{"remoteLocation":"https://user:open sesame@example.org"}})"}) {
    EXPECT_THAT(shown(payload, true), Not(HasSubstr("sesame"))) << payload;
  }
  EXPECT_THAT(shown(R"({"key":"HeartbeatInterval","value":"300"})"), HasSubstr("300"));
  EXPECT_THAT(shown(R"({"sampledValue":[{"value":"1","location":"Outlet"}]})"), HasSubstr("Outlet"));
}

TEST(Csms, WhatWasSaidIsShownAndWhoLooksIsOnRecordOnce) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"CARD1"})"), HasSubstr("Accepted"));
  std::optional<StationMessages> seen;
  const auto look = [&](bool personal) {
    MessageQuery query;
    query.reader = rig.world.driver;
    query.personal = personal;
    query.action = "Authorize";
    rig.csms.messages(rig.world.station, query, [&](StationMessages found) { seen = std::move(found); });
    rig.settle();
  };
  look(false);
  look(false);
  ASSERT_TRUE(seen);
  ASSERT_THAT(actions(*seen), ElementsAre("Authorize", "Authorize"));
  EXPECT_EQ(seen->items[0].payload, R"({"idTag":"***"})");
  EXPECT_TRUE(seen->items[1].ours);
  EXPECT_THAT(rig.security_log.types(), ElementsAre("MessagesRead"));
  look(true);
  EXPECT_EQ(seen->items[0].payload, R"({"idTag":"CARD1"})");
  EXPECT_THAT(rig.security_log.types(), ElementsAre("MessagesRead", "PersonalMessagesRead"));
  rig.pass(std::chrono::seconds{limits::message_log_watch_seconds + 1});
  look(false);
  EXPECT_THAT(rig.security_log.types(), SizeIs(3));
}

}  // namespace
}  // namespace bayward::stations

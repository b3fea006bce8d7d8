// What holds for every version: readiness, two sockets, unknown stations, repeats, bad input, reconciling, the desk.
#include "stations/csms.h"

#include <gmock/gmock.h>

#include "core/booking/booking.h"
#include "ocpp/rpc/frame.h"
#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(Csms, NoCallOfOursComesBeforeTheBootIsAnswered) {
  Rig rig;
  auto station = rig.connect("ocpp1.6");
  rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(5s);
  EXPECT_THAT(station->heard, IsEmpty());
  (void)station->boot_v16();
  station->read();
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
}

TEST(Csms, AStationThatReconnectsWithoutABootIsCalledAfterAWhile) {
  Rig rig;
  rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(1s);
  auto station = rig.connect("ocpp1.6");
  rig.pass(9s);
  EXPECT_THAT(station->calls_of("ReserveNow"), IsEmpty());
  rig.pass(2s);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
}

// TC_B_10_CSMS
TEST(Csms, SettingsAreSetAfterABoot) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig{StationOptions{}};
    auto station = rig.connect_booted(subprotocol);
    const bool v16 = std::string(subprotocol) == "ocpp1.6";
    const auto calls = station->calls_of(v16 ? "ChangeConfiguration" : "SetVariables");
    ASSERT_THAT(calls, SizeIs(v16 ? 4 : 1));
    EXPECT_THAT(calls[0], HasSubstr(v16 ? R"({"key":"ClockAlignedDataInterval","value":"900"})"
                                        : R"("component":{"name":"AlignedDataCtrlr"},"variable":{"name":"Interval"})"));
  }
}

TEST(Csms, WhatMaySpeakOfDangerIsUrgent) {
  Rig rig;
  const auto station = rig.connect_booted("ocpp1.6");
  EXPECT_TRUE(station->is_urgent(R"([2,"1","NotifyEvent",{"eventData":[]}])"));
  EXPECT_TRUE(station->is_urgent(R"([2,"1","StatusNotification",{"errorCode":"HighTemperature"}])"));
  EXPECT_FALSE(station->is_urgent(R"([2,"1","StatusNotification",{"errorCode":"NoError"}])"));
  EXPECT_FALSE(station->is_urgent(R"([2,"1","StatusNotification",{"connectorStatus":"Available"}])"));
  EXPECT_FALSE(station->is_urgent(R"([2,"1","Heartbeat",{}])"));
}

TEST(Csms, ANewerSocketWinsAndTheOldOnesEndChangesNothing) {
  Rig rig;
  auto old = rig.connect_booted("ocpp1.6");
  auto fresh = rig.connect_booted("ocpp1.6");
  ASSERT_TRUE(old->connection->closed());
  EXPECT_EQ(old->connection->closed()->code, close_code::policy);
  EXPECT_TRUE(fresh->open());
  old->drop();
  EXPECT_TRUE(rig.world.the_site().station(rig.world.station)->online);
  EXPECT_THAT(fresh->call("Heartbeat", "{}"), HasSubstr("currentTime"));
  EXPECT_EQ(rig.csms.counters().replaced, 1u);
  EXPECT_EQ(rig.csms.counters().connected, 1u);
  fresh->drop();
  EXPECT_FALSE(rig.world.the_site().station(rig.world.station)->online);
}

TEST(Csms, AStormOfReconnectsLosesNothing) {
  Rig rig;
  std::vector<std::unique_ptr<FakeStation>> all;
  for (int i = 0; i < 50; ++i) all.push_back(rig.connect(i % 2 ? "ocpp1.6" : "ocpp2.0.1"));
  for (size_t i = 0; i + 1 < all.size(); ++i) all[i]->drop();
  EXPECT_TRUE(rig.world.the_site().station(rig.world.station)->online);
  EXPECT_THAT(all.back()->boot_v16(), HasSubstr("Accepted"));
  EXPECT_EQ(rig.csms.counters().connected, 1u);
}

// TC_B_02_CSMS, TC_B_30_CSMS
TEST(Csms, AnUnknownStationIsPendingAndMayDoNothingElse) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig;
    auto station = rig.connect(subprotocol, "NEW-1");
    const bool v16 = std::string(subprotocol) == "ocpp1.6";
    EXPECT_THAT(v16 ? station->boot_v16() : station->boot_v2(), HasSubstr(R"("status":"Pending")"));
    EXPECT_THAT(v16 ? station->boot_v16() : station->boot_v2(), HasSubstr(R"("interval":60)"));
    EXPECT_THAT(station->call("Heartbeat", "{}"), HasSubstr("currentTime"));
    EXPECT_THAT(station->call("Authorize", R"({"idTag":"CARD1"})"), HasSubstr("SecurityError"));
    EXPECT_THAT(station->call("Dance", "{}"), HasSubstr("NotImplemented"));
    rig.pass(2min);
    EXPECT_THAT(station->heard, IsEmpty());

    std::vector<PendingStation> pending;
    rig.csms.pending([&](auto list) { pending = list; });
    rig.settle();
    ASSERT_THAT(pending, SizeIs(1));
    EXPECT_EQ(pending[0].identity, "NEW-1");
    EXPECT_EQ(pending[0].vendor, "Bay");
    EXPECT_EQ(pending[0].protocol, subprotocol);

    ASSERT_TRUE(rig.run(core::RegisterStation{rig.world.site, "NEW-1"}).ok());
    EXPECT_FALSE(station->open()) << "it comes back with its password";
  }
}

TEST(Csms, AnUnknownStationIsRejectedWhenTheOperatorSaysSo) {
  StationOptions options = Rig::quiet_options();
  options.unknown = Unknown::rejected;
  Rig rig(options);
  EXPECT_THAT(rig.connect("ocpp1.6", "NEW-1")->boot_v16(), HasSubstr("Rejected"));
}

TEST(Csms, UnknownStationsAreBounded) {
  Rig rig;
  std::vector<std::unique_ptr<FakeStation>> all;
  for (size_t i = 0; i < limits::stations_pending + 1; ++i) {
    all.push_back(rig.connect("ocpp1.6", "NEW-" + std::to_string(i)));
  }
  ASSERT_TRUE(all.back()->connection->closed());
  EXPECT_EQ(all.back()->connection->closed()->code, close_code::try_again_later);
  EXPECT_EQ(rig.csms.counters().pending, limits::stations_pending);
}

// OCPP 2.0.1 part 4, 4.1.4: a repeated message id gets the same answer and has no second effect.
TEST(Csms, ACallThatIsRepeatedGetsTheSameAnswerOnce) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  const std::string text =
      R"([2,"same","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Faulted"}])";
  station->send(text);
  EXPECT_EQ(station->take_raw(), R"([3,"same",{}])");
  const size_t before = rig.engine.count("RecordConnectorStatus");
  station->send(text);
  EXPECT_EQ(station->take_raw(), R"([3,"same",{}])");
  EXPECT_EQ(rig.engine.count("RecordConnectorStatus"), before);
  EXPECT_EQ(rig.csms.counters().repeated_calls, 1u);
}

TEST(Csms, BadInputGetsItsErrorCodeAndTheSocketGoesOn) {
  struct Case {
    const char* subprotocol;
    std::string text;
    std::string answer;  // a part of it; "": silence
  };
  const std::string deep = "[2,\"a\",\"Heartbeat\"," + std::string(40, '[') + std::string(40, ']') + "]";
  const Case cases[] = {
      {"ocpp1.6", "{", ""},
      {"ocpp2.0.1", "{", R"([4,"-1","RpcFrameworkError")"},
      {"ocpp1.6", "[]", ""},
      {"ocpp1.6", R"([9,"a","Heartbeat",{}])", ""},
      {"ocpp2.0.1", R"([9,"a","Heartbeat",{}])", R"([4,"a","MessageTypeNotSupported")"},
      {"ocpp1.6", R"([2,"a","Heartbeat"])", R"([4,"a","FormationViolation")"},
      {"ocpp2.0.1", deep, R"([4,"-1")"},
      {"ocpp1.6", R"([2,"a","Dance",{}])", R"([4,"a","NotImplemented")"},
      {"ocpp1.6", R"([2,"a","Reset",{"type":"Hard"}])", R"([4,"a","NotSupported")"},
      {"ocpp2.0.1", R"([2,"a","Reset",{"type":"Immediate"}])", R"([4,"a","NotSupported")"},
      {"ocpp1.6", R"([2,"a","Authorize",{}])", R"([4,"a","OccurenceConstraintViolation")"},
      {"ocpp2.0.1", R"([2,"a","Authorize",{}])", R"([4,"a","OccurrenceConstraintViolation")"},
      {"ocpp1.6", R"([2,"a","Authorize",{"idTag":7}])", R"([4,"a","TypeConstraintViolation")"},
      {"ocpp1.6", R"([2,"a","Authorize",{"idTag":"123456789012345678901"}])",
       R"([4,"a","PropertyConstraintViolation")"},
      {"ocpp1.6", R"([2,"a","Authorize",{"idTag":"A","b":1}])", R"([4,"a","FormationViolation")"},
      {"ocpp1.6", R"([3,"nobody-asked",{}])", ""},
      // OCPP 2.1 part 4, 4.2.3 and 4.2.4: neither is answered, right or wrong; before 2.1 there are no such messages.
      {"ocpp2.1",
       R"([6,"a","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z",)"
       R"("data":[{"t":0,"v":"230"}]}])",
       ""},
      {"ocpp2.1", R"([6,"a","NotifyPeriodicEventStream",{}])", ""},
      {"ocpp2.1", R"([6,"a","Heartbeat",{}])", ""},
      {"ocpp2.1", R"([5,"a","FormatViolation","no",{}])", ""},
      {"ocpp2.0.1", R"([6,"a","NotifyPeriodicEventStream",{}])", R"([4,"a","MessageTypeNotSupported")"},
      {"ocpp2.0.1", R"([5,"a","FormatViolation","no",{}])", R"([4,"a","MessageTypeNotSupported")"},
      {"ocpp2.1", R"([2,"a","NotifyPeriodicEventStream",{}])", R"([4,"a","NotSupported")"},
      {"ocpp2.0.1", R"([2,"a","NotifyDERAlarm",{}])", R"([4,"a","NotImplemented")"},
      {"ocpp2.1", R"([9,"a","Heartbeat",{}])", R"([4,"a","MessageTypeNotSupported")"},
  };
  for (const Case& one : cases) {
    Rig rig;
    auto station = rig.connect_booted(one.subprotocol);
    (void)station->take_raw();
    station->send(one.text);
    const std::string answer = station->take_raw();
    if (one.answer.empty()) EXPECT_EQ(answer, "") << one.text;
    EXPECT_THAT(answer, HasSubstr(one.answer)) << one.text;
    EXPECT_THAT(station->call("Heartbeat", "{}"), HasSubstr("currentTime")) << one.text;
  }
}

// OCPP 2.1 part 4, 4.2.3.
TEST(Csms, AnAnswerThatCannotBeReadIsToldSoAndCountsAsARefusal) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.1");
  station->answers["Reset"] = R"({"status":"Perhaps"})";
  (void)station->take_raw();
  std::optional<StationAnswer> told;
  rig.csms.order(rig.world.station, ResetStation{}, [&](StationAnswer answer) { told = std::move(answer); });
  rig.settle();
  station->read();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->kind, StationAnswer::Kind::error);
  EXPECT_THAT(station->take_raw(), HasSubstr("PropertyConstraintViolation"));
}

TEST(Csms, CallsBackToBackAreAllAnsweredAndTransactionsKeepTheirOrder) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  (void)station->take_raw();
  // Without waiting: nothing is settled in between.
  const std::string start = R"({"connectorId":1,"idTag":"CARD1","meterStart":0,"timestamp":")" + rig.at() + "\"}";
  const std::string stop = R"({"transactionId":1,"meterStop":5,"timestamp":")" + rig.at(1s) + "\"}";
  auto session = rig.knock({})->accepted()->session;
  const auto connection = std::make_shared<FakeWebSocketConnection>();
  session->opened(connection);
  session->message(ocpp::call_text("1", "StartTransaction", start));
  session->message(ocpp::call_text("2", "StopTransaction", stop));
  session->message(ocpp::call_text("3", "Heartbeat", "{}"));
  rig.settle();
  const auto sent = connection->take_sent();
  ASSERT_THAT(sent, SizeIs(3));
  EXPECT_THAT(sent[0], HasSubstr(R"([3,"3")"));
  EXPECT_THAT(sent[1], HasSubstr(R"([3,"1",{"idTagInfo":)"));
  EXPECT_EQ(sent[2], R"([3,"2",{}])");
  EXPECT_FALSE(rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1))->open);
}

TEST(Csms, ASocketThatBreaksInTheMiddleStillHasItsEffect) {
  Rig rig;
  auto session = rig.knock({})->accepted()->session;
  const auto connection = std::make_shared<FakeWebSocketConnection>();
  session->opened(connection);
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  session->message(ocpp::call_text(
      "1", "StartTransaction", R"({"connectorId":1,"idTag":"CARD1","meterStart":0,"timestamp":")" + rig.at() + "\"}"));
  session->closed({close_code::abnormal, "gone"});
  session.reset();
  rig.settle();
  ASSERT_NE(rig.session(), nullptr);
  EXPECT_EQ(rig.session()->account, rig.world.driver);
}

TEST(Csms, WhatIsUnderWayWhenTheServerEndsIsDropped) {
  Rig rig;
  auto session = rig.knock({})->accepted()->session;
  session->opened(std::make_shared<FakeWebSocketConnection>());
  for (const char* id : {"1", "2", "3"}) {
    session->message(ocpp::call_text(id, "Authorize", R"({"idTag":"CARD1"})"));
  }
  ASSERT_TRUE(rig.engine.pump());  // one answer is on its way, two conversations wait for their turn
  EXPECT_EQ(rig.world.the_site().bookings.size(), 0u);
}

TEST(Csms, ARefusedReservationIsShownAndTriedAgain) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  station->answers["ReserveNow"] = R"({"status":"Occupied"})";
  rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(1min);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(::testing::AllOf(::testing::Ge(2u), ::testing::Le(4u))));
  std::vector<StationStatus> list;
  rig.csms.list([&](auto got) { list = got; });
  rig.settle();
  ASSERT_THAT(list, SizeIs(1));
  ASSERT_THAT(list[0].reservations_refused, SizeIs(1));
  EXPECT_EQ(list[0].reservations_refused[0].answer, "Occupied");
  EXPECT_EQ(list[0].vendor, "Bay");

  station->answers.clear();
  station->heard.clear();
  (void)station->call("StatusNotification", R"({"connectorId":1,"errorCode":"NoError","status":"Available"})");
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1)) << "the connector is free now";
  rig.csms.list([&](auto got) { list = got; });
  rig.settle();
  EXPECT_EQ(list[0].reservations_held, 1u);
  EXPECT_THAT(list[0].reservations_refused, IsEmpty());
}

TEST(Csms, AReservationIsMadeAgainOnANewLinkAndTakenBackIfItIsNotWantedAnyMore) {
  Rig rig;
  const BookingId kept = rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  const BookingId gone = rig.world.book(rig.world.other, rig.world.bays[1], 15min);
  rig.pass(1s);
  auto station = rig.connect_booted("ocpp1.6");
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(2));
  station->drop();
  ASSERT_TRUE(rig.run(core::CancelBooking{gone}).ok());
  auto again = rig.connect_booted("ocpp1.6");
  ASSERT_THAT(again->calls_of("ReserveNow"), SizeIs(1));
  EXPECT_THAT(again->calls_of("ReserveNow")[0], HasSubstr(core::booking_token(kept)));
  EXPECT_THAT(again->calls_of("CancelReservation"), SizeIs(1));
}

TEST(Csms, ASilentStationIsCountedAndNotCalledInParallel) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  station->answers["ReserveNow"] = "{}";
  rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.world.book(rig.world.other, rig.world.bays[1], 15min);
  rig.pass(20s);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1)) << "one open call at most";
  rig.pass(15s);
  EXPECT_EQ(rig.csms.counters().unanswered_by_stations, 1u);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(2));
}

// After a restart of the server, or when the engine was too full to be told.
TEST(Csms, WhatTheBusinessStateSaysOfTheLinkIsCorrected) {
  Rig rig;
  const auto online = [&] { return rig.world.the_site().station(rig.world.station)->online; };
  EXPECT_TRUE(online()) << "so it was before the restart";
  rig.pass(61s);
  EXPECT_FALSE(online());
  auto station = rig.connect("ocpp1.6");
  EXPECT_TRUE(online());
  ASSERT_TRUE(rig.run(core::RecordStationLink{rig.world.station, false}).ok());
  rig.pass(61s);
  EXPECT_TRUE(online());
}

// TC_B_06_CSMS
TEST(Csms, TheStaffReadsAndChangesSettingsInBothVersions) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  StationAnswer answer;
  const auto order = [&](StationOrder what) {
    answer = {StationAnswer::Kind::silent, {}, {}};
    rig.csms.order(rig.world.station, std::move(what), [&](StationAnswer got) { answer = std::move(got); });
    rig.settle();
    for (FakeStation* one : rig.stations) one->read();
  };
  station->answers["GetConfiguration"] =
      R"({"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"}],"unknownKey":["X"]})";
  order(ReadSettings{{"HeartbeatInterval", "X"}});
  ASSERT_THAT(answer.settings, SizeIs(2));
  EXPECT_EQ(answer.settings[0].value, "300");
  EXPECT_EQ(answer.settings[1].status, "UnknownKey");
  station->answers["ChangeConfiguration"] = R"({"status":"RebootRequired"})";
  order(ChangeSettings{{{"A", "1"}, {"B", "2"}}});
  ASSERT_THAT(answer.settings, SizeIs(2));
  EXPECT_EQ(answer.settings[1].status, "RebootRequired");
  order(ResetStation{true});
  EXPECT_THAT(station->calls_of("Reset"), ElementsAre(R"({"type":"Hard"})"));
  EXPECT_EQ(answer.status, "Accepted");
  order(TriggerStation{"Dance", 0});
  EXPECT_EQ(answer.kind, StationAnswer::Kind::malformed);

  auto newer = rig.connect_booted("ocpp2.0.1");
  newer->answers["GetVariables"] =
      R"({"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"60","component":{"name":"C","instance":"i"},"variable":{"name":"V"}}]})";
  order(ReadSettings{{"C[i].V"}});
  ASSERT_THAT(answer.settings, SizeIs(1));
  EXPECT_EQ(answer.settings[0].name, "C[i].V");
  EXPECT_EQ(answer.settings[0].value, "60");
  order(ChangeSettings{{{"no dot", "1"}}});
  EXPECT_EQ(answer.kind, StationAnswer::Kind::malformed);
  order(TriggerStation{"StatusNotification", 2});
  EXPECT_EQ(answer.kind, StationAnswer::Kind::answered);
  newer->drop();
  order(ResetStation{});
  EXPECT_EQ(answer.kind, StationAnswer::Kind::offline);
}

}  // namespace
}  // namespace bayward::stations

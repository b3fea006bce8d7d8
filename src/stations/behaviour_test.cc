// What stations in the field do, and what must become of it: the examples of how a central system is tried. Those about
// readiness, two sockets and repeats are in csms_test.cc, those about certificates in security_test.cc.
#include <gmock/gmock.h>

#include <set>

#include "core/booking/booking.h"
#include "stations/testing/rig.h"

namespace bayward::stations {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string start_v16(Rig& rig, const std::string& token, const std::string& more = "") {
  return R"({"connectorId":1,"idTag":")" + token + R"(","meterStart":1000,"timestamp":")" + rig.at() + "\"" + more +
         "}";
}
std::string event_v201(Rig& rig, const std::string& type, const std::string& trigger, int number,
                       const std::string& more = "") {
  return R"({"eventType":")" + type + R"(","timestamp":")" + rig.at() + R"(","triggerReason":")" + trigger +
         R"(","seqNo":)" + std::to_string(number) +
         R"(,"transactionInfo":{"transactionId":"tx-1"},"evse":{"id":1,"connectorId":1})" + more + "}";
}
std::string meter(Rig& rig, const std::string& value) {
  return R"(,"meterValue":[{"timestamp":")" + rig.at() + R"(","sampledValue":[{"value":)" + value + "}]}]";
}
constexpr const char* card1 = R"(,"idToken":{"idToken":"CARD1","type":"ISO14443"})";

StationAnswer order(Rig& rig, StationOrder what) {
  StationAnswer answer{StationAnswer::Kind::silent, "nothing came", {}};
  rig.csms.order(rig.world.station, std::move(what), [&](StationAnswer got) { answer = std::move(got); });
  rig.settle();
  for (FakeStation* one : rig.stations) one->read();
  return answer;
}

// TC_B_58_CSMS
TEST(Behaviour, AnUnknownSubprotocolBesideAKnownOneIsPassedOver) {
  Rig rig;
  EXPECT_EQ(rig.knock({.subprotocols = "ocpp0.1,ocpp2.0.1"})->accepted()->subprotocol, "ocpp2.0.1");
}

// OCPP-J 1.6 3.1.1. The path comes decoded: net/http_connection.
TEST(Behaviour, AnEncodedIdentityIsTheSameAsTheDecodedOne) {
  Rig rig;
  const StationId station{rig.world.make(core::RegisterStation{rig.world.site, "RDAM|123"})};
  (void)rig.vault.put({{{}, VaultKind::station_password_hash, station.value}, rig.passwords.digest_secret("s"), {}});
  for (const char* user : {"RDAM|123", "RDAM%7C123"}) {
    EXPECT_EQ(rig.status_of({.identity = "RDAM|123", .user = user, .password = "s"}), 101) << user;
  }
  EXPECT_EQ(rig.status_of({.identity = "RDAM|123", .user = "RDAM|124", .password = "s"}), 401);
}

TEST(Behaviour, IdsOfOurCallsNeverComeAgain) {
  std::set<std::string> seen;
  for (int run = 0; run < 3; ++run) {
    Rig rig;
    rig.clock.set(rig.world.now + Duration{run});  // restarted within a millisecond of each other
    Csms csms({rig.engine, rig.vault, rig.passwords, rig.telemetry, rig.clock, [](auto) {}, [](auto) {}}, {});
    for (int socket = 0; socket < 100; ++socket) {
      const std::string prefix = csms.next_call_prefix();
      EXPECT_LE(prefix.size(), ocpp::OutgoingCalls::id_prefix_chars_max);
      EXPECT_TRUE(seen.insert(prefix).second) << prefix;
    }
  }
}

TEST(Behaviour, AStopThatBelongsToNothingIsAnsweredKeptAndBilledToNobody) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  for (const char* id : {"0", "-1", "4711"}) {
    EXPECT_EQ(station->call("StopTransaction", std::string(R"({"transactionId":)") + id +
                                                   R"(,"meterStop":5000,"timestamp":")" + rig.at() + "\"}"),
              "{}");
  }
  const auto kept = rig.security_log.read({rig.world.station, 0, 10});
  ASSERT_THAT(*kept, SizeIs(3));
  EXPECT_EQ(kept->front().type, "OrphanTransaction");
  EXPECT_THAT(kept->front().detail, AllOf(HasSubstr("4711"), HasSubstr("5000 Wh")));
  EXPECT_EQ(rig.world.the_site().sessions.size(), 0u);
}

TEST(Behaviour, ARefusedStartGetsARealIdAndLeavesTheReservation) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(1min);
  ASSERT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
  const std::string answer = station->call("StartTransaction", start_v16(rig, "CARD2", R"(,"reservationId":1)"));
  EXPECT_THAT(answer, AllOf(HasSubstr(R"("status":"Invalid")"), Not(HasSubstr(R"("transactionId":0)")),
                            Not(HasSubstr(R"("transactionId":-)"))));
  EXPECT_THAT(station->calls_of("RemoteStopTransaction"), SizeIs(1)) << "the device went ahead: it is stopped";
  EXPECT_EQ(station->call("StopTransaction", R"({"transactionId":1,"meterStop":1000,"timestamp":")" + rig.at() + "\"}"),
            "{}");
  rig.pass(2min);
  EXPECT_GE(station->calls_of("ReserveNow").size(), 2u) << "the reservation is made again";
  EXPECT_EQ(rig.world.get(booking).phase, core::BookingPhase::confirmed);
}

TEST(Behaviour, AForeignTokenWithTheValidReservationIsRefusedAndStopped) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(1min);
  ASSERT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
  const std::string foreign = R"(,"idToken":{"idToken":"CARD2","type":"ISO14443"},"reservationId":1)" + meter(rig, "5");
  std::string event = event_v201(rig, "Started", "Authorized", 0, foreign);
  event.replace(event.find(R"("transactionId":"tx-1")"), 22, R"("transactionId":"tx-1","chargingState":"Charging")");
  EXPECT_THAT(station->call("TransactionEvent", event), Not(HasSubstr("Accepted")));
  EXPECT_THAT(station->calls_of("RequestStopTransaction"), SizeIs(1));
  EXPECT_EQ(station->call("TransactionEvent", event_v201(rig, "Ended", "Deauthorized", 1, meter(rig, "6"))), "{}");
  rig.pass(2min);
  EXPECT_GE(station->calls_of("ReserveNow").size(), 2u);
}

TEST(Behaviour, AvailableBeforeTheQueuedStopEndsNothing) {
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  EXPECT_THAT(station->call("StartTransaction", start_v16(rig, "CARD1")), HasSubstr("Accepted"));
  rig.pass(10min);
  station->drop();
  rig.pass(5min);
  auto again = rig.connect("ocpp1.6");  // no boot
  EXPECT_EQ(again->call("StatusNotification", R"({"connectorId":1,"errorCode":"NoError","status":"Available"})"), "{}");
  ASSERT_NE(rig.session(), nullptr) << "it ends with its stop";
  EXPECT_EQ(again->call("MeterValues", R"({"connectorId":1,"transactionId":1,"meterValue":[{"timestamp":")" +
                                           rig.at(-5min) + R"(","sampledValue":[{"value":"2000"}]}]})"),
            "{}");
  EXPECT_EQ(
      again->call("StopTransaction", R"({"transactionId":1,"meterStop":3000,"timestamp":")" + rig.at(-4min) + "\"}"),
      "{}");
  EXPECT_EQ(rig.session(), nullptr);
  EXPECT_EQ(rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1))->energy_milliwh(), 2'000'000);
}

TEST(Behaviour, WhatHappenedOfflineIsHistoryAndNotWhatIsThereNow) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  EXPECT_EQ(station->call("TransactionEvent", event_v201(rig, "Started", "EVDetected", 0, R"(,"offline":true)")), "{}");
  EXPECT_FALSE(rig.bay().occupied);
  EXPECT_EQ(station->call("TransactionEvent", event_v201(rig, "Updated", "EVDetected", 1)), "{}");
  EXPECT_TRUE(rig.bay().occupied);
}

// F01: the car was never plugged in.
// TC_F_04_CSMS
TEST(Behaviour, ARemoteStartThatNothingFollowsLapses) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  ASSERT_TRUE(rig.run(core::RequestCharging{booking}).ok());
  ASSERT_THAT(station->calls_of("RequestStartTransaction"), SizeIs(1));
  ASSERT_TRUE(rig.bay().wanted_start);
  rig.pass(15min);
  EXPECT_FALSE(rig.bay().wanted_start);
  const size_t asked = station->calls_of("RequestStartTransaction").size();
  rig.pass(15min);
  EXPECT_THAT(station->calls_of("RequestStartTransaction"), SizeIs(asked)) << "nobody wants it any more";
}

TEST(Behaviour, EventsOutOfOrderUnknownOrClearedWithoutARaiseAreTaken) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  const auto event = [&](int number, Duration age, const std::string& component, const std::string& value,
                         const std::string& more = "") {
    return station->call("NotifyEvent",
                         R"({"generatedAt":")" + rig.at() + R"(","seqNo":)" + std::to_string(number) +
                             R"(,"eventData":[{"eventId":)" + std::to_string(number) + R"(,"timestamp":")" +
                             rig.at(-age) + R"(","trigger":"Alerting","actualValue":")" + value +
                             R"(","eventNotificationType":"CustomMonitor","component":{"name":")" + component +
                             R"(","evse":{"id":1}},"variable":{"name":"Active"})" + more + "}]}");
  };
  rig.pass(10min);
  EXPECT_EQ(event(7, 1min, "BayOccupancySensor", "true"), "{}");
  EXPECT_EQ(event(3, 5min, "BayOccupancySensor", "false"), "{}") << "older than what is known";
  EXPECT_TRUE(rig.bay().occupied);
  EXPECT_EQ(event(8, 0min, "SomethingNew", "1", R"(,"variableMonitoringId":987654)"), "{}");
  EXPECT_EQ(event(9, 0min, "FireSensor", "false", R"(,"cleared":true)"), "{}");
  EXPECT_THAT(rig.bay().incidents, IsEmpty());
}

// B07.FR.08 and following.
// TC_B_13_CSMS
TEST(Behaviour, PartsOfTwoReportsMayBeMixed) {
  Rig rig;
  auto station = rig.connect_booted("ocpp2.0.1");
  for (const char* request : {"7", "8"}) {
    EXPECT_EQ(order(rig, CallStation{"GetBaseReport",
                                     std::string(R"({"requestId":)") + request + R"(,"reportBase":"FullInventory"})"})
                  .kind,
              StationAnswer::Kind::answered);
  }
  const auto part = [&](int request, int number, bool more) {
    return station->call("NotifyReport", R"({"requestId":)" + std::to_string(request) + R"(,"generatedAt":")" +
                                             rig.at() + R"(","seqNo":)" + std::to_string(number) + R"(,"tbc":)" +
                                             (more ? "true" : "false") + "}");
  };
  EXPECT_EQ(part(7, 0, true), "{}");
  EXPECT_EQ(part(8, 1, false), "{}");
  EXPECT_EQ(part(9, 0, false), "{}") << "nobody asked for it";
  EXPECT_EQ(part(7, 1, false), "{}");
  EXPECT_EQ(part(8, 0, true), "{}");
  std::vector<StationReport> reports;
  rig.csms.reports(rig.world.station, [&](auto got) { reports = got; });
  rig.settle();
  ASSERT_THAT(reports, SizeIs(2));
  for (const StationReport& report : reports) {
    EXPECT_TRUE(report.complete) << report.request;
    ASSERT_THAT(report.parts, SizeIs(2));
    EXPECT_THAT(report.parts[0], HasSubstr(R"("seqNo":0)"));
  }
}

// OCPP 1.6 7.16 ChargingSchedulePeriod: one decimal.
TEST(Behaviour, LimitsHaveTheDecimalsOfTheirVersion) {
  const auto profile = [](const std::string& limit) {
    return R"({"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":)"
           R"("ChargePointMaxProfile","chargingProfileKind":"Absolute","chargingSchedule":{"chargingRateUnit":"A",)"
           R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":)" +
           limit + "}]}}}";
  };
  Rig rig;
  auto station = rig.connect_booted("ocpp1.6");
  EXPECT_EQ(order(rig, CallStation{"SetChargingProfile", profile("11.5")}).kind, StationAnswer::Kind::answered);
  EXPECT_THAT(station->calls_of("SetChargingProfile"), ElementsAre(HasSubstr(R"("limit":11.5)")));
  EXPECT_EQ(order(rig, CallStation{"SetChargingProfile", profile("11.55")}).kind, StationAnswer::Kind::malformed);
}

TEST(Behaviour, AStationThatBootsAgainSoonIsNotConfiguredAnew) {
  for (const char* subprotocol : {"ocpp1.6", "ocpp2.0.1"}) {
    Rig rig{StationOptions{}};
    const bool v16 = std::string(subprotocol) == "ocpp1.6";
    const char* action = v16 ? "ChangeConfiguration" : "SetVariables";
    for (int i = 0; i < 5; ++i) {
      auto station = rig.connect_booted(subprotocol);
      EXPECT_THAT(station->calls_of(action), SizeIs(i > 0 ? 0 : v16 ? 4 : 1)) << i;
      station->drop();
    }
    rig.pass(61min);
    EXPECT_THAT(rig.connect_booted(subprotocol)->calls_of(action), Not(IsEmpty()));
    rig.stations.clear();
  }
}

// E14: what is missing is asked for, and a transaction that stays incomplete is marked.
// TC_E_31_CSMS
TEST(Behaviour, AGapInTheEventsOfATransactionIsAskedAbout) {
  for (const bool queued : {true, false}) {
    Rig rig;
    auto station = rig.connect_booted("ocpp2.0.1");
    station->answers["GetTransactionStatus"] =
        std::string(R"({"messagesInQueue":)") + (queued ? "true" : "false") + "}";
    rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
    EXPECT_THAT(station->call("TransactionEvent", event_v201(rig, "Started", "Authorized", 0, card1 + meter(rig, "1"))),
                HasSubstr("Accepted"));
    rig.pass(1min);
    EXPECT_EQ(station->call("TransactionEvent", event_v201(rig, "Ended", "StopAuthorized", 3, meter(rig, "9"))), "{}");
    EXPECT_THAT(station->calls_of("GetTransactionStatus"), ElementsAre(R"({"transactionId":"tx-1"})"));
    EXPECT_THAT(rig.security_log.types(), Contains("TransactionIncomplete").Times(queued ? 0 : 1));
  }
}

}  // namespace
}  // namespace bayward::stations

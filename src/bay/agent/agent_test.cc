// The agent as a whole, under virtual time.
#include "bay/agent/agent.h"

#include <gtest/gtest.h>

#include "bay/agent/json.h"
#include "bay/testing/bay_bench.h"

namespace bayward::bay {
namespace {

using testing::BayBench;

std::string status_of(const ocpp::Json& answer) {
  return text_of(answer, "status");
}

std::string reserve_payload(const BayBench& bay, int id, const std::string& token, Duration length) {
  return R"({"id":)" + std::to_string(id) + R"(,"expiryDateTime":")" + to_rfc3339(bay.now().wall + length) +
         R"(","idToken":{"idToken":")" + token + R"(","type":"Central"},"evseId":1})";
}
const char* const start_booking = R"({"evseId":1,"remoteStartId":5,"idToken":{"idToken":"BW1","type":"Central"}})";

std::string temporary(const char* name) {
  const std::string path = ::testing::TempDir() + "bay_" + std::to_string(::getpid()) + name;
  for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
  return path;
}

TEST(Agent, NothingIsToldBeforeTheBootIsAccepted_B01) {
  BayBench bay;
  bay.boot_status = "Pending";
  bay.act("press panic");
  bay.run(1s);
  EXPECT_EQ(bay.told("BootNotification").size(), 1U);
  EXPECT_TRUE(bay.told("NotifyEvent").empty());
  EXPECT_FALSE(bay.agent().state().online);
  bay.boot_status = "Accepted";
  bay.run(301s);
  EXPECT_EQ(bay.told("BootNotification").size(), 1U);
  EXPECT_FALSE(bay.told("NotifyEvent").empty());
  EXPECT_TRUE(bay.agent().state().online);
}

TEST(Agent, ARemoteStartWaitsForThePlugAndLapses_F01) {
  BayBench bay;
  bay.run(1s);
  EXPECT_EQ(status_of(bay.ask("RequestStartTransaction", start_booking)), "Accepted");
  bay.run(121s);
  bay.act("plug in");
  bay.run(3s);
  EXPECT_FALSE(bay.world().closed);
  EXPECT_TRUE(bay.told("TransactionEvent").empty());
}

TEST(Agent, PowerLossIsToldWithTheRegisterTheMeterKept_E) {
  const std::string path = temporary("power_loss.db");
  {
    BayBench bay(path);
    bay.act("plug in");
    bay.run(1s);
    bay.ask("RequestStartTransaction", start_booking);
    bay.run(10s);
    EXPECT_TRUE(bay.world().closed);
  }
  BayBench again(path, {5s, from_unix_s(1'772'100'000)});
  again.act("meter 777000");
  again.run(1s);
  const auto events = again.told("TransactionEvent");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(text_of(events[0], "eventType"), "Ended");
  EXPECT_NE(to_text(events[0]).find("\"PowerLoss\""), std::string::npos);
  EXPECT_NE(to_text(events[0]).find("777"), std::string::npos);
  EXPECT_FALSE(again.world().closed);
}

TEST(Agent, ALatchedFaultSurvivesPowerLoss_D2) {
  const std::string path = temporary("latched.db");
  {
    BayBench bay(path);
    bay.run(1s);
    bay.act("set smoke 1");
    bay.run(100ms);
  }
  BayBench again(path);
  again.act("plug in");
  again.run(5s);
  EXPECT_EQ(again.agent().state().use, BayUse::faulted);
  EXPECT_EQ(status_of(again.ask("RequestStartTransaction", start_booking)), "Rejected");
  again.agent().clear(safety::Remedy::inspection);
  again.run(100ms);
  EXPECT_NE(again.agent().state().use, BayUse::faulted);
}

TEST(Agent, OfflineEventsCarryTheTimeThatTheCentralSystemTellsLater) {
  BayBench bay;
  bay.reachable = false;
  bay.central_ahead = 365 * 24h;
  bay.run(1s);
  bay.act("press panic");
  bay.run(1s);
  const Instant pressed = bay.now().wall - 1s + bay.central_ahead;
  bay.reachable = true;
  bay.run(60s);
  const auto events = bay.told("NotifyEvent");
  ASSERT_FALSE(events.empty());
  const auto at = parse_rfc3339(text_of((*events[0].find("eventData")->as_array())[0], "timestamp"));
  ASSERT_TRUE(at.has_value());
  EXPECT_LT(std::chrono::abs(*at - pressed), 2s);
}

TEST(Agent, AReservationGivesPowerToItsHolderOnly_H03_B4) {
  BayBench bay;
  bay.run(1s);
  EXPECT_EQ(status_of(bay.ask("ReserveNow", reserve_payload(bay, 9, "BW1", 10min))), "Accepted");
  EXPECT_EQ(bay.agent().state().use, BayUse::free);  // as of the last poll
  bay.run(100ms);
  EXPECT_EQ(bay.agent().state().use, BayUse::reserved);
  bay.act("plug in");
  bay.act("card FOREIGN");
  bay.run(3s);
  EXPECT_FALSE(bay.world().closed);
  EXPECT_EQ(bay.world().lamp, (Lamp::Signal{Lamp::Colour::red, true}));
  bay.act("card BW1");
  bay.run(3s);
  EXPECT_TRUE(bay.world().closed);
  const auto events = bay.told("TransactionEvent");
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(number_of(events[0], "reservationId"), 9);
}

TEST(Agent, TheWrongCarIsNotWelcomedWhenTheBookingIsMovedAwayFromIt_A8_B3) {
  BayBench bay;
  bay.run(1s);
  bay.ask("ReserveNow", R"({"id":4,"expiryDateTime":")" + to_rfc3339(bay.now().wall + 10min) +
                            R"(","idToken":{"idToken":"BW1","type":"Central","additionalInfo":[)"
                            R"({"additionalIdToken":"M-AB 123","type":"LicensePlate"}]},"evseId":1})");
  bay.act("car in");
  bay.act("plate M-XY 999");
  bay.run(2s);
  EXPECT_EQ(bay.world().lines.at(0), "Wrong bay. This bay is booked by somebody else.");
  EXPECT_EQ(status_of(bay.ask("CancelReservation", R"({"reservationId":4})")), "Accepted");
  bay.run(2s);
  EXPECT_EQ(bay.world().lines.at(0), "Please move your car.");
  EXPECT_EQ(bay.world().lamp, (Lamp::Signal{Lamp::Colour::red, true}));
  bay.act("car out");
  bay.run(2s);
  EXPECT_EQ(bay.world().lines.at(0), "Free");
}

TEST(Agent, AWalkUpHoldShowsItsMinutesAndFreesItself_A9) {
  BayBench bay;
  bay.run(1s);
  bay.ask("ReserveNow", reserve_payload(bay, 3, "BW1", 10min));
  bay.run(61s);
  ASSERT_GE(bay.world().lines.size(), 2U);
  EXPECT_EQ(bay.world().lines[1], "9 min left");
  bay.run(9min);
  EXPECT_EQ(bay.told("ReservationStatusUpdate").size(), 1U);
  EXPECT_EQ(bay.agent().state().use, BayUse::free);
}

TEST(Agent, DangerGoesToTheMeshBeforeTheLinkAndEndsWithAnAllClear_D3_D4) {
  BayBench bay;
  bay.run(1s);
  bay.act("set smoke 1");
  bay.run(10ms);
  ASSERT_EQ(bay.mesh.alarms.size(), 1U);
  EXPECT_EQ(bay.mesh.alarms[0].kind, "smoke");
  EXPECT_EQ(bay.mesh.alarms[0].bay, "B12");
  EXPECT_EQ(bay.mesh.alarms[0].level, DangerLevel::danger);
  bay.act("set smoke live");
  bay.run(1s);
  bay.agent().clear(safety::Remedy::inspection);
  bay.run(10ms);
  ASSERT_EQ(bay.mesh.alarms.size(), 2U);
  EXPECT_TRUE(bay.mesh.alarms[1].all_clear);
  EXPECT_EQ(bay.mesh.alarms[1].number, bay.mesh.alarms[0].number);
}

TEST(Agent, DangerElsewhereIsShownHereUntilTheAllClear) {
  BayBench bay;
  bay.run(1s);
  BayAlarm alarm;
  alarm.number = 4;
  alarm.device = "BAY-2";
  alarm.bay = "B13";
  alarm.level = DangerLevel::everybody;
  bay.agent().heard(alarm);
  bay.run(10ms);
  EXPECT_EQ(bay.world().lines.at(1), "Danger at bay B13");
  alarm.all_clear = true;
  bay.agent().heard(alarm);
  bay.run(10ms);
  EXPECT_EQ(bay.world().lines.at(0), "Free");
}

TEST(Agent, HornAndHazardLightsTogetherAreAnIntrusion_D5) {
  BayBench bay;
  bay.run(1s);
  bay.act("horn on");
  bay.run(10s);
  EXPECT_TRUE(bay.mesh.alarms.empty());
  bay.act("lights on");
  bay.run(4s);
  ASSERT_EQ(bay.mesh.alarms.size(), 1U);
  EXPECT_EQ(bay.mesh.alarms[0].kind, "car_alarm");
  bay.act("horn off");
  bay.act("lights off");
  bay.run(59s);
  EXPECT_EQ(bay.mesh.alarms.size(), 1U);
  bay.run(2s);
  ASSERT_EQ(bay.mesh.alarms.size(), 2U);
  EXPECT_TRUE(bay.mesh.alarms[1].all_clear);
}

TEST(Agent, APanicCallStandsUntilStaffHasLooked_D4_D6) {
  BayBench bay;
  bay.run(1s);
  bay.act("press panic");
  bay.run(600s);
  ASSERT_EQ(bay.mesh.alarms.size(), 1U);
  bay.agent().clear(safety::Remedy::staff);
  bay.run(10ms);
  ASSERT_EQ(bay.mesh.alarms.size(), 2U);
  EXPECT_TRUE(bay.mesh.alarms[1].all_clear);
  EXPECT_EQ(bay.mesh.alarms[1].number, bay.mesh.alarms[0].number);
}

TEST(Agent, WithoutMainsTheSmokeAlarmRunsLongest_C8) {
  BayBench bay;
  bay.act("mains off");
  const auto on = [&](LoadSwitch::Load load) { return bay.world().loads[static_cast<size_t>(load)]; };
  bay.act("battery 500");
  bay.run(50ms);
  EXPECT_FALSE(on(LoadSwitch::Load::lamp));
  EXPECT_TRUE(on(LoadSwitch::Load::camera));
  bay.act("battery 90");
  bay.run(50ms);
  EXPECT_FALSE(on(LoadSwitch::Load::radio));
  EXPECT_TRUE(on(LoadSwitch::Load::smoke_alarm));
  bay.act("mains on");
  bay.run(50ms);
  EXPECT_TRUE(on(LoadSwitch::Load::lamp));
}

TEST(Agent, ADriverWhoDoesNotAnswerAWarningLosesPowerAndMayGoOn_D2) {
  BayBench bay;
  bay.run(1s);
  bay.act("plug in");
  bay.ask("RequestStartTransaction", start_booking);
  bay.run(5s);
  bay.act("set residual_ac 16000");
  bay.run(61s);
  EXPECT_FALSE(bay.world().closed);
  bay.act("press go-on");
  bay.run(3s);
  EXPECT_TRUE(bay.world().closed);
}

TEST(Agent, AnUnknownTokenThatTheCentralSystemRefusesLaterIsStopped_C05) {
  BayBench bay;
  bay.run(1s);
  bay.token_status = "Invalid";
  bay.act("plug in");
  bay.act("card STRANGER");
  bay.run(3s);
  EXPECT_FALSE(bay.world().closed);
  EXPECT_TRUE(bay.told("TransactionEvent").empty());
}

TEST(Agent, SequenceNumbersHaveNoGapsOverALineThatComesAndGoes_E) {
  BayBench bay;
  bay.run(1s);
  bay.act("plug in");
  bay.ask("RequestStartTransaction", start_booking);
  bay.run(90s);
  bay.cut_line();
  bay.run(200s);
  bay.reachable = true;
  bay.run(200s);
  bay.act("plug out");
  bay.run(1s);
  const auto events = bay.told("TransactionEvent");
  ASSERT_GT(events.size(), 6U);
  for (size_t i = 0; i < events.size(); ++i) EXPECT_EQ(number_of(events[i], "seqNo"), static_cast<int64_t>(i));
  EXPECT_EQ(text_of(events.back(), "eventType"), "Ended");
}

TEST(Agent, EveryActionAnswersNonsenseWithoutHarm) {
  BayBench bay;
  bay.run(1s);
  EXPECT_EQ(status_of(bay.ask("UnlockConnector", R"({"evseId":4,"connectorId":1})")), "UnknownConnector");
  EXPECT_EQ(status_of(bay.ask("RequestStopTransaction", R"({"transactionId":"none"})")), "Rejected");
  EXPECT_EQ(status_of(bay.ask("CancelReservation", R"({"reservationId":77})")), "Rejected");
  EXPECT_EQ(status_of(bay.ask("ReserveNow", reserve_payload(bay, 1, "X", -1min))), "Rejected");
  EXPECT_EQ(status_of(bay.ask("GetCompositeSchedule", R"({"duration":-5,"evseId":1})")), "Rejected");
  EXPECT_EQ(status_of(bay.ask(
                "UpdateFirmware",
                R"({"requestId":1,"firmware":{"location":"http://x/f","retrieveDateTime":"2026-01-01T00:00:00Z"}})")),
            "Rejected");
}

}  // namespace
}  // namespace bayward::bay

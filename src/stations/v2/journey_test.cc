// The driver's way through a station of OCPP 2.0.1 and of 2.1, message by message, on the real core.
#include <gmock/gmock.h>

#include "core/booking/booking.h"
#include "stations/testing/rig.h"
#include "stations/token.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// By subprotocol.
class JourneyV2 : public ::testing::TestWithParam<const char*> {};

struct Tx {
  std::string type = "Started";  // Started, Updated, Ended
  std::string trigger = "Authorized";
  std::string id = "tx-1";
  int seq = 0;
  std::string token;  // none: no idToken
  std::string meter;  // JSON of sampledValue
  std::string state;  // chargingState
  int evse = 1;       // 0: none
  std::string at;     // none: now
  std::string more;   // further members
};

std::string wh(const std::string& value, const std::string& context = "Sample.Periodic") {
  return R"({"value":)" + value + R"(,"context":")" + context + R"(","measurand":"Energy.Active.Import.Register"})";
}

std::string event(FakeStation& station, Rig& rig, const Tx& tx) {
  const std::string at = tx.at.empty() ? rig.at() : tx.at;
  std::string text = R"({"eventType":")" + tx.type + R"(","timestamp":")" + at + R"(","triggerReason":")" + tx.trigger +
                     R"(","seqNo":)" + std::to_string(tx.seq) + R"(,"transactionInfo":{"transactionId":")" + tx.id +
                     "\"" + (tx.state.empty() ? "" : R"(,"chargingState":")" + tx.state + "\"") + "}";
  if (tx.evse) text += R"(,"evse":{"id":)" + std::to_string(tx.evse) + R"(,"connectorId":1})";
  if (!tx.token.empty()) text += R"(,"idToken":{"idToken":")" + tx.token + R"(","type":"ISO14443"})";
  if (!tx.meter.empty()) {
    text += R"(,"meterValue":[{"timestamp":")" + at + R"(","sampledValue":[)" + tx.meter + "]}]";
  }
  return station.call("TransactionEvent", text + tx.more + "}");
}

std::string authorize(FakeStation& station, const std::string& token, const std::string& type = "ISO14443") {
  return station.call("Authorize", R"({"idToken":{"idToken":")" + token + R"(","type":")" + type + "\"}}");
}

std::string notify(FakeStation& station, Rig& rig, const std::string& component, const std::string& variable,
                   const std::string& value, const std::string& evse = R"("evse":{"id":1},)") {
  return station.call("NotifyEvent",
                      R"({"generatedAt":")" + rig.at() + R"(","seqNo":0,"eventData":[{"eventId":1,"timestamp":")" +
                          rig.at() + R"(","trigger":"Delta","actualValue":")" + value +
                          R"(","eventNotificationType":"HardWiredNotification","component":{)" + evse + R"("name":")" +
                          component + R"("},"variable":{"name":")" + variable + "\"}}]}");
}

// B01.
// TC_B_01_CSMS
TEST_P(JourneyV2, ABootIsAcceptedAndTheStationOnline) {
  Rig rig;
  auto station = rig.connect(GetParam());
  EXPECT_THAT(station->boot_v2(),
              HasSubstr(R"("currentTime":"2026-03-23T08:00:00.000Z","interval":300,"status":"Accepted")"));
  EXPECT_TRUE(rig.world.the_site().station(rig.world.station)->online);
  EXPECT_THAT(station->call("Heartbeat", "{}"), HasSubstr("currentTime"));
}

// H01, H02.
// TC_H_01_CSMS, TC_H_17_CSMS
TEST_P(JourneyV2, ABookingIsReservedShortlyBeforeItsStartAndReleasedWhenCancelled) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[1], 2h);
  rig.pass(106min);
  EXPECT_THAT(
      station->calls_of("ReserveNow"),
      ElementsAre(R"({"id":1,"expiryDateTime":"2026-03-23T10:30:00.000Z","idToken":{"idToken":")" +
                  core::booking_token(booking) + R"(","type":"Central"},"evseId":2,"groupIdToken":{"idToken":")" +
                  group_token(rig.world.driver) + R"(","type":"Central"}})"));
  ASSERT_TRUE(rig.run(core::CancelBooking{booking}).ok());
  EXPECT_THAT(station->calls_of("CancelReservation"), ElementsAre(R"({"reservationId":1})"));
}

// H04: the station itself lets the reservation go; while it is wanted it is asked for again.
TEST_P(JourneyV2, AReservationThatTheStationRemovedIsMadeAgain) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 1h);
  rig.pass(50min);
  ASSERT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
  EXPECT_EQ(station->call("ReservationStatusUpdate", R"({"reservationId":1,"reservationUpdateStatus":"Removed"})"),
            "{}");
  rig.pass(30s);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(2));
}

// C01, E01, E02, E06.
// TC_C_39_CSMS, TC_E_04_CSMS, TC_E_10_CSMS, TC_J_09_CSMS, TC_J_10_CSMS
TEST_P(JourneyV2, TheHolderChargesAndIsBilledForWhatTheRegisterSays) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  EXPECT_THAT(authorize(*station, "card1"), HasSubstr(R"("status":"Accepted")"));
  EXPECT_THAT(authorize(*station, "card1"), HasSubstr(group_token(rig.world.driver)));
  EXPECT_THAT(event(*station, rig, {.token = "CARD1", .meter = wh("1000.25", "Transaction.Begin")}),
              HasSubstr(R"("status":"Accepted")"));
  EXPECT_EQ(rig.world.get(booking).phase, core::BookingPhase::active);
  rig.pass(10min);
  const std::string kilo = R"({"value":3.5,"unitOfMeasure":{"unit":"kWh","multiplier":0}})";
  EXPECT_EQ(event(*station, rig, {.type = "Updated", .trigger = "MeterValuePeriodic", .seq = 1, .meter = kilo}), "{}");
  EXPECT_EQ(rig.session()->readings.back().register_milliwh, 3'500'000);
  rig.pass(10min);
  EXPECT_EQ(
      event(*station, rig,
            {.type = "Ended", .trigger = "EVCommunicationLost", .seq = 2, .meter = wh("60.0025E2", "Transaction.End")}),
      "{}");
  const core::Session& session = *rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1));
  EXPECT_FALSE(session.open);
  EXPECT_EQ(session.energy_milliwh(), 5'000'000);
  EXPECT_EQ(session.booking, booking);
  EXPECT_TRUE(rig.csms.find(rig.world.station)->transactions.empty());
}

// E02: TxStartPoint EVConnected: the cable comes first, the card later.
// TC_E_03_CSMS, TC_E_09_CSMS
TEST_P(JourneyV2, TheCardMayComeAfterTheCable) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  EXPECT_EQ(event(*station, rig, {.trigger = "CablePluggedIn", .meter = wh("500"), .state = "EVConnected"}), "{}");
  EXPECT_EQ(rig.session(), nullptr) << "nothing flows and nobody is known";
  EXPECT_THAT(event(*station, rig, {.type = "Updated", .seq = 1, .token = "CARD1", .evse = 0}), HasSubstr("Accepted"));
  ASSERT_NE(rig.session(), nullptr);
  EXPECT_EQ(rig.session()->account, rig.world.driver);
  EXPECT_EQ(rig.session()->readings.front().register_milliwh, 500'000);
}

TEST_P(JourneyV2, ACableWithoutACardThatDrawsNothingIsNoSession) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_EQ(event(*station, rig, {.trigger = "CablePluggedIn", .meter = wh("500")}), "{}");
  EXPECT_EQ(event(*station, rig, {.type = "Ended", .trigger = "EVDeparted", .seq = 1, .meter = wh("500")}), "{}");
  EXPECT_EQ(rig.world.the_site().sessions.size(), 0u);
  EXPECT_EQ(rig.csms.counters().orphans, 0u);
}

// B3: a car that the camera has recognised needs no card.
TEST_P(JourneyV2, ThePlateOpensTheBay) {
  Rig rig;
  const VehicleId car = rig.add_car(rig.world.driver, "沪A·12345");
  auto station = rig.connect_booted(GetParam());
  core::RequestBooking wish = rig.world.wish(rig.world.driver, rig.world.bays[0], rig.world.now, 1h);
  wish.vehicle = car;
  const BookingId booking{rig.world.make(wish)};
  EXPECT_EQ(notify(*station, rig, "BayOccupancySensor", "Active", "true"), "{}");
  EXPECT_TRUE(rig.bay().occupied);
  EXPECT_EQ(notify(*station, rig, "vehicleidsensor", "VehicleId", "沪A 12345"), "{}");
  EXPECT_EQ(rig.world.get(booking).phase, core::BookingPhase::active);
  EXPECT_EQ(event(*station, rig, {.trigger = "CablePluggedIn", .meter = wh("0"), .state = "Charging"}), "{}");
  ASSERT_NE(rig.session(), nullptr);
  EXPECT_EQ(rig.session()->booking, booking);
  EXPECT_EQ(notify(*station, rig, "BayOccupancySensor", "Percent", "3"), "{}");
  EXPECT_FALSE(rig.bay().occupied);
}

// TC_N_21_CSMS
TEST_P(JourneyV2, EventsOfOtherComponentsAreTakenNoteOf) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_EQ(notify(*station, rig, "BeaconLighting", "Active", "true"), "{}");
  EXPECT_EQ(notify(*station, rig, "BayOccupancySensor", "Active", "perhaps"), "{}");
  EXPECT_EQ(notify(*station, rig, "VehicleIdSensor", "VehicleId", "??"), "{}");
  EXPECT_EQ(notify(*station, rig, "BayOccupancySensor", "Active", "true", ""), "{}") << "which bay is not said";
  EXPECT_THAT(notify(*station, rig, "BayOccupancySensor", "Active", "true", R"("evse":{"id":1000000000},)"),
              HasSubstr("PropertyConstraintViolation"));
  EXPECT_FALSE(rig.bay().occupied);
}

// TC_C_02_CSMS
TEST_P(JourneyV2, TokensThatMayNotChargeAreToldWhy) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_THAT(authorize(*station, "NOBODY"), HasSubstr(R"("status":"Unknown")"));
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  rig.world.book(rig.world.driver, rig.world.bays[1], 0h, 2h);
  EXPECT_THAT(authorize(*station, "CARD2"), HasSubstr("NotAtThisTime"));
  rig.world.book(rig.world.other, rig.world.bays[2], 0h, 2h);
  EXPECT_THAT(authorize(*station, "CARD2"), HasSubstr("NotAtThisLocation"));
}

// B3: power only for the holder.
TEST_P(JourneyV2, AStrangersChargingIsStopped) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_THAT(event(*station, rig, {.token = "NOBODY", .meter = wh("0"), .state = "Charging"}), HasSubstr("Unknown"));
  EXPECT_THAT(station->calls_of("RequestStopTransaction"), ElementsAre(R"({"transactionId":"tx-1"})"));
  EXPECT_TRUE(rig.bay().incidents.contains(core::IncidentKind::unauthorised_charging));
}

// F01, F02, F03.
// TC_F_01_CSMS, TC_E_21_CSMS
TEST_P(JourneyV2, TheDriversAppStartsAndStopsFromAfar) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  ASSERT_TRUE(rig.run(core::RequestCharging{booking}).ok());
  const std::string token = core::booking_token(booking);
  ASSERT_THAT(station->calls_of("RequestStartTransaction"), SizeIs(1));
  EXPECT_THAT(station->calls_of("RequestStartTransaction")[0], HasSubstr(token));
  EXPECT_THAT(event(*station, rig, {.trigger = "RemoteStart", .token = token, .meter = wh("0"), .state = "Charging"}),
              HasSubstr("Accepted"));
  ASSERT_NE(rig.session(), nullptr);
  ASSERT_TRUE(rig.run(core::RequestChargingStop{rig.session()->id}).ok());
  EXPECT_THAT(station->calls_of("RequestStopTransaction"), ElementsAre(R"({"transactionId":"tx-1"})"));
}

// F06: after a restart the id isn't known; the station is made to tell it.
// TC_F_13_CSMS
TEST_P(JourneyV2, AStopWithoutAKnownTransactionAsksForItsId) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  EXPECT_THAT(event(*station, rig, {.token = "CARD1", .meter = wh("0")}), HasSubstr("Accepted"));
  rig.csms.find(rig.world.station)->transactions.clear();
  ASSERT_TRUE(rig.run(core::RequestChargingStop{rig.session()->id}).ok());
  EXPECT_THAT(station->calls_of("TriggerMessage"),
              ElementsAre(R"({"evse":{"id":1},"requestedMessage":"TransactionEvent"})"));
  EXPECT_EQ(event(*station, rig, {.type = "Updated", .trigger = "Trigger", .seq = 1}), "{}");
  rig.pass(30s);
  EXPECT_THAT(station->calls_of("RequestStopTransaction"), ElementsAre(R"({"transactionId":"tx-1"})"));
}

TEST_P(JourneyV2, EventsThatComeTwiceChangeNothing) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  const Tx started{.token = "CARD1", .meter = wh("100", "Transaction.Begin")};
  for (int i = 0; i < 2; ++i) EXPECT_THAT(event(*station, rig, started), HasSubstr("Accepted"));
  rig.pass(1min);
  const Tx ended{.type = "Ended", .trigger = "StopAuthorized", .seq = 1, .meter = wh("200", "Transaction.End")};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(event(*station, rig, ended), "{}");
  EXPECT_THAT(event(*station, rig, started), HasSubstr("idTokenInfo"));
  EXPECT_EQ(rig.world.the_site().sessions.size(), 1u);
  EXPECT_EQ(rig.session(), nullptr);
  EXPECT_EQ(rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1))->energy_milliwh(), 100'000);
}

TEST_P(JourneyV2, AnEndThatOvertakesItsStartWaitsForIt) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  rig.pass(10min);
  const Tx ended{.type = "Ended", .trigger = "StopAuthorized", .seq = 1, .meter = wh("300"), .evse = 0};
  EXPECT_EQ(event(*station, rig, ended), "{}");
  EXPECT_EQ(rig.world.the_site().sessions.size(), 0u);
  EXPECT_EQ(rig.csms.counters().orphans, 1u);
  EXPECT_THAT(event(*station, rig, {.token = "CARD1", .meter = wh("100"), .more = R"(,"offline":true)"}),
              HasSubstr("Accepted"));
  const core::Session* session = rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1));
  ASSERT_NE(session, nullptr);
  EXPECT_FALSE(session->open);
  EXPECT_EQ(session->energy_milliwh(), 200'000);
}

// In whatever order and how often they come: one session, with the energy of its first and last register.
TEST_P(JourneyV2, EveryOrderOfEventsMakesTheSameSession) {
  std::vector<size_t> order{0, 1, 2, 3};
  do {
    Rig rig;
    auto station = rig.connect_booted(GetParam());
    rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
    const Instant start = rig.world.now;
    rig.pass(20min);
    const Tx events[] = {
        {.token = "CARD1", .meter = wh("100", "Transaction.Begin"), .at = to_rfc3339(start)},
        {.type = "Updated", .seq = 1, .meter = wh("150"), .state = "Charging", .at = to_rfc3339(start + 5min)},
        {.type = "Updated", .seq = 2, .meter = wh("200"), .at = to_rfc3339(start + 10min)},
        {.type = "Ended", .seq = 3, .meter = wh("300", "Transaction.End"), .at = to_rfc3339(start + 15min)}};
    std::string name;
    for (const size_t index : order) {
      name += std::to_string(index);
      for (int repeat = 0; repeat < 2; ++repeat) (void)event(*station, rig, events[index]);
    }
    ASSERT_EQ(rig.world.the_site().sessions.size(), 1u) << name;
    const core::Session& session = *rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1));
    EXPECT_FALSE(session.open) << name;
    EXPECT_EQ(session.energy_milliwh(), 200'000) << name;
    EXPECT_EQ(session.account, rig.world.driver) << name;
  } while (std::next_permutation(order.begin(), order.end()));
}

// E12, E04: after an outage one message carries it all.
TEST_P(JourneyV2, AnEndWithBothRegistersIsAWholeSession) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  const std::string both = wh("100", "Transaction.Begin") + "]},{\"timestamp\":\"" + rig.at(20min) +
                           "\",\"sampledValue\":[" + wh("900", "Transaction.End");
  rig.pass(20min);
  EXPECT_THAT(event(*station, rig,
                    {.type = "Ended",
                     .trigger = "StopAuthorized",
                     .seq = 3,
                     .token = "CARD1",
                     .meter = both,
                     .more = R"(,"offline":true)"}),
              HasSubstr("Accepted"));
  const core::Session* session = rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1));
  ASSERT_NE(session, nullptr);
  EXPECT_EQ(session->energy_milliwh(), 800'000);
  EXPECT_EQ(session->account, rig.world.driver);
}

TEST_P(JourneyV2, AnEndWithoutARegisterTakesTheLastOneSeen) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  (void)event(*station, rig, {.token = "CARD1", .meter = wh("100")});
  rig.pass(1min);
  EXPECT_EQ(event(*station, rig, {.type = "Updated", .trigger = "MeterValuePeriodic", .seq = 1, .meter = wh("150")}),
            "{}");
  rig.pass(1min);
  EXPECT_EQ(event(*station, rig, {.type = "Ended", .trigger = "EVDeparted", .seq = 2}), "{}");
  EXPECT_EQ(rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1))->energy_milliwh(), 50'000);
}

// E03.FR.03: with TxStartPoint ParkingBayOccupancy the transaction tells of the car.
// TC_E_12_CSMS, TC_E_19_CSMS
TEST_P(JourneyV2, ATransactionMayTellThatACarCame) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_EQ(event(*station, rig, {.trigger = "EVDetected"}), "{}");
  EXPECT_TRUE(rig.bay().occupied);
  EXPECT_EQ(event(*station, rig, {.type = "Ended", .trigger = "EVDeparted", .seq = 1}), "{}");
  EXPECT_FALSE(rig.bay().occupied);
}

TEST_P(JourneyV2, ImpossibleNumbersAreRefused) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_THAT(event(*station, rig, {.token = "CARD1", .evse = 1'000'000'000}),
              HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(event(*station, rig, {.token = "CARD1", .meter = wh("-1")}), HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(
      station->call("StatusNotification",
                    R"({"timestamp":")" + rig.at() + R"(","connectorStatus":"Available","evseId":99,"connectorId":1})"),
      HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(station->call("StatusNotification", R"({"timestamp":")" + rig.at() +
                                                      R"(","connectorStatus":"Broken","evseId":1,"connectorId":1})"),
              HasSubstr("PropertyConstraintViolation"));
}

// G01: an EVSE with several connectors can be used while one of them can.
// TC_G_01_CSMS
TEST_P(JourneyV2, AnEvseIsWhatItsBestConnectorIs) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  const auto report = [&](int connector, const std::string& status) {
    return station->call("StatusNotification", R"({"timestamp":")" + rig.at() + R"(","connectorStatus":")" + status +
                                                   R"(","evseId":1,"connectorId":)" + std::to_string(connector) + "}");
  };
  EXPECT_EQ(report(1, "Faulted"), "{}");
  EXPECT_EQ(rig.bay().connector, core::ConnectorStatus::faulted);
  EXPECT_EQ(report(2, "Available"), "{}");
  EXPECT_EQ(rig.bay().connector, core::ConnectorStatus::available);
  EXPECT_EQ(report(2, "Occupied"), "{}");
  EXPECT_EQ(rig.bay().connector, core::ConnectorStatus::occupied);
}

// TC_J_01_CSMS
TEST_P(JourneyV2, MeterValuesOutsideTransactionsAreTelemetry) {
  Rig rig;
  auto station = rig.connect_booted(GetParam());
  EXPECT_EQ(station->call("MeterValues", R"({"evseId":0,"meterValue":[{"timestamp":")" + rig.at() +
                                             R"(","sampledValue":[{"value":230.1,"measurand":"Voltage"}]}]})"),
            "{}");
  ASSERT_THAT(rig.telemetry.samples, SizeIs(1));
  EXPECT_EQ(rig.telemetry.samples[0].value, 230'100);
  EXPECT_THAT(rig.engine.commands, Not(::testing::Contains("MeterSession")));
}

INSTANTIATE_TEST_SUITE_P(Versions, JourneyV2, ::testing::Values("ocpp2.0.1", "ocpp2.1"),
                         [](const auto& info) { return info.index == 0 ? "V201" : "V21"; });

}  // namespace
}  // namespace bayward::stations

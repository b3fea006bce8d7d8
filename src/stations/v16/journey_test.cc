// The driver's way through a station of OCPP 1.6, message by message, on the real core.
#include <gmock/gmock.h>

#include "core/booking/booking.h"
#include "stations/testing/rig.h"
#include "stations/token.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* v16_name = "ocpp1.6";

std::string start(Rig& rig, const std::string& token, int64_t meter, int connector = 1) {
  return "{\"connectorId\":" + std::to_string(connector) + ",\"idTag\":\"" + token +
         "\",\"meterStart\":" + std::to_string(meter) + ",\"timestamp\":\"" + rig.at() + "\"}";
}
std::string stop(Rig& rig, int64_t transaction, int64_t meter) {
  return "{\"transactionId\":" + std::to_string(transaction) + ",\"meterStop\":" + std::to_string(meter) +
         ",\"timestamp\":\"" + rig.at() + "\"}";
}
std::string energy(Rig& rig, int64_t transaction, const std::string& value, const std::string& unit = "Wh") {
  return "{\"connectorId\":1,\"transactionId\":" + std::to_string(transaction) + ",\"meterValue\":[{\"timestamp\":\"" +
         rig.at() + "\",\"sampledValue\":[{\"value\":\"" + value + "\",\"unit\":\"" + unit + "\"}]}]}";
}

TEST(JourneyV16, ABootIsAcceptedAndTheStationOnline) {
  Rig rig;
  auto station = rig.connect(v16_name);
  EXPECT_THAT(station->boot_v16(),
              HasSubstr(R"("status":"Accepted","currentTime":"2026-03-23T08:00:00.000Z","interval":300)"));
  EXPECT_TRUE(rig.world.the_site().station(rig.world.station)->online);
  EXPECT_THAT(station->call("Heartbeat", "{}"), HasSubstr("currentTime"));
  station->drop();
  EXPECT_FALSE(rig.world.the_site().station(rig.world.station)->online);
}

TEST(JourneyV16, ABookingIsReservedShortlyBeforeItsStartAndReleasedOnArrival) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 1h);
  rig.pass(44min);
  EXPECT_THAT(station->calls_of("ReserveNow"), IsEmpty());
  rig.pass(2min);
  const auto calls = station->calls_of("ReserveNow");
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_EQ(calls[0], R"({"connectorId":1,"expiryDate":"2026-03-23T09:30:00.000Z","idTag":")" +
                          core::booking_token(booking) + R"(","parentIdTag":")" + group_token(rig.world.driver) +
                          R"(","reservationId":1})");
  rig.pass(10min);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1)) << "an accepted one is not repeated";
  rig.world.arrive(booking);
  rig.pass(1min);
  EXPECT_THAT(station->calls_of("CancelReservation"), ElementsAre(R"({"reservationId":1})"));
  rig.pass(5min);
  EXPECT_THAT(station->calls_of("CancelReservation"), SizeIs(1));
}

TEST(JourneyV16, TheHolderChargesAndIsBilledForWhatTheRegisterSays) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  const std::string group = R"("parentIdTag":")" + group_token(rig.world.driver) + "\"";
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"card1"})"), HasSubstr(group + R"(,"status":"Accepted")"));
  EXPECT_THAT(station->call("Authorize", R"({"idTag":")" + core::booking_token(booking) + "\"}"),
              HasSubstr("Accepted"));
  const std::string started = station->call("StartTransaction", start(rig, "CARD1", 1000));
  EXPECT_THAT(started, HasSubstr(R"("status":"Accepted"},"transactionId":1)"));
  EXPECT_EQ(rig.world.get(booking).phase, core::BookingPhase::active);
  rig.pass(10min);
  EXPECT_EQ(station->call("MeterValues", energy(rig, 1, "3.5005", "kWh")), "{}");
  EXPECT_EQ(rig.session()->readings.back().register_milliwh, 3'500'500);
  rig.pass(20min);
  EXPECT_EQ(station->call("StopTransaction", stop(rig, 1, 6000)), "{}");
  const core::Session& session = *rig.world.state.session(SessionId{site_scoped<SessionId>(rig.world.site, 1)});
  EXPECT_FALSE(session.open);
  EXPECT_EQ(session.energy_milliwh(), 5'000'000);
  EXPECT_EQ(session.booking, booking);
  EXPECT_THAT(station->calls_of("RemoteStopTransaction"), IsEmpty());
}

// OCPP 1.6 5.13: a start with its id uses the reservation up; nothing is to be made again or cancelled.
TEST(JourneyV16, AReservationThatAStartHasUsedIsLeftAlone) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 15min);
  rig.pass(10min);
  ASSERT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
  std::string request = start(rig, core::booking_token(booking), 0);
  request.insert(request.size() - 1, R"(,"reservationId":1)");
  EXPECT_THAT(station->call("StartTransaction", request), HasSubstr("Accepted"));
  rig.pass(5min);
  EXPECT_THAT(station->calls_of("ReserveNow"), SizeIs(1));
  EXPECT_THAT(station->calls_of("CancelReservation"), IsEmpty());
}

// OCPP 1.6 3.7.1: a station repeats what was not answered.
TEST(JourneyV16, AStartThatComesTwiceIsOneTransaction) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  const std::string request = start(rig, "CARD1", 1000);
  const std::string first = station->call("StartTransaction", request);
  EXPECT_EQ(station->call("StartTransaction", request), first);
  rig.pass(1min);
  EXPECT_EQ(station->call("StopTransaction", stop(rig, 1, 2000)), "{}");
  EXPECT_EQ(station->call("StartTransaction", request), first);
  EXPECT_EQ(station->call("StopTransaction", stop(rig, 1, 2000)), "{}");
  EXPECT_EQ(rig.world.the_site().sessions.size(), 1u);
  EXPECT_EQ(rig.csms.counters().orphans, 0u);
}

TEST(JourneyV16, TokensThatMayNotChargeAreToldWhy) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"NOBODY"})"), HasSubstr("Invalid"));
  const BookingId second = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  rig.world.book(rig.world.driver, rig.world.bays[1], 0h, 2h);
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"CARD2"})"), HasSubstr("Invalid")) << "both bays are booked";
  rig.world.tell(core::CancelBooking{second});
  const std::string stale = core::booking_token(second);
  EXPECT_THAT(station->call("Authorize", R"({"idTag":")" + stale + "\"}"), HasSubstr("Invalid"))
      << "a cancelled booking opens nothing";
}

// A9: a known card at a free bay is a walk-up request.
TEST(JourneyV16, ATapAtAFreeBayIsAWalkUp) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"CARD2"})"), HasSubstr("Accepted"));
  ASSERT_EQ(rig.world.the_site().bookings.size(), 1u);
  EXPECT_THAT(station->call("StartTransaction", start(rig, "CARD2", 0)), HasSubstr("Accepted"));
  EXPECT_EQ(rig.world.the_site().bookings.size(), 1u);
  EXPECT_EQ(rig.session()->account, rig.world.other);
}

TEST(JourneyV16, ATapWithAnEmptyWalletIsBlocked) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const AccountId poor{rig.world.make(core::OpenAccount{core::print_of(50), core::role_driver})};
  rig.add_card(poor, "POOR");
  (void)rig.add_car(poor, "X-1");
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"POOR"})"), HasSubstr("Blocked"));
}

// B3: power only for the holder. The station began by itself; it is told to stop.
TEST(JourneyV16, AStartByAStrangerIsStoppedAgain) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  EXPECT_THAT(station->call("StartTransaction", start(rig, "NOBODY", 0)),
              HasSubstr(R"("status":"Invalid"},"transactionId":1)"));
  EXPECT_THAT(station->calls_of("RemoteStopTransaction"), ElementsAre(R"({"transactionId":1})"));
  EXPECT_TRUE(rig.bay().incidents.contains(core::IncidentKind::unauthorised_charging));
}

TEST(JourneyV16, TheDriversAppStartsAndStopsFromAfar) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const BookingId booking = rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  ASSERT_TRUE(rig.run(core::RequestCharging{booking}).ok());
  const std::string token = core::booking_token(booking);
  EXPECT_THAT(station->calls_of("RemoteStartTransaction"),
              ElementsAre(R"({"connectorId":1,"idTag":")" + token + "\"}"));
  EXPECT_THAT(station->call("StartTransaction", start(rig, token, 0)), HasSubstr("Accepted"));
  ASSERT_NE(rig.session(), nullptr);
  ASSERT_TRUE(rig.run(core::RequestChargingStop{rig.session()->id}).ok());
  EXPECT_THAT(station->calls_of("RemoteStopTransaction"), ElementsAre(R"({"transactionId":1})"));
}

TEST(JourneyV16, EveryStateOfAConnectorHasItsMeaning) {
  struct Case {
    const char* status;
    core::ConnectorStatus meaning;
  };
  const Case cases[] = {
      {"Available", core::ConnectorStatus::available},    {"Preparing", core::ConnectorStatus::occupied},
      {"Charging", core::ConnectorStatus::occupied},      {"SuspendedEV", core::ConnectorStatus::occupied},
      {"SuspendedEVSE", core::ConnectorStatus::occupied}, {"Finishing", core::ConnectorStatus::occupied},
      {"Reserved", core::ConnectorStatus::reserved},      {"Unavailable", core::ConnectorStatus::unavailable},
      {"Faulted", core::ConnectorStatus::faulted},
  };
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  const auto report = [&](int connector, const std::string& status) {
    return station->call("StatusNotification", "{\"connectorId\":" + std::to_string(connector) +
                                                   ",\"errorCode\":\"NoError\",\"status\":\"" + status + "\"}");
  };
  for (const Case& one : cases) {
    EXPECT_EQ(report(1, one.status), "{}");
    EXPECT_EQ(rig.bay().connector, one.meaning) << one.status;
  }
  EXPECT_EQ(report(1, "Available"), "{}");
  EXPECT_EQ(report(0, "Faulted"), "{}");
  EXPECT_EQ(rig.bay().connector, core::ConnectorStatus::faulted) << "connector 0 speaks for all";
  EXPECT_EQ(report(0, "Available"), "{}");
  EXPECT_EQ(rig.bay().connector, core::ConnectorStatus::available);
  EXPECT_THAT(report(1'000'000'000, "Available"), HasSubstr("PropertyConstraintViolation"));
}

// docs/datatransfer.md
TEST(JourneyV16, BayOccupancyAndPlatesComeByDataTransfer) {
  Rig rig;
  const VehicleId car = rig.add_car(rig.world.driver, "B-AY 1");
  auto station = rig.connect_booted(v16_name);
  core::RequestBooking wish = rig.world.wish(rig.world.driver, rig.world.bays[0], rig.world.now, 1h);
  wish.vehicle = car;
  const BookingId booking{rig.world.make(wish)};
  const auto transfer = [&](const std::string& message, const std::string& data) {
    std::string escaped;
    for (const char c : data) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
    return station->call("DataTransfer",
                         R"({"vendorId":"org.bayward","messageId":")" + message + R"(","data":")" + escaped + "\"}");
  };
  EXPECT_THAT(transfer("BayOccupancy", R"({"connectorId":1,"occupied":true})"), HasSubstr("Accepted"));
  EXPECT_TRUE(rig.bay().occupied);
  EXPECT_THAT(transfer("VehicleId", R"({"connectorId":1,"plate":"b ay-1"})"), HasSubstr("Accepted"));
  EXPECT_EQ(rig.world.get(booking).phase, core::BookingPhase::active);
  EXPECT_THAT(transfer("BayOccupancy", R"({"connectorId":7,"occupied":true})"), HasSubstr("Rejected"));
  EXPECT_THAT(transfer("BayOccupancy", R"({"connectorId":1})"), HasSubstr("occupied: true or false"));
  EXPECT_THAT(transfer("BayOccupancy", "no json"), HasSubstr("Rejected"));
  EXPECT_THAT(transfer("Dance", "{}"), HasSubstr("UnknownMessageId"));
  EXPECT_THAT(station->call("DataTransfer", R"({"vendorId":"com.other"})"), HasSubstr("UnknownVendorId"));
}

// Field software: queued messages after an outage, transactions nobody knows.
TEST(JourneyV16, TransactionsThatNobodyKnowsAreAnsweredAndCounted) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  for (const int64_t id : {0, -1, 4711}) EXPECT_EQ(station->call("StopTransaction", stop(rig, id, 10)), "{}");
  EXPECT_EQ(station->call("MeterValues", energy(rig, 4711, "10")), "{}");
  EXPECT_EQ(rig.csms.counters().orphans, 4u);
  EXPECT_THAT(station->call("StartTransaction", start(rig, "CARD1", 0, 9)),
              HasSubstr(R"("status":"Invalid"},"transactionId":1)"))
      << "a real id, far above those of sessions";
  EXPECT_EQ(rig.csms.counters().orphans, 5u);
}

TEST(JourneyV16, ATransactionOutlivesTheServersMemory) {
  Rig rig;
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  rig.world.tell(rig.world.start_of(7, 1, core::print_of(101), 1'000'000));
  ASSERT_NE(rig.session(), nullptr);
  auto station = rig.connect(v16_name);  // it never booted since
  rig.pass(6min);
  EXPECT_EQ(station->call("MeterValues", energy(rig, 1, "2000")), "{}");
  EXPECT_EQ(rig.session()->readings.back().register_milliwh, 2'000'000);
  EXPECT_EQ(station->call("StopTransaction", stop(rig, 1, 2500)), "{}");
  EXPECT_EQ(rig.session(), nullptr);
  EXPECT_EQ(rig.csms.counters().orphans, 0u);
}

TEST(JourneyV16, RegistersThatNoMeterHasAreRefused) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  (void)station->call("StartTransaction", start(rig, "CARD1", 1000));
  EXPECT_THAT(station->call("MeterValues", energy(rig, 1, "NaN")), HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(station->call("MeterValues", energy(rig, 1, "-5")), HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(station->call("StartTransaction", start(rig, "CARD1", -1)), HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(station->call("StopTransaction", stop(rig, 1, -1)), HasSubstr("PropertyConstraintViolation"));
  EXPECT_THAT(station->call("StopTransaction", stop(rig, 5'000'000'000, 1)), HasSubstr("PropertyConstraintViolation"));
  rig.pass(1min);
  EXPECT_EQ(station->call("StopTransaction", stop(rig, 1, 500)), "{}") << "backwards: the core notes the defect";
  EXPECT_TRUE(rig.world.state.session(site_scoped<SessionId>(rig.world.site, 1))->register_defect);
}

TEST(JourneyV16, OtherMeasurandsAreTelemetryAndNotBusiness) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  (void)station->call("StartTransaction", start(rig, "CARD1", 1000));
  const size_t before = rig.engine.count("MeterSession");
  EXPECT_EQ(
      station->call("MeterValues", R"({"connectorId":1,"transactionId":1,"meterValue":[{"timestamp":")" + rig.at() +
                                       R"(","sampledValue":[
        {"value":"7.2","measurand":"Power.Active.Import","unit":"kW"},
        {"value":"16.04","measurand":"Current.Import","phase":"L1","unit":"A"},
        {"value":"55.5","measurand":"SoC","unit":"Percent","location":"EV"},
        {"value":"31.5","measurand":"Temperature","unit":"Celcius"},
        {"value":"junk","measurand":"Voltage"}]}]})"),
      "{}");
  EXPECT_EQ(rig.engine.count("MeterSession"), before);
  ASSERT_THAT(rig.telemetry.samples, SizeIs(4));
  EXPECT_EQ(rig.telemetry.samples[0].value, 7200);
  EXPECT_EQ(rig.telemetry.samples[1].value, 16'040);
  EXPECT_EQ(rig.telemetry.samples[1].phase, 1);
  EXPECT_EQ(rig.telemetry.samples[2].value, 555);
  EXPECT_EQ(rig.telemetry.samples[3].value, 31'500);
  EXPECT_EQ(rig.telemetry.samples[0].station, rig.world.station);
  EXPECT_TRUE(rig.telemetry.samples[0].session);
}

TEST(JourneyV16, WhatCannotBeRecordedIsToBeSentAgain) {
  Rig rig;
  auto station = rig.connect_booted(v16_name);
  rig.world.book(rig.world.driver, rig.world.bays[0], 0h, 2h);
  const std::string request = start(rig, "CARD1", 1000);
  rig.engine.full = true;
  EXPECT_THAT(station->call("StartTransaction", request), HasSubstr("InternalError: not recorded"));
  EXPECT_THAT(station->call("Authorize", R"({"idTag":"CARD1"})"), HasSubstr("InternalError"));
  rig.engine.full = false;
  EXPECT_THAT(station->call("StartTransaction", request), HasSubstr("Accepted"));
}

}  // namespace
}  // namespace bayward::stations

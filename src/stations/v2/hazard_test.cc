#include "stations/v2/hazard.h"

#include <gtest/gtest.h>

namespace bayward::stations::v2 {
namespace {

namespace types = ocpp::v21;

types::EventDataType event(std::string component, std::string variable, std::string value) {
  types::EventDataType out;
  out.component.name = std::move(component);
  out.variable.name = std::move(variable);
  out.actual_value = std::move(value);
  out.trigger = types::EventTriggerEnumType::alerting;
  return out;
}

std::string read(const types::EventDataType& event) {
  const auto hazard = hazard_of(event);
  return hazard ? std::string(core::to_text(hazard->kind)) + (hazard->active ? "" : " over") : "";
}

TEST(Hazard, N07EventsOfSensorsOfDangerAreIncidents) {
  EXPECT_EQ(read(event("FireSensor", "Tripped", "true")), "smoke");
  EXPECT_EQ(read(event("firesensor", "TRIPPED", "false")), "smoke over");
  EXPECT_EQ(read(event("FireSensor", "Active", "true")), "thermal_rising");
  EXPECT_EQ(read(event("RCD", "Tripped", "1")), "residual_current");
  EXPECT_EQ(read(event("ElectricalFeed", "Active", "false")), "mains_lost");
  EXPECT_EQ(read(event("ElectricalFeed", "Active", "true")), "mains_lost over");
  EXPECT_EQ(read(event("IntrusionSensor", "Tripped", "true")), "break_in");
  EXPECT_EQ(read(event("BayOccupancySensor", "Active", "true")), "");
}

TEST(Hazard, HeatIsDangerBeyondWhatPvcBearsUnlessTheDeviceCallsItWarm) {
  EXPECT_EQ(read(event("TemperatureSensor", "Temperature", "95.5")), "thermal_danger");
  EXPECT_EQ(read(event("TemperatureSensor", "Temperature", "61")), "thermal_warning");
  auto warm = event("TemperatureSensor", "Temperature", "74.0");
  warm.tech_code = "warm_connector";
  EXPECT_EQ(read(warm), "thermal_warning");
  warm.cleared = true;
  EXPECT_EQ(read(warm), "thermal_warning over");
  auto reading = event("TemperatureSensor", "Temperature", "95.5");
  reading.trigger = types::EventTriggerEnumType::periodic;
  EXPECT_EQ(read(reading), "") << "a reading is no alarm";
}

TEST(Hazard, OnlyTheButtonNamedPanicCallsThePolice) {
  auto button = event("UIInput", "Operated", "true");
  EXPECT_EQ(read(button), "");
  button.component.instance = "panic";
  EXPECT_EQ(read(button), "panic_button");
}

}  // namespace
}  // namespace bayward::stations::v2

// The real agent over the town's hardware with no central system to be had: safety, mesh and people are served all the
// same.
#include "sim/town/bays/own_bay.h"

#include <gtest/gtest.h>

namespace bayward::town {
namespace {

class Alone {
 public:
  Alone() {
    watch.raised = [this](OwnBay&, const bay::BayAlarm& alarm) { alarms.push_back(alarm); };
    watch.published = [this](OwnBay&, const bay::BayState& state) { states.push_back(state); };
    OwnBayConfig config;
    config.identity = "BAY-B12";
    config.label = "B12";
    config.address = "Am Anger 1";
    auto built = OwnBay::build(
        config, [](auto, const auto& failed) { failed("no line"); }, watch);
    EXPECT_TRUE(built.ok());
    bay = *std::move(built);
    around.volts = {230, 230, 230};
  }
  template <class Condition>
  bool run(Duration limit, Condition until) {
    for (const bay::Uptime end = now + limit; now < end;) {
      now += 10ms;
      bay->step({now, from_unix_s(1'800'000'000) + now}, around);
      if (until()) return true;
    }
    return false;
  }

  OwnBay::Watch watch;
  std::vector<bay::BayAlarm> alarms;
  std::vector<bay::BayState> states;
  std::unique_ptr<OwnBay> bay;
  Surroundings around;
  bay::Uptime now{1h};
};

TEST(OwnBay, ACarThatComesIsSeenAndToldToTheMesh) {
  Alone town;
  town.run(1s, [] { return false; });
  town.bay->car_enters("M-AN 1001", {});
  town.bay->plug_in({60'000, 20'000, 11'000}, {});
  EXPECT_TRUE(town.run(2s, [&] { return town.bay->agent().state().plugged; }));
  EXPECT_TRUE(town.states.back().occupied);
  EXPECT_FALSE(town.bay->online());
}

TEST(OwnBay, NobodyIsGivenPowerWithoutBeingKnown) {
  Alone town;
  town.bay->car_enters("M-AN 1001", {});
  town.bay->plug_in({60'000, 20'000, 11'000}, {});
  town.bay->show_card("STRANGER", {});
  EXPECT_FALSE(town.run(10s, [&] { return town.bay->body().contacts_closed(); }));
  EXPECT_FALSE(town.bay->charging());
}

TEST(OwnBay, SmokeIsAnAlarmWithDeviceAddressAndBayAndEndsWhenItWasInspected) {
  Alone town;
  town.run(1s, [] { return false; });
  town.around.smoke_percent_per_m = 4;
  ASSERT_TRUE(town.run(1s, [&] { return !town.alarms.empty(); }));
  EXPECT_EQ(town.alarms.front().kind, "smoke");
  EXPECT_EQ(town.alarms.front().device, "BAY-B12");
  EXPECT_EQ(town.alarms.front().address, "Am Anger 1");
  EXPECT_EQ(town.alarms.front().bay, "B12");
  EXPECT_GE(town.alarms.front().level, bay::DangerLevel::danger);
  town.around.smoke_percent_per_m = 0;
  EXPECT_FALSE(town.run(40s, [&] { return town.alarms.back().all_clear; }));
  EXPECT_TRUE(town.run(10s, [&] {
    town.bay->agent().clear(bay::safety::Remedy::inspection);
    return town.alarms.back().all_clear;
  }));
  EXPECT_EQ(town.alarms.back().number, town.alarms.front().number);
}

TEST(OwnBay, WithoutMainsTheLoadsAreShedInTheirOrderAndTheSmokeAlarmStays) {
  Alone town;
  town.run(1s, [] { return false; });
  town.around.volts = {0, 0, 0};
  bool camera_went_first = false;
  for (int minute = 0; minute < 60 * 24 && town.bay->body().store().share() > 0.12; ++minute) {
    town.now += 390ms;
    town.bay->step({town.now, from_unix_s(1'800'000'000) + town.now}, town.around);
    BayBody& body = town.bay->body();
    physics::BayStore store = body.store();
    store.charged_wh = std::max(0.0, store.charged_wh - 0.5);
    body.set_store(store);
    camera_went_first = camera_went_first || (!body.camera_on && body.store().share() > 0.2);
  }
  EXPECT_TRUE(camera_went_first);
  EXPECT_FALSE(town.bay->agent().state().mains);
  town.around.smoke_percent_per_m = 4;
  EXPECT_TRUE(town.run(1s, [&] { return !town.alarms.empty() && town.alarms.back().kind == "smoke"; }));
}

}  // namespace
}  // namespace bayward::town

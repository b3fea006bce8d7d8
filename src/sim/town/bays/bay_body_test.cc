// The bay's physics under the real safety machine: what the town breaks, safety must notice, and nothing else.
#include "sim/town/bays/bay_body.h"

#include <gtest/gtest.h>

#include "bay/safety/machine.h"
#include "sim/town/bays/sim_hardware.h"

namespace bayward::town {
namespace {

namespace safety = bay::safety;

class Rig {
 public:
  explicit Rig(Duration pace = 10ms) : body(BodyConfig{}), hardware(body), pace_(pace) {
    around.volts = {231, 229, 230};
    config.rating_ma = 16'000;
    wishes.authorised = true;
    wishes.offered_ma = 16'000;
  }

  // Until `limit` or until the condition holds; how long that took.
  template <class Condition>
  std::optional<Duration> run(Duration limit, Condition until) {
    const bay::Uptime begin = now_;
    while (now_ - begin < limit) {
      step();
      if (until()) return now_ - begin;
    }
    return std::nullopt;
  }
  void run(Duration length) {
    run(length, [] { return false; });
  }
  void plug_in(double charged_share = 0.3) {
    body.car_enters("M-AN 1001");
    physics::Car car;
    car.charged_wh = car.capacity_wh * charged_share;
    body.plug_in(car);
    body.set_locked(true);
  }
  bool has(safety::Fault fault) const { return (state.latched | state.warnings).has(fault); }

  BayBody body;
  SimHardware hardware;
  Surroundings around;
  safety::Config config;
  safety::Wishes wishes;
  safety::State state;

 private:
  void step() {
    now_ += pace_;
    const bay::Moment now{now_, Instant{} + now_};
    body.step(now, around);
    bay::Hardware parts = hardware.parts();
    safety::Sample sample;
    for (bay::SafetySensors* sensors : parts.sensors) sensors->read(now, sample);
    auto [next, outputs] = safety::step(config, std::move(state), sample, wishes, now_);
    state = next;
    if (outputs.close) {
      parts.contactor->permit(now, 450ms);
    } else {
      parts.contactor->open(now);
    }
    if (outputs.trip_supply) parts.contactor->trip_supply(now);
    parts.pilot->set_duty(now, outputs.duty_permille);
  }

  Duration pace_;
  bay::Uptime now_{1h};
};

class BayAtBothPaces : public testing::TestWithParam<Duration> {};
INSTANTIATE_TEST_SUITE_P(Town, BayAtBothPaces, testing::Values(Duration{10}, Duration{400}));

TEST_P(BayAtBothPaces, AHealthyCarChargesForHoursWithoutAnyFaultOrWarning) {
  Rig rig(GetParam());
  rig.plug_in();
  ASSERT_TRUE(rig.run(10s, [&] { return rig.body.contacts_closed(); }));
  rig.run(GetParam() == 10ms ? 15min : 4h);
  EXPECT_TRUE(rig.state.latched.empty()) << rig.state.latched.bits();
  EXPECT_TRUE(rig.state.warnings.empty()) << rig.state.warnings.bits();
  EXPECT_GT(rig.body.meter().import_mwh, 2'000'000);
}

TEST_P(BayAtBothPaces, AFullCarStopsAskingAndThePowerGoes) {
  Rig rig(GetParam());
  rig.plug_in(0.99);
  ASSERT_TRUE(rig.run(10s, [&] { return rig.body.contacts_closed(); }));
  EXPECT_TRUE(rig.run(2h, [&] { return !rig.body.contacts_closed(); }));
  EXPECT_TRUE(rig.state.latched.empty());
}

TEST_P(BayAtBothPaces, ABadContactOpensAndTheHeatGoesAgain) {
  Rig rig(GetParam());
  rig.plug_in();
  rig.run(1min);
  const double current = rig.body.current_a();
  ASSERT_GT(current, 10);
  rig.body.faults.added_contact_ohm = {40 / (current * current), 0, 0};
  ASSERT_TRUE(rig.run(10min, [&] { return !rig.body.contacts_closed(); }));
  EXPECT_LT(rig.body.heat().contact_c, 100);
  const double hottest = rig.body.heat().contact_c;
  rig.run(10min);
  EXPECT_LT(rig.body.heat().contact_c, hottest - 20);
  EXPECT_FALSE(rig.body.contacts_closed());
  EXPECT_FALSE(rig.has(safety::Fault::danger_grows));
}

TEST_P(BayAtBothPaces, AFireAtThePlugGrowsAfterTheCutAndIsToldToEverybody) {
  Rig rig(GetParam());
  rig.plug_in();
  rig.run(1min);
  rig.body.faults.foreign_heat_w = 80;
  ASSERT_TRUE(rig.run(10min, [&] { return !rig.body.contacts_closed(); }));
  EXPECT_TRUE(rig.run(3min, [&] { return rig.has(safety::Fault::danger_grows); }));
}

TEST_P(BayAtBothPaces, SmokeResidualCurrentAndALostEarthOpenInTheNextStep) {
  for (const int what : {0, 1, 2, 3}) {
    Rig rig(GetParam());
    rig.plug_in();
    rig.run(1min);
    ASSERT_TRUE(rig.body.contacts_closed());
    if (what == 0) rig.around.smoke_percent_per_m = 3;
    if (what == 1) rig.body.faults.residual_ac_ua = 40'000;
    if (what == 2) rig.body.faults.residual_dc_ua = 8'000;
    if (what == 3) rig.body.faults.earth_missing = true;
    const auto took = rig.run(2s, [&] { return !rig.body.contacts_closed(); });
    ASSERT_TRUE(took) << what;
    EXPECT_EQ(*took, GetParam()) << what;
  }
}

TEST_P(BayAtBothPaces, AfterAMainsFailureItChargesAgainByItself) {
  Rig rig(GetParam());
  rig.plug_in();
  rig.run(1min);
  rig.around.volts = {0, 0, 0};
  ASSERT_TRUE(rig.run(2s, [&] { return !rig.body.contacts_closed(); }));
  rig.run(5min);
  EXPECT_FALSE(rig.body.supply().mains);
  rig.around.volts = {231, 229, 230};
  EXPECT_TRUE(rig.run(2min, [&] { return rig.body.contacts_closed(); }));
}

TEST_P(BayAtBothPaces, WeldedContactsAreNoticedAndTheSupplyIsTripped) {
  Rig rig(GetParam());
  rig.plug_in();
  rig.run(1min);
  rig.body.faults.welded = true;
  rig.wishes.authorised = false;
  EXPECT_TRUE(rig.run(30s, [&] { return rig.has(safety::Fault::contactor_welded); }));
  rig.run(2s);
  EXPECT_EQ(rig.body.current_a(), 0);
}

TEST(BayBodyWatchdog, WithoutNewPermissionTheContactorOpensByItself) {
  BayBody body{BodyConfig{}};
  SimHardware hardware(body);
  Surroundings around;
  around.volts = {230, 230, 230};
  body.step({1000ms, {}}, around);
  hardware.parts().contactor->permit({1000ms, {}}, 250ms);
  body.step({1100ms, {}}, around);
  EXPECT_TRUE(body.contacts_closed());
  body.step({1260ms, {}}, around);
  EXPECT_FALSE(body.contacts_closed());
}

}  // namespace
}  // namespace bayward::town

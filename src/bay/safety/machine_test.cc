// One test a rule. What holds for all sequences of inputs is in machine_property_test.cc.
#include "bay/safety/machine.h"

#include <gtest/gtest.h>

#include "bay/safety/testing/samples.h"

namespace bayward::bay::safety {
namespace {

using testing::Bench;

TEST(SafetyMachine, GivesPowerWhenEverythingAgrees) {
  Bench bay;
  EXPECT_TRUE(bay.charge().close);
  EXPECT_EQ(bay.step().duty_permille, 266);  // 16 A
  EXPECT_EQ(bay.step().level, Level::none);
}

TEST(SafetyMachine, GivesNoPowerWithoutAuthorisation) {
  Bench bay;
  bay.charge();
  bay.wishes().authorised = false;
  const Outputs out = bay.step();
  EXPECT_FALSE(out.close);
  EXPECT_EQ(out.duty_permille, 1000);
}

TEST(SafetyMachine, OpensWhenTheCarStopsAsking) {
  for (const Pilot pilot : {Pilot::a, Pilot::b, Pilot::d, Pilot::e, Pilot::f}) {
    Bench bay;
    bay.charge();
    bay.seen()[Channel::pilot].value = static_cast<int32_t>(pilot);
    EXPECT_FALSE(bay.step().close) << static_cast<int>(pilot);
  }
}

TEST(SafetyMachine, VentilatedBaysServePilotStateD) {
  Config config = testing::test_config();
  config.ventilated = true;
  Bench bay(config);
  bay.seen()[Channel::pilot].value = static_cast<int32_t>(Pilot::d);
  EXPECT_TRUE(bay.charge().close);
}

struct AtOnce {
  const char* what;
  Channel channel;
  std::optional<int32_t> value;
  Fault fault;
};

TEST(SafetyMachine, OpensInTheVeryStepOfAValueBeyondItsLimit) {
  const AtOnce cases[] = {
      {"connector at its ceiling", Channel::connector_temperature, 125'000, Fault::insulation_failing},
      {"PVC at 160 C", Channel::cable_temperature, 160'000, Fault::insulation_failing},
      {"30 mA AC", Channel::residual_ac, 30'000, Fault::residual_ac},
      {"6 mA DC", Channel::residual_dc, 6'000, Fault::residual_dc},
      {"three times the rating", Channel::current_l2, 96'000, Fault::short_circuit},
      {"276 V", Channel::voltage_l3, 276'000, Fault::over_voltage},
      {"mains gone", Channel::voltage_l1, 0, Fault::under_voltage},
      {"smoke", Channel::smoke, 1, Fault::smoke},
      {"emergency stop", Channel::emergency_stop, 1, Fault::emergency_stop},
      {"no earth", Channel::earth, 0, Fault::earth_missing},
      {"unlocked under power", Channel::lock, 0, Fault::lock_lost},
      {"pilot shorted", Channel::pilot, static_cast<int32_t>(Pilot::e), Fault::pilot_error},
      {"connector not measured", Channel::connector_temperature, std::nullopt, Fault::sensor_missing},
      {"current not measured", Channel::current_l1, std::nullopt, Fault::sensor_missing},
      {"a temperature that cannot be", Channel::cable_temperature, -51'000, Fault::sensor_implausible},
      {"a negative current", Channel::current_l1, -1, Fault::sensor_implausible},
      {"a pilot state that is none", Channel::pilot, 6, Fault::sensor_implausible},
      {"earth neither yes nor no", Channel::earth, 2, Fault::sensor_implausible},
      {"40 K more within 10 ms", Channel::connector_temperature, 65'001, Fault::sensor_implausible},
  };
  for (const AtOnce& one : cases) {
    Bench bay;
    ASSERT_TRUE(bay.charge().close);
    bay.seen()[one.channel].value = one.value;
    const Outputs out = bay.step();
    EXPECT_FALSE(out.close) << one.what;
    EXPECT_TRUE(out.raised.has(one.fault)) << one.what;
    EXPECT_EQ(out.duty_permille, 1000) << one.what;
  }
}

TEST(SafetyMachine, PvcAbove70DegreesHasFiveSecondsOfGrace_IEC60364_5_52) {
  Bench bay;
  bay.charge();
  for (int32_t mc = 25'000; mc < 70'000; mc += 3'000) {  // slowly enough not to be a fault of its own
    bay.seen()[Channel::cable_temperature].value = mc;
    bay.run(10s, 100ms);
    bay.wishes().carry_on = true;
  }
  bay.seen()[Channel::cable_temperature].value = 70'001;
  EXPECT_TRUE(bay.run(4990ms).close);
  EXPECT_FALSE(bay.run(20ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::cable_too_hot));
}

TEST(SafetyMachine, AHotterCableClassHasItsOwnLimit) {
  Config config = testing::test_config();
  config.cable = CableClass::xlpe_epr;
  Bench bay(config);
  bay.seen()[Channel::cable_temperature].value = 79'000;
  bay.seen()[Channel::ambient_temperature].value = 79'000;
  bay.charge();
  EXPECT_TRUE(bay.run(20s).close);
}

TEST(SafetyMachine, ConnectorMayBeFiftyKelvinAboveItsSurroundings_IEC62196_1_24) {
  Bench bay;
  bay.seen()[Channel::ambient_temperature].value = -10'000;
  bay.seen()[Channel::connector_temperature].value = 40'001;
  bay.charge();
  EXPECT_FALSE(bay.run(5200ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::connector_too_hot));
}

TEST(SafetyMachine, OverCurrentIsAllowedTheShorterTheHigherItIs) {
  const struct {
    int32_t ma;
    Duration holds;
    Duration opens;
  } cases[] = {{36'000, 29s, 31s}, {47'000, 1900ms, 2100ms}, {65'000, 180ms, 220ms}};
  for (const auto& one : cases) {
    Bench bay;
    bay.wishes().offered_ma = 80'000;
    bay.charge();
    bay.wishes().offered_ma = 80'000;
    bay.seen()[Channel::current_l2].value = one.ma;
    EXPECT_TRUE(bay.run(one.holds).close) << one.ma;
    EXPECT_FALSE(bay.run(one.opens - one.holds).close) << one.ma;
    EXPECT_TRUE(bay.state().latched.has(Fault::over_current)) << one.ma;
  }
}

TEST(SafetyMachine, ACarThatIgnoresItsLimitLosesPower_IEC61851_1_A6) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::current_l1].value = 18'700;  // offered 16 A
  EXPECT_TRUE(bay.run(9s).close);
  EXPECT_FALSE(bay.run(2s).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::car_ignores_limit));
}

TEST(SafetyMachine, AWithdrawnOfferOpensAfterSixSeconds) {
  Bench bay;
  bay.charge();
  bay.wishes().offered_ma = 0;
  EXPECT_TRUE(bay.run(5900ms).close);
  EXPECT_FALSE(bay.run(200ms).close);
  EXPECT_TRUE(bay.state().latched.empty());
  bay.wishes().offered_ma = 6'000;
  EXPECT_TRUE(bay.run(3s).close);
}

TEST(SafetyMachine, AWeldedContactorTripsTheSupplyAndNeedsAnInspection) {
  Bench bay;
  bay.charge();
  bay.contactor_follows = false;
  bay.seen()[Channel::contactor_feedback].value = 1;
  bay.wishes().authorised = false;
  EXPECT_FALSE(bay.run(190ms).trip_supply);
  EXPECT_TRUE(bay.run(50ms).trip_supply);
  bay.contactor_follows = true;
  bay.clear(Remedy::staff);
  EXPECT_TRUE(bay.step().trip_supply);
  bay.clear(Remedy::inspection);
  EXPECT_FALSE(bay.step().trip_supply);
}

TEST(SafetyMachine, CurrentThroughAnOpenContactorMeansWelded) {
  Bench bay;
  bay.step();
  bay.seen()[Channel::current_l3].value = 2'000;
  bay.run(450ms);
  EXPECT_TRUE(bay.state().latched.has(Fault::contactor_welded));
}

TEST(SafetyMachine, AContactorThatDoesNotCloseIsAFault) {
  Bench bay;
  bay.contactor_follows = false;
  bay.wishes() = testing::charging();
  EXPECT_FALSE(bay.run(500ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::contactor_stuck_open));
}

TEST(SafetyMachine, TenKelvinInTenSecondsOpens) {
  Bench bay;
  bay.charge();
  bool closed = true;
  for (int32_t mc = 25'000; mc <= 36'000; mc += 1'100) {
    bay.seen()[Channel::connector_temperature].value = mc;
    closed = bay.run(1s).close;
  }
  EXPECT_FALSE(closed);
  EXPECT_TRUE(bay.state().latched.has(Fault::heating_too_fast));
}

TEST(SafetyMachine, HotterAfterTheCutIsDangerToEverybody) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::smoke].value = 1;
  bay.step();
  EXPECT_EQ(bay.run(20s).level, Level::danger);
  for (int32_t mc = 25'000; mc < 30'000; mc += 500) {
    bay.seen()[Channel::connector_temperature].value = mc;
    bay.run(1s);
  }
  EXPECT_EQ(bay.step().level, Level::everybody);
}

TEST(SafetyMachine, HeatThatWasOnItsWayIsNoGrowingDanger) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::smoke].value = 1;
  for (int32_t mc = 25'000; mc < 31'000; mc += 600) {
    bay.seen()[Channel::connector_temperature].value = mc;
    EXPECT_EQ(bay.run(1s).level, Level::danger);
  }
}

TEST(SafetyMachine, TheDriverMayOverruleAWarning) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::residual_ac].value = 15'000;
  EXPECT_TRUE(bay.step().ask_driver);
  EXPECT_EQ(bay.step().level, Level::warning);
  EXPECT_TRUE(bay.run(59s).close);
  EXPECT_FALSE(bay.run(2s).close);
  bay.wishes().carry_on = true;
  EXPECT_TRUE(bay.run(3s).close);
  EXPECT_TRUE(bay.run(120s).close);
  bay.seen()[Channel::residual_ac].value = 30'000;  // but not a fault
  EXPECT_FALSE(bay.step().close);
  bay.wishes().carry_on = true;
  EXPECT_FALSE(bay.step().close);
}

TEST(SafetyMachine, AFaultForStaffStaysUntilItsCauseIsGoneAndStaffClearsIt) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::emergency_stop].value = 1;
  bay.step();
  bay.clear(Remedy::staff);
  EXPECT_TRUE(bay.state().latched.has(Fault::emergency_stop));
  bay.seen()[Channel::emergency_stop].value = 0;
  EXPECT_FALSE(bay.run(300s, 100ms).close);
  bay.clear(Remedy::driver);
  EXPECT_TRUE(bay.state().latched.has(Fault::emergency_stop));
  bay.clear(Remedy::staff);
  EXPECT_TRUE(bay.state().latched.empty());
  EXPECT_TRUE(bay.run(3s).close);
}

TEST(SafetyMachine, MainsThatComesBackEndsItsFaultByItself) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::voltage_l1].value = 0;
  EXPECT_FALSE(bay.step().close);
  bay.seen()[Channel::voltage_l1].value = 230'000;
  EXPECT_FALSE(bay.run(29s).close);
  EXPECT_TRUE(bay.run(3s).close);
}

TEST(SafetyMachine, StaleReadingsAreNone) {
  Bench bay;
  bay.charge();
  Sample sample = testing::healthy(bay.now());
  sample.set(Channel::contactor_feedback, 1, bay.now());
  sample[Channel::connector_temperature].at -= 501ms;
  EXPECT_FALSE(bay.step_with(sample).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::sensor_missing));
}

TEST(SafetyMachine, ReadingsFromTheFutureAreAFault) {
  Bench bay;
  bay.charge();
  Sample sample = testing::healthy(bay.now());
  sample[Channel::current_l1].at += 1ms;
  EXPECT_FALSE(bay.step_with(sample).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::sensor_implausible));
}

TEST(SafetyMachine, TimeThatGoesBackwardsIsAFault) {
  Bench bay;
  bay.charge();
  EXPECT_FALSE(bay.step(-1ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::clock_backwards));
}

TEST(SafetyMachine, AnAgentThatHungHasLostItsPermission) {
  Bench bay;
  bay.charge();
  EXPECT_FALSE(bay.step(501ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::agent_stalled));
}

TEST(SafetyMachine, ATemperatureThatTenMinutesOfLoadDoNotMoveIsStuck) {
  Bench bay;
  bay.charge();
  bay.seen()[Channel::current_l1].value = 16'000;
  EXPECT_TRUE(bay.run(599s, 100ms).close);
  EXPECT_FALSE(bay.run(2s, 100ms).close);
  EXPECT_TRUE(bay.state().latched.has(Fault::sensor_stuck));
}

TEST(SafetyMachine, FaultsSurvivePowerLossAndWarningsDoNot) {
  FaultSet stored;
  stored.add(Fault::smoke);
  stored.add(Fault::warm_cable);
  const State state = restored(stored);
  EXPECT_TRUE(state.latched.has(Fault::smoke));
  EXPECT_EQ(state.latched.size(), 1);
}

TEST(SafetyMachine, ContactorRestsBeforeItClosesAgain) {
  Bench bay;
  bay.charge();
  bay.wishes().authorised = false;
  bay.step();
  bay.wishes().authorised = true;
  EXPECT_FALSE(bay.run(1900ms).close);
  EXPECT_TRUE(bay.run(200ms).close);
}

TEST(SafetyMachine, OnePhaseBaysDoNotMissTheOtherPhases) {
  Config config = testing::test_config();
  config.phases = 1;
  Bench bay(config);
  for (const Channel channel : {Channel::current_l2, Channel::current_l3, Channel::voltage_l2, Channel::voltage_l3}) {
    bay.seen()[channel].value.reset();
  }
  EXPECT_TRUE(bay.charge().close);
}

TEST(SafetyMachine, DutyCycleSaysTheCurrent_IEC61851_1_TableA8) {
  EXPECT_EQ(duty_permille(0), 1000);
  EXPECT_EQ(duty_permille(5'999), 1000);
  EXPECT_EQ(duty_permille(6'000), 100);
  EXPECT_EQ(duty_permille(32'000), 533);
  EXPECT_EQ(duty_permille(51'000), 850);
  EXPECT_EQ(duty_permille(63'000), 892);
  EXPECT_EQ(duty_permille(200'000), 960);
}

TEST(SafetyFaults, EveryFaultHasAWordAClauseAndComesBackFromItsWord) {
  for (size_t i = 0; i < fault_count; ++i) {
    const auto fault = static_cast<Fault>(i);
    EXPECT_FALSE(info(fault).word.empty());
    EXPECT_FALSE(info(fault).clause.empty());
    EXPECT_EQ(fault_from_word(info(fault).word), fault);
  }
  EXPECT_EQ(fault_from_word("nothing"), std::nullopt);
}

TEST(SafetyLimits, WordsOfTheConfigurationAreFoundAndNothingElse) {
  EXPECT_EQ(cable_from_word("xlpe_epr"), CableClass::xlpe_epr);
  EXPECT_EQ(cable_from_word("PVC"), std::nullopt);
  EXPECT_EQ(connector_from_word("gbt_20234_ac"), ConnectorClass::gbt_20234_ac);
  EXPECT_EQ(limits_of(CableClass::pvc).lasting_mc, 70'000);
  EXPECT_EQ(limits_of(CableClass::pvc).at_once_mc, 160'000);
}

}  // namespace
}  // namespace bayward::bay::safety

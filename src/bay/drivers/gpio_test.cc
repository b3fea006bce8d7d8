// GPIO lines through the driver: what the safety machine sees of them, and that nothing but a fresh permission closes.
#include "bay/drivers/gpio.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "bay/testing/fake_gpio.h"

namespace bayward::bay {
namespace {

using safety::Channel;
using testing::FakeGpio;

enum : uint32_t { contactor = 1, watchdog, lock, lamp_red, lamp_green, feedback, earth };

Uptime uptime() {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

GpioMap board() {
  GpioMap map;
  map.poll_interval = 2ms;
  map.inputs = {{Channel::contactor_feedback, {"board", feedback}}, {Channel::earth, {"board", earth}}};
  map.outputs = {{GpioDrive::contactor, {"board", contactor}},
                 {GpioDrive::watchdog, {"board", watchdog}},
                 {GpioDrive::lock, {"board", lock}},
                 {GpioDrive::lamp_red, {"board", lamp_red}},
                 {GpioDrive::lamp_green, {"board", lamp_green}}};
  return map;
}

// Ten seconds at most.
bool eventually(const std::function<bool()>& is_so) {
  const Uptime end = uptime() + 10s;
  while (!is_so()) {
    if (uptime() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

struct Rig {
  Rig() : driver(board(), gpio.lines(), uptime) { driver.add_to(hardware); }

  std::optional<int32_t> value(Channel channel) {
    safety::Sample sample;
    for (SafetySensors* sensors : hardware.sensors) sensors->read({uptime(), {}}, sample);
    return sample[channel].value;
  }
  bool closed() const { return gpio.level(contactor); }
  // The supervisor's view: whether the line changes within so long.
  bool beats(Duration within) const {
    const bool before = gpio.level(watchdog);
    const Uptime end = uptime() + within;
    while (uptime() < end) {
      if (gpio.level(watchdog) != before) return true;
    }
    return false;
  }

  FakeGpio gpio;
  GpioHardware driver;
  Hardware hardware;
};

TEST(Gpio, ClosesOnlyWhileThePermissionIsFresh) {
  Rig rig;
  EXPECT_TRUE(eventually([&] { return rig.gpio.requested(contactor); }));
  EXPECT_FALSE(rig.closed());
  rig.hardware.contactor->permit({}, 10s);
  EXPECT_TRUE(eventually([&] { return rig.closed(); }));
  rig.hardware.contactor->open({});
  EXPECT_TRUE(eventually([&] { return !rig.closed(); }));
  rig.hardware.contactor->permit({}, 20ms);
  EXPECT_TRUE(eventually([&] { return rig.closed(); }));
  EXPECT_TRUE(eventually([&] { return !rig.closed(); })) << "the agent has hung: nobody renews the permission";
}

TEST(Gpio, TheSupervisorHearsTheWatchdogOnlyWhileTheContactorObeys) {
  Rig rig;
  EXPECT_TRUE(rig.beats(5s));
  rig.hardware.contactor->permit({}, 10s);
  EXPECT_TRUE(eventually([&] { return rig.closed(); }));
  rig.gpio.breaks(contactor, true);
  EXPECT_TRUE(eventually([&] { return !rig.beats(100ms); }));
  rig.gpio.breaks(contactor, false);
  EXPECT_TRUE(rig.beats(10s)) << "asked for again after a second";
}

TEST(Gpio, ALineThatFailsIsAReadingWithoutValueUntilItWorksAgain) {
  Rig rig;
  rig.gpio.put(earth, true);
  EXPECT_TRUE(eventually([&] { return rig.value(Channel::earth) == 1; }));
  rig.gpio.breaks(earth, true);
  EXPECT_TRUE(eventually([&] { return !rig.value(Channel::earth); }));
  EXPECT_EQ(rig.value(Channel::contactor_feedback), 0) << "the others are not held up";
  rig.gpio.breaks(earth, false);
  EXPECT_TRUE(eventually([&] { return rig.value(Channel::earth) == 1; }));
}

TEST(Gpio, AChipThatIsMissingNeverKeepsTheProgramFromStarting) {
  FakeGpio gpio;
  GpioMap map = board();
  for (GpioInput& input : map.inputs) input.pin.chip = "gpiochip9";
  GpioHardware driver(map, gpio.lines(), uptime);
  Hardware hardware;
  driver.add_to(hardware);
  EXPECT_TRUE(eventually([&] { return gpio.requested(contactor); }));
  safety::Sample sample;
  hardware.sensors.front()->read({}, sample);
  EXPECT_FALSE(sample[Channel::earth].value);
}

TEST(Gpio, LockAndLampFollowAndAmberIsRedAndGreen) {
  Rig rig;
  rig.hardware.lock->set_locked({}, true);
  rig.hardware.lamp->show({}, {Lamp::Colour::amber, false});
  EXPECT_TRUE(
      eventually([&] { return rig.gpio.level(lock) && rig.gpio.level(lamp_red) && rig.gpio.level(lamp_green); }));
  rig.hardware.lamp->show({}, {Lamp::Colour::green, true});
  EXPECT_TRUE(eventually([&] { return !rig.gpio.level(lamp_red) && rig.gpio.level(lamp_green); }));
  EXPECT_TRUE(eventually([&] { return !rig.gpio.level(lamp_green); })) << "it flashes";
}

TEST(Gpio, TheEndOfTheDriverOpens) {
  FakeGpio gpio;
  {
    GpioHardware driver(board(), gpio.lines(), uptime);
    Hardware hardware;
    driver.add_to(hardware);
    hardware.contactor->permit({}, 10s);
    EXPECT_TRUE(eventually([&] { return gpio.level(contactor); }));
  }
  EXPECT_FALSE(gpio.level(contactor));
  EXPECT_FALSE(gpio.requested(contactor));
}

TEST(GpioMap, WhatIsThereTwiceOrUnwatchedIsRefused) {
  GpioMap map = board();
  EXPECT_TRUE(check(map));
  map.outputs.push_back({GpioDrive::lamp_blue, {"board", earth}});
  EXPECT_NE(check(map).error().message.find("line 7 of board is used twice"), std::string::npos);
  map.outputs.back() = {GpioDrive::lock, {"board", 30}};
  EXPECT_NE(check(map).error().message.find("lock is driven twice"), std::string::npos);
  map.outputs = {{GpioDrive::supply_trip, {"board", 30}}};
  EXPECT_NE(check(map).error().message.find("goes with the contactor"), std::string::npos);
  map.outputs = {{GpioDrive::contactor, {"board", contactor}}};
  Coverage coverage;
  cover(map, coverage);
  EXPECT_NE(coverage.unwatched.find("supervisor"), std::string::npos);
}

}  // namespace
}  // namespace bayward::bay

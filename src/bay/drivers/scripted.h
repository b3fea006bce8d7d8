// Simulated hardware for one bay, driven line by line: for tests of the whole program and for trying it at a desk. It
// is called simulated wherever it appears. Its contactor opens by itself when permissions stop, as a real one must; its
// car takes the current it is offered. One thread.
//
//   car in|out        plug in|out       ask on|off        plate M-AB 123    card 04A1B2C3
//   press panic|stop|go-on              horn on|off       lights on|off     mains on|off
//   picture FILE                        a JPEG, for the plates that follow; without a name: none
//   battery 500       solar 120         meter 100000      (permille, W, mWh)
//   set connector_temperature 75000     any channel of safety/limits.cc, in its unit
//   set smoke none    the sensor gives nothing            set smoke live    back to what the simulation says
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bay/hal/hardware.h"
#include "bay/safety/machine.h"

namespace bayward::bay {

// What the script has set and the agent has told.
struct ScriptedWorld {
  safety::Config config;
  bool car = false;
  bool plugged = false;
  bool asks = true;
  std::deque<std::string> plates, cards;
  std::string picture;  // file of the next plate's picture
  std::deque<Buttons::Press> presses;
  bool horn = false;
  bool lights = false;
  PowerSupply::Reading supply;
  int64_t import_mwh = 0;
  struct Forced {
    bool forced = false;
    std::optional<int32_t> value;
  };
  std::array<Forced, safety::channel_count> forced{};

  bool closed = false;
  Uptime permitted_until{};
  bool tripped = false;
  bool locked = false;
  int32_t duty_permille = 1000;
  Lamp::Signal lamp;
  std::vector<std::string> lines;
  std::string sentence;
  std::array<bool, LoadSwitch::load_count> loads{true, true, true, true, true};

  Uptime last{};
  int64_t remainder_mws = 0;  // energy that is less than a thousandth of a Wh

  // One line of the script. Says what it does not understand.
  Status apply(std::string_view line);
  // Physics up to now: contactor's watchdog, current, energy.
  void live(Moment now);
  int32_t drawn_ma() const;
};

class ScriptedHardware {
 public:
  explicit ScriptedHardware(safety::Config config);
  ScriptedHardware(const ScriptedHardware&) = delete;
  ScriptedHardware& operator=(const ScriptedHardware&) = delete;
  ~ScriptedHardware();

  Hardware parts();
  ScriptedWorld world;

 private:
  struct Devices;
  std::unique_ptr<Devices> devices_;
};

}  // namespace bayward::bay

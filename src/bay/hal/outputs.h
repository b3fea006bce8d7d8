// What a bay's hardware can be told. Implemented by drivers/ and by sim (the town); rules as in hal/sensors.h: agent's
// thread, never blocks, never decides. Telling the same twice changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bay/moment.h"

namespace bayward::bay {

// The one switch between mains and car. It is closed only while permissions are fresh: a driver opens it by itself
// when `valid_for` has passed without another one, whatever has become of the agent (its watchdog).
class Contactor {
 public:
  virtual ~Contactor() = default;
  virtual void permit(Moment now, Duration valid_for) = 0;
  virtual void open(Moment now) = 0;
  // The contacts are welded: trips the switch before them, where there is one. Only a person switches it on again.
  virtual void trip_supply(Moment now) = 0;
};

// IEC 61851-1 annex A: what the station says on the control pilot.
class PilotOutput {
 public:
  virtual ~PilotOutput() = default;
  // 100 to 970: PWM of that duty in thousandths; 1000: steady +12 V (no power offered); 0: steady -12 V (state F).
  virtual void set_duty(Moment now, int32_t permille) = 0;
};

class ConnectorLock {
 public:
  virtual ~ConnectorLock() = default;
  virtual void set_locked(Moment now, bool locked) = 0;
};

// The lamp at the bay (BeaconLighting).
class Lamp {
 public:
  enum class Colour : uint8_t { off, green, blue, amber, red, white };
  struct Signal {
    Colour colour = Colour::off;
    bool flashing = false;
    friend bool operator==(const Signal&, const Signal&) = default;
  };
  virtual ~Lamp() = default;
  virtual void show(Moment now, Signal signal) = 0;
};

class Display {
 public:
  virtual ~Display() = default;
  // Lines of UTF-8, the most important first; replaces what was there.
  virtual void show(Moment now, const std::vector<std::string>& lines) = 0;
};

// AudioAnnouncer: says one sentence; a newer, more urgent one cuts it off.
class Speaker {
 public:
  virtual ~Speaker() = default;
  virtual void say(Moment now, const std::string& sentence, bool urgent) = 0;
};

// Parts of the bay that can be switched off to spare the battery while the mains is gone (C8).
class LoadSwitch {
 public:
  enum class Load : uint8_t { lamp, camera, radio, speaker, smoke_alarm };
  static constexpr size_t load_count = 5;
  virtual ~LoadSwitch() = default;
  virtual void set_on(Moment now, Load load, bool on) = 0;
};

}  // namespace bayward::bay

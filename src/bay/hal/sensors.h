// What a bay's hardware measures. Implemented by drivers/ (Modbus, Linux GPIO and IIO), and by sim (the town). A driver
// translates and never decides: it gives no value where it has none, and the time at which it measured.
//
// Every function is called on the agent's thread, every 10 ms or so, and must not block: a driver that talks to a slow
// bus has a thread of its own and gives the last answer with its age.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bay/moment.h"
#include "bay/safety/sample.h"

namespace bayward::bay {

// Some of the channels that safety watches; several may share the work, each filling its own channels only.
class SafetySensors {
 public:
  virtual ~SafetySensors() = default;
  virtual void read(Moment now, safety::Sample& into) = 0;
};

// The register that is billed (Energy.Active.Import.Register, and .Export. where the charger gives back).
class EnergyMeter {
 public:
  struct Reading {
    int64_t import_mwh = 0;  // thousandths of a Wh; never falls, survives power loss in the meter
    int64_t export_mwh = 0;
    int32_t power_w = 0;  // into the car; negative: out of it
    Uptime at{};
  };
  virtual ~EnergyMeter() = default;
  // None: the meter doesn't answer.
  virtual std::optional<Reading> read(Moment now) = 0;
};

// Whether a car stands in the bay (OCPP component BayOccupancySensor).
class OccupancySensor {
 public:
  struct Reading {
    bool occupied = false;
    uint8_t percent = 0;  // of the bay that is covered
    Uptime at{};
  };
  virtual ~OccupancySensor() = default;
  virtual std::optional<Reading> read(Moment now) = 0;
};

// Reads plates of cars that have stopped in the bay (VehicleIdSensor).
class VehicleSensor {
 public:
  struct Sighting {
    std::string plate;         // UTF-8, as read
    uint8_t confidence = 100;  // percent
    std::string jpeg{};        // the picture it was read from; empty: the camera gives none
  };
  virtual ~VehicleSensor() = default;
  // Each sighting once; a bounded number wait.
  virtual std::optional<Sighting> take(Moment now) = 0;
};

class CardReader {
 public:
  struct Card {
    std::string token;              // at most 36 characters of A-Z a-z 0-9 *-_=:+|@.
    std::string type = "ISO14443";  // OCPP 2.0.1 IdTokenEnumType
  };
  virtual ~CardReader() = default;
  virtual std::optional<Card> take(Moment now) = 0;
};

// What microphone and camera notice of a car that is broken into (D5); IntrusionSensor.
class CarAlarmListener {
 public:
  struct Reading {
    bool horn = false;           // sounding now
    bool hazard_lights = false;  // both indicators flashing now
    Uptime at{};
  };
  virtual ~CarAlarmListener() = default;
  virtual std::optional<Reading> read(Moment now) = 0;
};

// The bay's buttons (UIInput).
class Buttons {
 public:
  enum class Press : uint8_t {
    panic,     // D6
    stop,      // the driver ends charging
    carry_on,  // the driver has read the warning and overrules it (D2)
  };
  virtual ~Buttons() = default;
  virtual std::optional<Press> take(Moment now) = 0;
};

// Mains, the bay's own battery and its solar panel (C8; LocalEnergyStorage, ElectricalFeed[solar]).
class PowerSupply {
 public:
  struct Reading {
    bool mains = true;
    int32_t battery_permille = 1000;  // state of charge
    int32_t battery_w = 0;            // into the battery; negative: out of it
    int32_t solar_w = 0;
    Uptime at{};
  };
  virtual ~PowerSupply() = default;
  virtual std::optional<Reading> read(Moment now) = 0;
};

}  // namespace bayward::bay

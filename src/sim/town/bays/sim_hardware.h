// The bay's hardware (bay/hal) as the town has it: each part reads or tells the bay's body. What an agent gets here it
// would get from drivers on a real bay. The town's thread.
#pragma once

#include "bay/hal/hardware.h"
#include "sim/town/bays/bay_body.h"

namespace bayward::town {

class SimHardware {
 public:
  explicit SimHardware(BayBody& body);
  SimHardware(const SimHardware&) = delete;
  SimHardware& operator=(const SimHardware&) = delete;

  // With references into this object.
  bay::Hardware parts();

 private:
  template <class Interface>
  struct Part : Interface {
    explicit Part(BayBody& whole) : body(whole) {}
    BayBody& body;
  };
  struct Sensors final : Part<bay::SafetySensors> {
    using Part::Part;
    void read(bay::Moment, bay::safety::Sample& into) override { body.fill(into); }
  };
  struct Contacts final : Part<bay::Contactor> {
    using Part::Part;
    void permit(bay::Moment now, Duration valid_for) override { body.permit(now, valid_for); }
    void open(bay::Moment) override { body.open(); }
    void trip_supply(bay::Moment) override { body.trip_supply(); }
  };
  struct Pilot final : Part<bay::PilotOutput> {
    using Part::Part;
    void set_duty(bay::Moment, int32_t permille) override { body.set_duty(permille); }
  };
  struct Lock final : Part<bay::ConnectorLock> {
    using Part::Part;
    void set_locked(bay::Moment, bool locked) override { body.set_locked(locked); }
  };
  struct Meter final : Part<bay::EnergyMeter> {
    using Part::Part;
    std::optional<Reading> read(bay::Moment) override { return body.meter(); }
  };
  struct Occupancy final : Part<bay::OccupancySensor> {
    using Part::Part;
    std::optional<Reading> read(bay::Moment) override {
      return Reading{body.occupied(), static_cast<uint8_t>(body.occupied() ? 92 : 0), body.measured_at()};
    }
  };
  struct Vehicle final : Part<bay::VehicleSensor> {
    using Part::Part;
    std::optional<Sighting> take(bay::Moment) override { return body.take_sighting(); }
  };
  struct Cards final : Part<bay::CardReader> {
    using Part::Part;
    std::optional<Card> take(bay::Moment) override { return body.take_card(); }
  };
  struct CarAlarm final : Part<bay::CarAlarmListener> {
    using Part::Part;
    std::optional<Reading> read(bay::Moment) override {
      return Reading{body.faults.horn, body.faults.hazard_lights, body.measured_at()};
    }
  };
  struct Push final : Part<bay::Buttons> {
    using Part::Part;
    std::optional<Press> take(bay::Moment) override { return body.take_press(); }
  };
  struct Supply final : Part<bay::PowerSupply> {
    using Part::Part;
    std::optional<Reading> read(bay::Moment) override { return body.supply(); }
  };
  struct Light final : Part<bay::Lamp> {
    using Part::Part;
    void show(bay::Moment, Signal signal) override { body.lamp = signal; }
  };
  struct Screen final : Part<bay::Display> {
    using Part::Part;
    void show(bay::Moment, const std::vector<std::string>& lines) override { body.display = lines; }
  };
  struct Voice final : Part<bay::Speaker> {
    using Part::Part;
    void say(bay::Moment, const std::string& sentence, bool) override { body.said = sentence; }
  };
  struct Loads final : Part<bay::LoadSwitch> {
    using Part::Part;
    void set_on(bay::Moment, Load load, bool on) override { body.set_load(load, on); }
  };

  Sensors sensors_;
  Contacts contacts_;
  Pilot pilot_;
  Lock lock_;
  Meter meter_;
  Occupancy occupancy_;
  Vehicle vehicle_;
  Cards cards_;
  CarAlarm car_alarm_;
  Push push_;
  Supply supply_;
  Light light_;
  Screen screen_;
  Voice voice_;
  Loads loads_;
};

}  // namespace bayward::town

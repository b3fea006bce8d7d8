// The physical side of one bay of ours: car and battery, plug and cable with their heat, contactor, lock, pilot wire,
// faults that a drill puts in. Stepped by the town; read and told by the agent through sim_hardware.h. Deterministic
// from its seed; the town's thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "bay/hal/outputs.h"
#include "bay/hal/sensors.h"
#include "sim/physics/car.h"
#include "sim/physics/heat.h"
#include "sim/physics/sun.h"

namespace bayward::town {

// What a drill may break. Zero and false: all is well.
struct BayFaults {
  std::array<double, 3> added_contact_ohm{};
  double foreign_heat_w = 0;  // a fire at the plug
  int32_t residual_ac_ua = 0;
  int32_t residual_dc_ua = 0;
  bool earth_missing = false;
  bool welded = false;
  bool emergency_stop = false;
  bool horn = false;
  bool hazard_lights = false;
};

// The same for many bays.
struct Surroundings {
  std::array<double, 3> volts{};
  double air_c = 20;
  double smoke_percent_per_m = 0;  // at this bay
  double solar_w = 0;
};

struct BodyConfig {
  int32_t rating_ma = 16'000;
  int32_t phases = 3;
  int64_t first_register_wh = 0;
  uint64_t seed = 1;
};

class BayBody {
 public:
  explicit BayBody(BodyConfig config);

  // ---- the town ----
  void step(bay::Moment now, const Surroundings& around);
  void car_enters(const std::string& plate);
  void car_leaves();
  void plug_in(physics::Car car);
  void unplug();
  void show_card(bay::CardReader::Card card);
  void press(bay::Buttons::Press button);
  BayFaults faults;
  // Told when closed contacts open, on order or by the watchdog; may be empty.
  std::function<void()> contacts_opened;

  bool occupied() const { return !plate_.empty(); }
  const std::string& plate() const { return plate_; }
  bool plugged() const { return car_.has_value(); }
  const std::optional<physics::Car>& car() const { return car_; }
  bool contacts_closed() const { return closed_; }
  const physics::Heat& heat() const { return heat_; }
  double current_a() const { return taken_.current_a[0]; }
  const Surroundings& around() const { return around_; }
  const physics::BayStore& store() const { return store_; }
  bay::Lamp::Signal lamp;
  std::vector<std::string> display;
  std::string said;
  bool camera_on = true;
  // For drills and tests: the battery as if it had been used.
  void set_store(const physics::BayStore& store) { store_ = store; }
  // Permission to close was there and is gone: by open() or because none came in time.
  bool permitted() const { return permitted_; }

  // ---- the hardware, for sim_hardware.cc ----
  void permit(bay::Moment now, Duration valid_for);
  void open();
  void trip_supply() { tripped_ = true; }
  void set_duty(int32_t permille) { duty_permille_ = permille; }
  void set_locked(bool locked) { locked_ = locked && plugged(); }
  void set_load(bay::LoadSwitch::Load load, bool on);
  void fill(bay::safety::Sample& sample);
  bay::EnergyMeter::Reading meter() const;
  bay::PowerSupply::Reading supply() const;
  std::optional<bay::VehicleSensor::Sighting> take_sighting();
  std::optional<bay::CardReader::Card> take_card();
  std::optional<bay::Buttons::Press> take_press();
  bay::Uptime measured_at() const { return now_.up; }
  static constexpr double smoke_alarm_percent_per_m = 2.5;  // EN 14604: within 1.1 and 4.5

 private:
  double offered_a() const;
  bay::safety::Pilot pilot() const;
  bool mains() const { return around_.volts[0] > 0; }
  int32_t celsius_mc(double celsius);

  BodyConfig config_;
  Prng random_;
  bay::Moment now_{};
  Surroundings around_;
  std::string plate_;
  std::optional<physics::Car> car_;
  physics::Taken taken_;
  physics::Heat heat_;
  physics::BayStore store_;
  double battery_w_ = 0;
  double import_wh_ = 0;
  bool permitted_ = false;
  bay::Uptime permitted_until_{};
  bool closed_ = false;
  bay::Uptime moves_at_{};  // when the contacts have followed
  bool tripped_ = false;
  bool locked_ = false;
  int32_t duty_permille_ = 1000;
  std::array<bool, bay::LoadSwitch::load_count> loads_on_{true, true, true, true, true};
  std::optional<bay::VehicleSensor::Sighting> sighting_;
  std::deque<bay::CardReader::Card> cards_;
  std::deque<bay::Buttons::Press> presses_;
};

}  // namespace bayward::town

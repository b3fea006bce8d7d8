#include "sim/town/bays/bay_body.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/limits.h"

namespace bayward::town {
namespace {

constexpr Duration contacts_travel{20ms};
constexpr double noise_mc = 100;  // of a temperature sensor with its converter
constexpr double calm_k = 0.02;   // as warm as the air: nothing to compute
// Lamp, camera, radio, speaker, smoke alarm, in the order of bay::LoadSwitch::Load.
constexpr std::array<double, bay::LoadSwitch::load_count> load_w = {2.0, 3.0, 1.5, 0.5, 0.2};

int32_t milli(double value) {
  return static_cast<int32_t>(std::lround(value * 1000));
}

}  // namespace

BayBody::BayBody(BodyConfig config)
    : config_(config), random_(config.seed), import_wh_(static_cast<double>(config.first_register_wh)) {
  store_.charged_wh = store_.capacity_wh * (0.7 + 0.3 * random_.uniform());
}

// ---- the town ----

void BayBody::step(bay::Moment now, const Surroundings& around) {
  const Duration passed = now.up - now_.up;
  now_ = now;
  around_ = around;
  if (passed <= Duration{0}) return;
  if (permitted_ && now.up > permitted_until_) open();
  const bool wanted = permitted_ || faults.welded;
  if (closed_ != wanted && (closed_ || now.up >= moves_at_)) closed_ = wanted;

  taken_ = {};
  if (car_) {
    const bool live = closed_ && !tripped_;
    const std::array<double, 3> none{};
    taken_ = physics::charge(*car_, live ? offered_a() : 0, live ? around.volts : none, passed);
    import_wh_ += taken_.energy_wh;
  }
  const bool warm =
      std::abs(heat_.contact_c - around.air_c) > calm_k || std::abs(heat_.cable_c - around.air_c) > calm_k;
  if (warm || taken_.current_a[0] > 0 || faults.foreign_heat_w > 0) {
    physics::HeatLoad load;
    load.current_a = taken_.current_a;
    load.added_contact_ohm = faults.added_contact_ohm;
    load.foreign_w = faults.foreign_heat_w;
    load.air_c = around.air_c;
    heat_ = physics::heat_after({}, heat_, load, passed);
  }
  double needed_w = 0;
  for (size_t i = 0; i < load_w.size(); ++i) needed_w += loads_on_[i] ? load_w[i] : 0;
  battery_w_ = physics::feed(store_, around.solar_w, needed_w, mains(), passed).battery_w;
}

void BayBody::car_enters(const std::string& plate) {
  plate_ = plate;
  sighting_ = bay::VehicleSensor::Sighting{plate, 97};
}

void BayBody::car_leaves() {
  plate_.clear();
  sighting_.reset();
}

void BayBody::plug_in(physics::Car car) {
  car_ = car;
}

void BayBody::unplug() {
  // A locked plug does not come out: the driver's car unlocks it, which the town takes as done.
  locked_ = false;
  car_.reset();
}

void BayBody::show_card(bay::CardReader::Card card) {
  if (cards_.size() < limits::town_waiting_inputs) cards_.push_back(std::move(card));
}

void BayBody::press(bay::Buttons::Press button) {
  if (presses_.size() < limits::town_waiting_inputs) presses_.push_back(button);
}

// ---- the hardware ----

void BayBody::permit(bay::Moment now, Duration valid_for) {
  if (!permitted_) moves_at_ = now.up + contacts_travel;
  permitted_ = true;
  permitted_until_ = now.up + valid_for;
}

// The spring opens the contacts at once; what stays closed is welded.
void BayBody::open() {
  permitted_ = false;
  if (closed_ && !faults.welded && contacts_opened) contacts_opened();
  closed_ = faults.welded;
}

// IEC 61851-1 table A.8.
double BayBody::offered_a() const {
  if (duty_permille_ < 80 || duty_permille_ > 970) return 0;
  if (duty_permille_ <= 850) return std::max(100, duty_permille_) * 0.06;
  return (duty_permille_ / 10.0 - 64) * 2.5;
}

bay::safety::Pilot BayBody::pilot() const {
  using bay::safety::Pilot;
  if (duty_permille_ == 0) return Pilot::f;
  if (!car_) return Pilot::a;
  return car_->asks() && offered_a() >= physics::offer_min_a ? Pilot::c : Pilot::b;
}

int32_t BayBody::celsius_mc(double celsius) {
  return static_cast<int32_t>(std::lround(celsius * 1000 + noise_mc * (2 * random_.uniform() - 1)));
}

void BayBody::set_load(bay::LoadSwitch::Load load, bool on) {
  loads_on_.at(static_cast<size_t>(load)) = on;
  if (load == bay::LoadSwitch::Load::camera) camera_on = on;
}

void BayBody::fill(bay::safety::Sample& sample) {
  using bay::safety::Channel;
  const auto put = [&](Channel channel, int32_t value) { sample.set(channel, value, now_.up); };
  const double leak_a = faults.welded && tripped_ ? 0.0 : 1.0;
  put(Channel::current_l1, milli(taken_.current_a[0] * leak_a));
  put(Channel::voltage_l1, milli(around_.volts[0]));
  if (config_.phases == 3) {
    put(Channel::current_l2, milli(taken_.current_a[1] * leak_a));
    put(Channel::current_l3, milli(taken_.current_a[2] * leak_a));
    put(Channel::voltage_l2, milli(around_.volts[1]));
    put(Channel::voltage_l3, milli(around_.volts[2]));
  }
  put(Channel::connector_temperature, celsius_mc(heat_.contact_c));
  put(Channel::cable_temperature, celsius_mc(heat_.cable_c));
  put(Channel::ambient_temperature, celsius_mc(around_.air_c));
  const bool live = closed_ && mains();
  put(Channel::residual_ac,
      (live ? 700 : 0) + static_cast<int32_t>(random_.below(200)) + (live ? faults.residual_ac_ua : 0));
  put(Channel::residual_dc, static_cast<int32_t>(random_.below(60)) + (live ? faults.residual_dc_ua : 0));
  put(Channel::earth, faults.earth_missing ? 0 : 1);
  put(Channel::contactor_feedback, closed_ ? 1 : 0);
  put(Channel::smoke, around_.smoke_percent_per_m >= smoke_alarm_percent_per_m ? 1 : 0);
  put(Channel::emergency_stop, faults.emergency_stop ? 1 : 0);
  put(Channel::lock, locked_ ? 1 : 0);
  put(Channel::pilot, static_cast<int32_t>(pilot()));
}

bay::EnergyMeter::Reading BayBody::meter() const {
  bay::EnergyMeter::Reading reading;
  reading.import_mwh = static_cast<int64_t>(import_wh_ * 1000);
  double power_w = 0;
  for (size_t phase = 0; phase < 3; ++phase) power_w += taken_.current_a[phase] * around_.volts[phase];
  reading.power_w = static_cast<int32_t>(power_w);
  reading.at = now_.up;
  return reading;
}

bay::PowerSupply::Reading BayBody::supply() const {
  return {mains(), static_cast<int32_t>(std::lround(store_.share() * 1000)),
          static_cast<int32_t>(std::lround(battery_w_)), static_cast<int32_t>(std::lround(around_.solar_w)), now_.up};
}

std::optional<bay::VehicleSensor::Sighting> BayBody::take_sighting() {
  return std::exchange(sighting_, std::nullopt);
}

std::optional<bay::CardReader::Card> BayBody::take_card() {
  if (cards_.empty()) return std::nullopt;
  auto card = std::move(cards_.front());
  cards_.pop_front();
  return card;
}

std::optional<bay::Buttons::Press> BayBody::take_press() {
  if (presses_.empty()) return std::nullopt;
  const auto press = presses_.front();
  presses_.pop_front();
  return press;
}

}  // namespace bayward::town

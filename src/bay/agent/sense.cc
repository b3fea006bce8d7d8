// Reads everything that is not safety's own: the car in the bay, its plate, cards, buttons, horn and lights, the
// supply.
#include "bay/agent/bay.h"
#include "bay/agent/messages.h"
#include "ocpp/rpc/text.h"
#include "ports/log.h"
#include "ports/plate_picture.h"

namespace bayward::bay {
namespace {

constexpr Duration car_alarm_patience{3s};  // horn and lights together for so long; a greeting is shorter
constexpr Duration car_alarm_over{60s};     // of quiet: the all-clear
constexpr uint8_t plate_confidence_least = 60;
constexpr size_t plate_bytes = 64;
constexpr int64_t meter_slack_mwh = 1'000'000;
constexpr Duration meter_doubt{60s};

void sense_occupancy(Bay& bay) {
  if (!bay.hardware.occupancy) return;
  const auto reading = bay.hardware.occupancy->read(bay.now);
  if (!reading) return;
  bay.sensed.percent = reading->percent;
  if (bay.sensed.occupied == reading->occupied) return;
  const bool first = !bay.sensed.occupied;
  bay.sensed.occupied = reading->occupied;
  if (!reading->occupied) {
    bay.sensed.plate.clear();
    bay.holder_came = false;
    bay.wrong_vehicle = false;
  }
  // At the start what is seen goes out with the boot (messages.cc).
  if (!first || bay.registered) {
    tell_sensed(bay, "BayOccupancySensor", "Active", reading->occupied ? "true" : "false");
  }
}

void sense_vehicle(Bay& bay) {
  if (!bay.hardware.vehicle) return;
  const auto sighting = bay.hardware.vehicle->take(bay.now);
  if (!sighting || sighting->plate.empty() || sighting->confidence < plate_confidence_least) return;
  if (!ocpp::is_utf8(sighting->plate)) return;
  const std::string plate = cut(sighting->plate, plate_bytes);
  vehicle_seen(bay, plate);
  // The reading itself must not depend on a central system that knows of pictures: it follows in any case.
  if (is_small_jpeg(sighting->jpeg)) tell_picture(bay, plate, sighting->jpeg);
  tell_sensed(bay, "VehicleIdSensor", "VehicleId", plate);
}

void sense_buttons(Bay& bay) {
  if (!bay.hardware.buttons) return;
  const auto press = bay.hardware.buttons->take(bay.now);
  if (press == Buttons::Press::panic) panic(bay);
  if (press == Buttons::Press::carry_on) bay.wishes.carry_on = true;
  if (press == Buttons::Press::stop) {
    stop_charging(bay, v201::ReasonEnumType::local, v201::TriggerReasonEnumType::stop_authorized);
  }
}

void sense_car_alarm(Bay& bay) {
  if (!bay.hardware.car_alarm) return;
  const auto reading = bay.hardware.car_alarm->read(bay.now);
  if (!reading) return;
  bay.sensed.car = *reading;
  if (!reading->horn || !reading->hazard_lights) {
    bay.sensed.car_alarm_since = bay.now.up;
    bay.sensed.car_alarm_told = false;
    if (reading->horn || reading->hazard_lights)
      bay.sensed.car_noisy_at = bay.now.up;
    else if (bay.now.up - bay.sensed.car_noisy_at >= car_alarm_over)
      end_calls(bay, "car_alarm");
    return;
  }
  bay.sensed.car_noisy_at = bay.now.up;
  if (!bay.sensed.car_alarm_told && bay.now.up - bay.sensed.car_alarm_since >= car_alarm_patience) {
    bay.sensed.car_alarm_told = true;
    car_alarm(bay);
  }
}

void sense_supply(Bay& bay) {
  if (!bay.hardware.supply) return;
  const auto reading = bay.hardware.supply->read(bay.now);
  if (!reading) return;
  const bool had_mains = !bay.sensed.supply || bay.sensed.supply->mains;
  bay.sensed.supply = reading;
  if (had_mains != reading->mains) tell_sensed(bay, "ElectricalFeed", "Active", reading->mains ? "true" : "false");
  if (!bay.hardware.loads) return;
  for (const LoadRule& rule : load_rules) {
    bool& runs = bay.load_on[static_cast<size_t>(rule.load)];
    const bool should = load_runs(rule, runs, reading->mains, reading->battery_permille);
    if (should != runs) bay.hardware.loads->set_on(bay.now, rule.load, should);
    runs = should;
  }
}

// A register never falls, and rises no faster than twice what the cable is made for; some slack is for a meter that was
// silent for a while.
bool believable(const safety::Config& build, const EnergyMeter::Reading& last, const EnergyMeter::Reading& next) {
  const int64_t watts = int64_t{build.rating_ma} * build.nominal_mv / 1'000'000 * build.phases;
  const int64_t passed_s = std::max<int64_t>((next.at - last.at) / 1s, 0) + 1;
  const int64_t rise_mwh = next.import_mwh - last.import_mwh;
  return rise_mwh >= 0 && rise_mwh <= meter_slack_mwh + 2 * watts * passed_s * 1000 / 3600;
}

// Nobody is billed by nonsense: what was read before stands. A meter that has been replaced is believed when it keeps
// to its word and nobody charges.
void sense_meter(Bay& bay) {
  const auto reading = bay.hardware.meter->read(bay.now);
  if (!reading) return;
  auto& sensed = bay.sensed;
  if (!sensed.meter || believable(bay.config.safety, *sensed.meter, *reading)) {
    sensed.meter = reading;
    sensed.meter_doubted.reset();
    return;
  }
  if (!sensed.meter_doubted) {
    log::error("bay.meter_not_believed", {{"said_mwh", reading->import_mwh}, {"before_mwh", sensed.meter->import_mwh}});
  }
  if (!sensed.meter_doubted || !believable(bay.config.safety, sensed.meter_doubted->reading, *reading)) {
    sensed.meter_doubted = DoubtedMeter{*reading, bay.now.up};
  }
  sensed.meter_doubted->reading = *reading;
  if (bay.transaction || bay.now.up - sensed.meter_doubted->since < meter_doubt) return;
  log::warn("bay.meter_believed", {{"says_mwh", reading->import_mwh}});
  sensed.meter = reading;
  sensed.meter_doubted.reset();
}

}  // namespace

void sense(Bay& bay) {
  if (bay.hardware.meter) sense_meter(bay);
  const bool plugged = car_plugged(bay);
  if (plugged != bay.sensed.plugged) {
    bay.sensed.plugged = plugged;
    tell_status(bay, false);
  }
  sense_occupancy(bay);
  sense_vehicle(bay);
  sense_buttons(bay);
  sense_car_alarm(bay);
  sense_supply(bay);
  if (bay.hardware.cards) {
    if (const auto card = bay.hardware.cards->take(bay.now)) card_shown(bay, *card);
  }
}

}  // namespace bayward::bay

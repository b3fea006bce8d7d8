// Cars in bays, sensors, chargers and their meters.
#include <algorithm>

#include "sim/det/town.h"

namespace bayward::sim {

using namespace core;

BayTruth* Town::find_bay(BayId id) {
  const auto found = std::find_if(bays_.begin(), bays_.end(), [&](const BayTruth& bay) { return bay.id == id; });
  return found == bays_.end() ? nullptr : &*found;
}

void Town::sense(const BayTruth& bay) {
  if (bay.sensor) clients_.tell(RecordOccupancy{bay.id, static_cast<bool>(bay.car), scheduler_.now()});
}

void Town::park(BayTruth& bay, const Person& person, bool by_app) {
  bay.car = person.plate;
  bay.driver = person.account;
  ++bay.stay;
  sense(bay);
  if (by_app) {
    ask_as(person, IdentifyVehicle{bay.id, IdentityVia::app, {}, person.account, scheduler_.now()});
  } else if (bay.camera) {
    clients_.tell(IdentifyVehicle{bay.id, IdentityVia::plate, person.plate, {}, scheduler_.now()});
  }
}

void Town::leave(BayTruth& bay, uint64_t stay) {
  if (bay.stay != stay || !bay.car) return;
  stop_charging(bay);
  bay.car = {};
  sense(bay);
}

void Town::wrong_parkers() {
  scheduler_.after(minutes(10, 180), [this] {
    if (closed_) return;
    wrong_parkers();
    BayTruth& bay = any_bay();
    if (bay.car) return;
    Person stranger = any_driver();
    if (prng_.chance(1, 2)) stranger.plate = fresh_fingerprint(4);
    park(bay, stranger, false);
    const uint64_t stay = bay.stay;
    if (bay.station && prng_.chance(1, 2)) {
      start_charging(bay, prng_.chance(1, 2) ? stranger.token : fresh_fingerprint(5), {});
    }
    scheduler_.after(minutes(5, 90), [this, &bay, stay] { leave(bay, stay); });
  });
}

void Town::read_register(Evse& evse) const {
  const int64_t elapsed_ms = (scheduler_.now() - evse.read_at).count();
  evse.register_milliwh += evse.power_w * elapsed_ms / 3600;
  evse.read_at = scheduler_.now();
}

void Town::start_charging(BayTruth& bay, Fingerprint token, BookingId booking_token) {
  Evse& evse = bay.evse;
  if (evse.key) return;
  read_register(evse);
  evse.key = fresh_fingerprint(6);
  evse.power_w = prng_.between(2'000, 22'000);
  charges_[*evse.key].start_milliwh = evse.register_milliwh;
  StartSession start;
  start.key = *evse.key;
  start.station = stations_[*bay.station].id;
  start.evse = evse.number;
  start.identity = token;
  start.booking_token = booking_token;
  start.offline = !stations_[*bay.station].online;
  start.start = {scheduler_.now(), evse.register_milliwh};
  say(*bay.station, start);
  meter(bay, *evse.key);
}

void Town::meter(BayTruth& bay, SessionKey key) {
  scheduler_.after(minutes(10, 20), [this, &bay, key] {
    if (bay.evse.key != key) return;
    read_register(bay.evse);
    say(*bay.station, MeterSession{bay.site, key, {{scheduler_.now(), bay.evse.register_milliwh}}});
    meter(bay, key);
  });
}

void Town::stop_charging(BayTruth& bay) {
  Evse& evse = bay.evse;
  if (!evse.key) return;
  read_register(evse);
  ChargeTruth& truth = charges_.at(*evse.key);
  truth.energy_milliwh = evse.register_milliwh - truth.start_milliwh;
  truth.stopped = true;
  truth.defective = prng_.chance(1, 60);
  const int64_t told = truth.defective ? truth.start_milliwh - prng_.between(1, 1000) : evse.register_milliwh;
  say(*bay.station, StopSession{bay.site, *evse.key, {}, {scheduler_.now(), told}});
  evse.key.reset();
  evse.power_w = 0;
}

void Town::obey_stops() {
  for (const SessionId id : checkers_.take_stop_wanted()) {
    const SessionKey key = checkers_.model().sessions.at(id).key;
    scheduler_.after(Duration{prng_.between(10, 3000)}, [this, key] {
      for (BayTruth& bay : bays_) {
        if (bay.evse.key == key) stop_charging(bay);
      }
    });
  }
}

void Town::station_link(size_t index) {
  scheduler_.after(minutes(30, 400), [this, index] {
    if (closed_) return;
    stations_[index].online = false;
    clients_.tell(RecordStationLink{stations_[index].id, false});
    scheduler_.after(minutes(1, 120), [this, index] {
      stations_[index].online = true;
      clients_.tell(RecordStationLink{stations_[index].id, true});
      pump(index);
      station_link(index);
    });
  });
}

void Town::say(size_t index, Command command) {
  stations_[index].queue.push_back(std::move(command));
  pump(index);
}

// What is in the queue is told until it is heard: one after the other, or all at once by stations that don't care.
void Town::pump(size_t index) {
  StationTruth& station = stations_[index];
  if (!station.online || station.queue.empty()) return;
  if (profile_.stations_keep_order && station.sending) return;
  const Command command = std::move(station.queue.front());
  station.queue.pop_front();
  station.sending = true;
  clients_.tell(command, [this, index, command](const std::optional<Outcome>& outcome) {
    StationTruth& now = stations_[index];
    now.sending = false;
    // A stop or reading that overtook its start is unknown yet.
    const bool early = outcome && !*outcome && outcome->error() == Refusal::unknown_thing;
    if (!outcome) {
      now.queue.push_front(command);
    } else if (early) {
      now.queue.push_back(command);
    }
    scheduler_.after(early ? Duration{5s} : Duration{0}, [this, index] { pump(index); });
  });
  if (!profile_.stations_keep_order) pump(index);
}

bool Town::stations_told_all() const {
  return std::all_of(stations_.begin(), stations_.end(),
                     [](const StationTruth& station) { return station.queue.empty() && !station.sending; });
}

void Town::close() {
  closed_ = true;
  for (BayTruth& bay : bays_) leave(bay, bay.stay);
  for (size_t i = 0; i < stations_.size(); ++i) {
    stations_[i].online = true;
    clients_.tell(RecordStationLink{stations_[i].id, true});
    pump(i);
  }
  // A report that was given up on is made good by the next look of the sensor.
  scheduler_.after(2h, [this] {
    for (const BayTruth& bay : bays_) sense(bay);
    for (const auto& [id, booking] : checkers_.model().bookings) {
      if (booking.phase != ModelBooking::Phase::active) continue;
      clients_.ask({Actor::Kind::person, booking.account}, LeaveBay{id}, {});
    }
  });
}

void Town::compare_meters(Problems& problems) const {
  for (const auto& [key, truth] : charges_) {
    if (!truth.stopped || truth.defective) continue;
    const auto id = checkers_.model().session_of_key.find(key);
    if (id == checkers_.model().session_of_key.end()) {
      problems.report("meter", "a session of " + std::to_string(truth.energy_milliwh) + " mWh was never heard of");
      continue;
    }
    const ModelSession& session = checkers_.model().sessions.at(id->second);
    if (session.open || session.energy_milliwh() != truth.energy_milliwh) {
      problems.report("meter", to_text(session.id) + (session.open ? " is still open; " : " ") + "reads " +
                                   std::to_string(session.energy_milliwh()) + " mWh, its meter counted " +
                                   std::to_string(truth.energy_milliwh));
    }
  }
}

}  // namespace bayward::sim

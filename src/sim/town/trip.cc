#include "sim/town/trip.h"

#include <algorithm>

namespace bayward::town {
namespace {

constexpr Duration slot = 15min;

Instant slot_floor(Instant at) {
  return Instant{at.time_since_epoch() / slot * slot};
}
Instant slot_ceil(Instant at) {
  const Instant floor = slot_floor(at);
  return floor < at ? floor + slot : floor;
}

struct Booked {
  std::string id;
  std::string bay;
  Instant start{};
  Instant end{};
};

Json coordinates() {
  return object({{"latitude", Json::number(ocpp::Decimal::of(Community::latitude_e6, -6))},
                 {"longitude", Json::number(ocpp::Decimal::of(Community::longitude_e6, -6))}});
}

void refused(TripWorld& world, const ApiAnswer& answer) {
  ++world.counters.bookings_refused;
  ++world.counters.refusals[answer.code.empty() ? answer.why() : answer.code];
}

// The best offers one after the other: somebody else may have been quicker.
Task<Booked> book(TripWorld& world, Driver& driver, const Trip& trip, Instant arrival) {
  Booked booked;
  const bool walk_up = trip.lead == Duration{0};
  booked.start = slot_floor(std::max(arrival, world.time.now()));
  booked.end = slot_ceil(booked.start + trip.declared);
  Json::Object wish{{"destination", coordinates()},
                    {"start", text(booked.start)},
                    {"end", text(booked.end)},
                    {"vehicle", text(driver.vehicle)},
                    {"limit", number(5)}};
  if (trip.energy_wh > 0) wish.push_back({"energy_wh", number(trip.energy_wh)});
  const ApiAnswer found = co_await driver.phone->post("/search", object(std::move(wish)));
  for (const Json& offer : items_of(found.body)) {
    const std::string bay = text_of(offer, "bay");
    Json::Object request{{"bay", text(bay)}, {"vehicle", text(driver.vehicle)}, {"end", text(booked.end)}};
    if (trip.energy_wh > 0) request.push_back({"energy_wh", number(trip.energy_wh)});
    if (walk_up) {
      request.push_back({"kind", text("walk_up")});
    } else {
      request.push_back({"start", text(booked.start)});
    }
    const ApiAnswer answer = co_await driver.phone->post("/bookings", object(std::move(request)));
    if (answer.ok()) {
      booked.id = text_of(answer.body, "booking");
      booked.bay = bay;
      ++world.counters.booked;
      co_return booked;
    }
    refused(world, answer);
  }
  ++world.counters.nothing_found;
  co_return booked;
}

// A neighbour's bay for some minutes: staff and the owner get to know.
Task<> park_wrongly(TripWorld& world, Driver& driver) {
  Place* place = world.street.some_empty(world.random.next());
  if (!place) co_return;
  ++world.counters.wrong_bays;
  place->car = driver.plate;
  place->stands = true;
  place->side->car_enters(driver.plate, world.time.now());
  (void)co_await wait_until(world, world.time.now() + 4min);
  place->side->car_leaves(world.time.now());
  place->stands = false;
  place->car.clear();
}

// By card at the charger or with the app; whether power flows.
Task<bool> start_charging(TripWorld& world, Driver& driver, const Trip& trip, const Booked& booked, Place& place) {
  BaySide& side = *place.side;
  const Battery battery{driver.battery_wh,
                        std::max<int64_t>(driver.battery_wh - trip.energy_wh, driver.battery_wh / 20),
                        driver.power_max_w};
  side.plug_in(battery, world.time.now());
  for (int tries = 0; tries < 3 && !side.charging() && !world.closing; ++tries) {
    if (trip.by_card) {
      side.show_card(driver.card, world.time.now());
    } else {
      const ApiAnswer answer = co_await driver.phone->post("/bookings/" + booked.id + "/charge");
      if (!answer.ok()) ++world.counters.refusals["charge:" + answer.code];
    }
    const Duration patience = std::max(Duration{2min}, world.time.in_real_time(1500ms));
    co_await side.changes.until(
        world.time, [&side] { return side.charging(); }, world.time.now() + patience);
  }
  side.charging() ? ++world.counters.charged : ++world.counters.power_refused;
  co_return side.charging();
}

Task<> stop_charging(TripWorld& world, Driver& driver, const Trip& trip, const Booked& booked, Place& place) {
  BaySide& side = *place.side;
  if (side.charging() && trip.by_card) {
    side.show_card(driver.card, world.time.now());
    co_await side.changes.until(
        world.time, [&side] { return !side.charging(); },
        world.time.now() + std::max(Duration{30s}, world.time.in_real_time(300ms)));
  } else if (side.charging() && !world.closing) {
    const ApiAnswer booking = co_await driver.phone->get("/bookings/" + booked.id);
    const Json::Array* sessions = member(booking.body, "sessions").as_array();
    if (sessions && !sessions->empty() && sessions->back().as_text()) {
      (void)co_await driver.phone->post("/sessions/" + *sessions->back().as_text() + "/stop");
      co_await side.changes.until(
          world.time, [&side] { return !side.charging(); },
          world.time.now() + std::max(Duration{1min}, world.time.in_real_time(1s)));
    }
  }
  side.unplug(world.time.now());  // whoever just pulls the plug has stopped, too
}

// Stays until the car has to go; asks for more time when it gets late.
Task<> stay(TripWorld& world, Driver& driver, const Trip& trip, Booked& booked, Instant leave_at) {
  const Instant reminder = booked.end - 10min;
  if (trip.extends && leave_at > booked.end && world.time.now() < reminder) {
    if (!co_await wait_until(world, reminder)) co_return;
    const Instant end = slot_ceil(leave_at);
    const ApiAnswer answer =
        co_await driver.phone->post("/bookings/" + booked.id + "/extend", object({{"end", text(end)}}));
    if (answer.ok()) booked.end = end;
  }
  // Nobody comes back to a car that was booked for an hour a day later: half a day over is the worst.
  (void)co_await wait_until(world, std::min(leave_at, booked.end + 12h));
}

Task<> use_bay(TripWorld& world, Driver& driver, const Trip& trip, Booked booked) {
  // The booking may have been moved: the app says where to.
  const ApiAnswer booking = co_await driver.phone->get("/bookings/" + booked.id);
  const std::string phase = text_of(booking.body, "phase");
  if (phase != "confirmed" && phase != "active") co_return;
  booked.bay = text_of(booking.body, "bay");
  Place* place = world.street.find(booked.bay);
  if (!place) co_return;
  if (!place->car.empty()) {
    ++world.counters.bay_was_taken;
    (void)co_await driver.phone->post("/bookings/" + booked.id + "/cancel");
    co_return;
  }
  place->car = driver.plate;
  if (world.at_entrance) world.at_entrance(driver.plate, *place);
  if (!co_await wait_until(world, world.time.now() + place->way_in)) {
    place->car.clear();
    (void)co_await driver.phone->post("/bookings/" + booked.id + "/cancel");
    co_return;
  }
  ++world.counters.parked;
  const Instant came_at = world.time.now();
  place->stands = true;
  place->side->car_enters(driver.plate, came_at);
  const bool plugged = trip.energy_wh > 0 && place->has_charger();
  if (plugged) {
    // The plate has to be known before power may flow.
    (void)co_await wait_until(world, world.time.now() + std::max(Duration{30s}, world.time.in_real_time(100ms)));
    (void)co_await start_charging(world, driver, trip, booked, *place);
  }
  co_await stay(world, driver, trip, booked, came_at + trip.stay);
  if (plugged) co_await stop_charging(world, driver, trip, booked, *place);
  place->side->car_leaves(world.time.now());
  place->stands = false;
  place->car.clear();
}

Task<> live_trip(TripWorld& world, Driver& driver, const Trip& trip, Instant arrival) {
  ++world.counters.started;
  const Booked booked = co_await book(world, driver, trip, arrival);
  if (booked.id.empty()) co_return;
  if (trip.cancels && trip.lead > Duration{0}) {
    (void)co_await wait_until(world, arrival - trip.lead / 3);
    (void)co_await driver.phone->post("/bookings/" + booked.id + "/cancel");
    co_return;
  }
  // At closing, who has booked and not come calls it off.
  if (!co_await wait_until(world, arrival + trip.lateness)) {
    (void)co_await driver.phone->post("/bookings/" + booked.id + "/cancel");
    co_return;
  }
  if (trip.never_comes) co_return;  // a no-show, told to the platform by nobody
  if (trip.wrong_bay) co_await park_wrongly(world, driver);
  co_await use_bay(world, driver, trip, booked);
}

}  // namespace

Task<bool> wait_until(TripWorld& world, Instant when) {
  co_await world.closing_changed.until(
      world.time, [&world] { return world.closing; }, when);
  co_return !world.closing;
}

Task<> take_trip(TripWorld& world, Driver& driver, Trip trip, Instant arrival) {
  driver.busy = true;
  ++world.under_way;
  co_await live_trip(world, driver, trip, arrival);
  --world.under_way;
  driver.busy = false;
  world.closing_changed.announce();
}

namespace {

Task<> live_at(TripWorld& world, Driver& driver, std::string bay, Trip trip) {
  Booked booked;
  booked.bay = bay;
  booked.start = slot_floor(world.time.now());
  booked.end = slot_ceil(world.time.now() + trip.declared);
  const ApiAnswer answer = co_await driver.phone->post("/bookings", object({{"bay", text(bay)},
                                                                            {"vehicle", text(driver.vehicle)},
                                                                            {"end", text(booked.end)},
                                                                            {"energy_wh", number(trip.energy_wh)},
                                                                            {"kind", text("walk_up")}}));
  if (!answer.ok()) co_return refused(world, answer);
  booked.id = text_of(answer.body, "booking");
  ++world.counters.booked;
  co_await use_bay(world, driver, trip, booked);
}

}  // namespace

Task<> take_bay(TripWorld& world, Driver& driver, std::string bay, Trip trip) {
  driver.busy = true;
  ++world.under_way;
  ++world.counters.started;
  co_await live_at(world, driver, std::move(bay), trip);
  --world.under_way;
  driver.busy = false;
  world.closing_changed.announce();
}

}  // namespace bayward::town

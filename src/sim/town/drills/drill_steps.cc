#include "sim/town/drills/drill_steps.h"

#include <algorithm>
#include <array>

namespace bayward::town {
namespace {

constexpr Duration real_patience{8s};  // of the machine, for what goes through sockets, at least
constexpr Duration feed_patience{1s};  // of the machine, at least
// An incident closes when it has been silent for a while and nobody is owed a message about it any more.
constexpr Duration incident_closes_within{25min};
constexpr Duration far_end_patience{30s};  // of the machine, at least: SMS gateways take their time
constexpr double flowing_a = 5;
constexpr Duration settled_after{30s};  // chargers start softly

Place* place_of(DrillWorld& world, std::string_view label) {
  for (Place& place : world.trips.street.places()) {
    if (place.label == label) return &place;
  }
  return nullptr;
}

bool choose(DrillRun& run, OwnBay& bay) {
  run.bay = &bay;
  run.place = place_of(run.world, bay.label());
  run.report.bay = bay.label();
  return run.place != nullptr;
}

bool flows(const OwnBay& bay) {
  return bay.body().current_a() > flowing_a;
}

// Longer is better for the drill; at night many bays are shared for a short time only.
constexpr std::array<Duration, 3> stays{4h, 2h, 1h};

constexpr Duration bay_patience{45min};

Trip stay_of(Duration length) {
  Trip trip;
  trip.stay = trip.declared = length;
  trip.energy_wh = 35'000;
  return trip;
}

}  // namespace

Instant DrillRun::within(Duration town) const {
  return world.time.now() + std::max(town, world.time.in_real_time(real_patience));
}

Task<bool> DrillRun::wait(std::function<bool()> condition, Duration town, std::string what) {
  const Instant limit = within(town);
  // What bays measure is announced by nobody: it is looked at now and then, too.
  while (!condition()) {
    if (world.time.now() >= limit) {
      report.trouble = std::move(what);
      co_return false;
    }
    co_await watch.changes.until(world.time, condition,
                                 std::min(limit, world.time.now() + world.time.in_real_time(20ms)));
  }
  co_return true;
}

Driver* free_driver(DrillWorld& world) {
  auto& drivers = world.community.drivers();
  const auto found = std::find_if(drivers.begin(), drivers.end(), [](const Driver& driver) { return !driver.busy; });
  return found == drivers.end() ? nullptr : &*found;
}

// Sends a driver to one of these bays, for as long as it can be had. False, without trouble: nobody could have any.
Task<bool> make_a_car_charge(DrillRun& run, const std::vector<OwnBay*>& candidates) {
  for (const Duration stay : stays) {
    for (OwnBay* bay : candidates) {
      if (!choose(run, *bay) || !run.place->car.empty()) continue;
      Driver* driver = free_driver(run.world);
      if (!driver) break;
      run.watch.note("driver sent", driver->plate + " to bay " + bay->label());
      run.world.scope.start(take_bay(run.world.trips, *driver, run.place->bay, stay_of(stay)));
      const std::string trouble = "no car could be made to charge at bay " + bay->label();
      if (!co_await run.wait([bay, driver] { return flows(*bay) || !driver->busy; }, 8min, trouble)) co_return false;
      if (!flows(*bay)) continue;  // it could not be had: the next one
      co_await pause(run.world.time, settled_after);
      co_return true;
    }
  }
  co_return false;
}

Task<bool> find_charging_bay(DrillRun& run, std::string label) {
  std::vector<OwnBay*> candidates;
  for (OwnBay* bay : run.world.field.field().bays()) {
    if (!label.empty() && bay->label() != label) continue;
    if (flows(*bay)) co_return choose(run, *bay);
    candidates.push_back(bay);
  }
  if (candidates.empty()) {
    run.report.trouble = "there is no bay of ours with the label " + label +
                         "; those are the third of every three: " + "A03, A06, ... B30";
    co_return false;
  }
  // At night there may be none to be had for a while.
  const Instant limit = label.empty() ? run.within(bay_patience) : run.world.time.now();
  for (;;) {
    if (co_await make_a_car_charge(run, candidates)) co_return true;
    if (!run.report.trouble.empty() || run.world.time.now() >= limit) break;
    co_await pause(run.world.time, 1min);
    const auto charging = std::find_if(candidates.begin(), candidates.end(), [](OwnBay* bay) { return flows(*bay); });
    if (charging != candidates.end()) co_return choose(run, **charging);
  }
  if (run.report.trouble.empty())
    run.report.trouble = label.empty() ? "no bay of ours can be had now for a car to charge at"
                                       : "bay " + label + " cannot be had now: it is taken, held or not shared";
  co_return false;
}

Task<bool> find_empty_bay(DrillRun& run, std::string label) {
  for (OwnBay* bay : run.world.field.field().bays()) {
    if (!label.empty() && bay->label() != label) continue;
    if (choose(run, *bay) && run.place->car.empty() && bay->agent().state().use == bay::BayUse::free) co_return true;
  }
  run.report.trouble =
      label.empty() ? "no bay of ours is free now" : "bay " + label + " is not one of ours, or not free now";
  co_return false;
}

// The server's feed tells what changes at a bay; what changes nothing there that the server keeps is told by nobody.
Task<> look_at_feed(DrillRun& run, std::string mark, Duration patience) {
  AlarmWatch& watch = run.watch;
  const Instant limit = run.world.time.now() + std::max(patience, run.world.time.in_real_time(feed_patience));
  co_await watch.changes.until(
      run.world.time, [&watch, &mark] { return watch.timeline.has(mark); }, limit);
  if (!watch.timeline.has(mark)) run.report.silent.push_back(mark);
}

Task<bool> wait_for_alarm(DrillRun& run, bool opens) {
  AlarmWatch& watch = run.watch;
  if (!co_await run.wait([&watch] { return watch.raised(); }, 15min, "the bay raised no alarm")) co_return false;
  if (opens &&
      !co_await run.wait([&watch] { return watch.timeline.has("contactor open"); }, 1min, "the contactor did not open"))
    co_return false;
  if (!co_await run.wait([&watch] { return watch.everybody_told(); }, 2min, "not every gateway was told"))
    co_return false;
  if (!co_await run.wait([&watch] { return watch.timeline.has("server has it"); }, 2min,
                         "the server did not take the alarm"))
    co_return false;
  co_await look_at_feed(run, "live feed", feed_patience);
  co_return true;
}

Task<bool> wait_for_far_end(DrillRun& run, FarEnd end, bool all_clear) {
  if (!run.world.far_ends.has(end)) co_return true;
  const std::string who(far_end_name(end));
  const std::string mark = who + (all_clear ? " has all-clear" : " has it");
  const Duration patience = all_clear ? incident_closes_within : Duration{2min};
  AlarmWatch& watch = run.watch;
  co_return co_await run.wait([&watch, mark] { return watch.timeline.has(mark); },
                              std::max(patience, run.world.time.in_real_time(far_end_patience)),
                              "the " + who + (all_clear ? " was not told of the end" : " was not told"));
}

void strange_car_enters(DrillRun& run, const std::string& plate) {
  run.place->car = plate;
  run.world.field.field().attend(*run.bay);
  run.bay->car_enters(plate, run.world.time.now());
}

void strange_car_leaves(DrillRun& run) {
  run.bay->car_leaves(run.world.time.now());
  run.place->car.clear();
}

Task<bool> clear_all(DrillRun& run, bay::safety::Remedy by) {
  AlarmWatch& watch = run.watch;
  watch.expect_all_clear();
  watch.note("cleared by a person", by == bay::safety::Remedy::staff ? "property staff" : "an inspection");
  const auto all_well = [&run] {
    const auto bays = run.world.field.field().bays();
    return std::all_of(bays.begin(), bays.end(), [](OwnBay* bay) { return bay->agent().safety().latched.empty(); });
  };
  const Instant limit = run.within(10min);
  while (!all_well() && run.world.time.now() < limit) {
    for (OwnBay* bay : run.world.field.field().bays()) bay->agent().clear(by);
    co_await pause(run.world.time, std::max(Duration{1s}, run.world.time.in_real_time(5ms)));
  }
  if (!all_well()) {
    run.report.trouble = "what was latched could not be cleared";
    co_return false;
  }
  if (!co_await run.wait([&watch] { return watch.everybody_cleared(); }, 5min, "not every gateway got the all-clear"))
    co_return false;
  if (!co_await run.wait([&watch] { return watch.timeline.has("server has all-clear"); }, 5min,
                         "the server did not get the all-clear"))
    co_return false;
  co_await look_at_feed(run, "live feed, all-clear", incident_closes_within);
  co_return true;
}

}  // namespace bayward::town

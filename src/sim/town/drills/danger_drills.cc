// Drills in which a bay's own safety must act: heat, smoke, the mains, an emergency stop.
#include <algorithm>

#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr double bad_contact_w = 40;  // warms the plug by about 0.6 K a second
constexpr double cool_c = 42;
constexpr double smoke_per_s = 0.4;  // %/m a second at its source
constexpr double smoke_gone = 0.5;   // %/m

// A fire: the fire centre's wire and the phone of who charges there.
Task<bool> wait_for_fire_desk(DrillRun& run, bool all_clear = false) {
  if (!co_await wait_for_far_end(run, FarEnd::fire_centre, all_clear)) co_return false;
  co_return co_await wait_for_far_end(run, FarEnd::sms_centre, all_clear);
}

// The cause is gone and things have cooled down or cleared: then a person may look and clear.
Task<bool> wait_until_cool(DrillRun& run) {
  OwnBay* bay = run.bay;
  co_return co_await run.wait([bay] { return bay->body().heat().contact_c < cool_c; }, 30min, "the plug did not cool");
}

}  // namespace

Task<> drill_overheat(DrillRun& run, std::string label) {
  if (!co_await find_charging_bay(run, std::move(label))) co_return;
  BayBody& body = run.bay->body();
  run.watch.timeline = {};
  run.watch.from_sample = true;
  run.watch.begin(*run.bay, run.place->bay);
  run.world.field.field().attend(*run.bay);
  const double current_a = body.current_a();
  body.faults.added_contact_ohm = {bad_contact_w / (current_a * current_a), 0, 0};
  bool told = co_await wait_for_alarm(run, true);
  body.faults.added_contact_ohm = {};
  told = told && co_await wait_for_fire_desk(run);
  if (told && co_await wait_until_cool(run) && co_await clear_all(run, bay::safety::Remedy::staff))
    (void)co_await wait_for_fire_desk(run, true);
}

Task<> drill_smoke(DrillRun& run, std::string label) {
  if (!co_await find_charging_bay(run, std::move(label))) co_return;
  Field& field = run.world.field.field();
  run.watch.timeline = {};
  run.watch.from_sample = true;
  run.watch.begin(*run.bay, run.place->bay);
  field.attend(*run.bay);
  field.set_smoke_source(*run.bay, smoke_per_s);
  bool told = co_await wait_for_alarm(run, true);
  field.set_smoke_source(*run.bay, 0);
  told = told && co_await wait_for_fire_desk(run);
  if (!told) co_return;
  const auto gone = [&field] {
    const auto bays = field.bays();
    return std::all_of(bays.begin(), bays.end(), [&](OwnBay* bay) { return field.smoke_at(*bay) < smoke_gone; });
  };
  if (co_await run.wait(gone, 40min, "the smoke did not go") &&
      co_await clear_all(run, bay::safety::Remedy::inspection))
    (void)co_await wait_for_fire_desk(run, true);
}

Task<> drill_mains(DrillRun& run, std::string label) {
  if (!co_await find_charging_bay(run, std::move(label))) co_return;
  Field& field = run.world.field.field();
  OwnBay* bay = run.bay;
  run.watch.timeline = {};
  run.watch.begin(*bay, run.place->bay);
  for (OwnBay* each : field.bays()) field.attend(*each);
  const Instant from = run.world.time.now() + 2s;
  const Duration length = std::max(Duration{5min}, run.world.time.in_real_time(2s));
  if (!field.mains().fail({from, from + length})) {
    run.report.trouble = "too many mains failures are planned already";
    co_return;
  }
  run.watch.note("mains will fail", "in 2 s of the town's time, for " + std::to_string(length / 1s) + " s");
  if (!co_await run.wait([bay] { return !bay->body().contacts_closed(); }, 2min, "the contactor did not open"))
    co_return;
  const auto on_battery = [&field] {
    const auto bays = field.bays();
    return std::all_of(bays.begin(), bays.end(), [](OwnBay* each) { return !each->agent().state().mains; });
  };
  if (!co_await run.wait(on_battery, 2min, "not every bay went on its battery")) co_return;
  run.watch.note("all on battery", std::to_string(field.size()) +
                                       " bays, each agent alive and online: " + std::to_string(field.online()));
  const auto back = [&field] {
    const auto bays = field.bays();
    return std::all_of(bays.begin(), bays.end(), [](OwnBay* each) { return each->agent().state().mains; });
  };
  if (!co_await run.wait(back, length + 5min, "the mains did not come back")) co_return;
  run.watch.note("mains is back");
  const auto well = [bay] { return bay->body().contacts_closed() || !bay->body().plugged(); };
  if (co_await run.wait(well, 10min, "the car did not charge again by itself"))
    run.watch.note("charging again", "by itself; the battery is at " +
                                         std::to_string(static_cast<int>(100 * bay->body().store().share())) + " %");
}

Task<> drill_link_down(DrillRun& run, std::string label) {
  if (!co_await find_charging_bay(run, std::move(label))) co_return;
  TownMesh& mesh = run.world.field.mesh();
  run.watch.timeline = {};
  run.watch.begin(*run.bay, run.place->bay);
  mesh.cut(TownMesh::Riser::west, true);
  run.watch.note("west riser cut", "every west gate has lost the site");
  run.world.field.field().attend(*run.bay);
  run.bay->body().faults.emergency_stop = true;
  const bool told = co_await wait_for_alarm(run, true);
  run.bay->body().faults.emergency_stop = false;
  if (told) (void)co_await clear_all(run, bay::safety::Remedy::staff);
  mesh.cut(TownMesh::Riser::west, false);
  run.watch.note("west riser whole");
  const Duration patience = run.world.time.in_real_time(40s);
  if (!run.failed() && co_await run.wait([&mesh] { return mesh.complete(); }, patience, "the mesh did not heal"))
    run.watch.note("mesh whole again");
}

}  // namespace bayward::town

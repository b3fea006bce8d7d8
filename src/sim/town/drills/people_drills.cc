// Drills in which a person does wrong: a strange car in a held bay, a break-in.
#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr const char* strange_plate = "X-YZ 999";
constexpr Duration slot{15min};

std::string first_line(const OwnBay& bay) {
  const auto& display = bay.body().display;
  return display.empty() ? std::string("nothing") : display.front();
}

Task<std::string> try_to_hold(DrillRun& run, Driver& driver, std::string label) {
  const Instant now = run.world.time.now();
  const Instant end{(now.time_since_epoch() / slot + 8) * slot};
  std::string refused;
  for (OwnBay* bay : run.world.field.field().bays()) {
    if (!label.empty() && bay->label() != label) continue;
    if (!co_await find_empty_bay(run, bay->label())) continue;
    const ApiAnswer held = co_await driver.phone->post("/bookings", object({{"bay", text(run.place->bay)},
                                                                            {"vehicle", text(driver.vehicle)},
                                                                            {"end", text(end)},
                                                                            {"kind", text("walk_up")}}));
    if (held.ok()) {
      run.report.trouble.clear();
      co_return text_of(held.body, "booking");
    }
    refused = held.why();
  }
  run.report.trouble = "no empty bay of ours" + (label.empty() ? "" : " with the label " + label) +
                       " could be held now" + (refused.empty() ? "" : ": " + refused);
  co_return std::string();
}

}  // namespace

// A busy garage has none that is free for everybody just now: somebody will leave.
Task<std::string> hold_some_bay(DrillRun& run, Driver& driver, std::string label) {
  const Instant limit = run.world.time.now() + 30min;
  while (true) {
    std::string booking = co_await try_to_hold(run, driver, label);
    if (!booking.empty() || !label.empty() || run.world.time.now() >= limit) co_return booking;
    co_await pause(run.world.time, std::max(Duration{30s}, run.world.time.in_real_time(100ms)));
  }
}

Task<> drill_wrong_car(DrillRun& run, std::string label) {
  Driver* driver = free_driver(run.world);
  if (!driver) {
    run.report.trouble = "no driver is free to hold the bay";
    co_return;
  }
  const std::string booking = co_await hold_some_bay(run, *driver, std::move(label));
  if (booking.empty()) co_return;
  OwnBay* bay = run.bay;
  run.watch.begin(*bay, run.place->bay);
  run.watch.note("bay held", "by " + driver->plate);
  const auto reserved = [bay] { return bay->agent().state().use == bay::BayUse::reserved; };
  if (!co_await run.wait(reserved, 2min, "the bay did not hear of its reservation")) co_return;
  run.watch.note("bay reserved", "it shows \"" + first_line(*bay) + "\"");
  bay->body().said.clear();
  run.watch.timeline.mark("wrong car", std::chrono::steady_clock::now(), run.world.time.now(), strange_plate);
  strange_car_enters(run, strange_plate);
  // What it says at once: a moment later the booking has been moved, and the bay is nobody's.
  const Instant limit = run.within(1min);
  while (bay->body().said.empty() && run.world.time.now() < limit)
    co_await pause(run.world.time, run.world.time.in_real_time(1ms));
  if (bay->body().said.empty()) {
    run.report.trouble = "the bay did not speak to the driver";
  } else {
    run.watch.note("driver told", "the bay says \"" + bay->body().said + "\"");
  }
  AlarmWatch& watch = run.watch;
  if (!run.failed() &&
      co_await run.wait([&watch] { return watch.timeline.has("incident in the feed"); }, 2min,
                        "the property office was not told") &&
      co_await wait_for_far_end(run, FarEnd::sms_centre))
    co_await pause(run.world.time, 1min);
  strange_car_leaves(run);
  run.watch.note("wrong car gone");
  (void)co_await driver->phone->post("/bookings/" + booking + "/cancel");
}

Task<> drill_break_in(DrillRun& run, std::string label) {
  if (!co_await find_charging_bay(run, std::move(label))) co_return;
  OwnBay* bay = run.bay;
  run.watch.timeline = {};
  run.watch.begin(*bay, run.place->bay);
  run.world.field.field().attend(*bay);
  run.watch.note("horn and lights", "the agent waits 3 s of the town's time: a greeting is shorter");
  bay->body().faults.horn = bay->body().faults.hazard_lights = true;
  bool told = co_await wait_for_alarm(run, false);
  told = told && co_await wait_for_far_end(run, FarEnd::sms_centre);
  bay->body().faults.horn = bay->body().faults.hazard_lights = false;
  if (told) run.watch.note("horn off");
}

}  // namespace bayward::town

// Drills whose alarms are the police's: a plate on their watch list, a panic button.
#include "sim/town/drills/drill_steps.h"

namespace bayward::town {
namespace {

constexpr const char* wanted_plate = "京A12345";
constexpr const char* wanted_as = "京AI2345";  // I and 1 look alike: a near match, as cameras and people make them

bool has_police(DrillRun& run) {
  const bool there = run.world.far_ends.has(FarEnd::police_platform) && run.world.police_door;
  if (!there) run.report.trouble = "there are no police here: start the demo with --far-ends, as ./dev demo does";
  return there;
}

Task<bool> wait_for_mark(DrillRun& run, const char* mark, Duration patience, const char* trouble) {
  AlarmWatch& watch = run.watch;
  co_return co_await run.wait([&watch, mark] { return watch.timeline.has(mark); }, patience, trouble);
}

// At the office: the incident of that kind at the drill's bay; empty: none is there.
Task<std::string> incident_at_bay(DrillRun& run, ApiClient& office, std::string kind) {
  const Instant limit = run.within(2min);
  while (run.world.time.now() < limit) {
    const ApiAnswer list = co_await office.get("/sites/" + run.world.community.site() + "/incidents");
    for (const Json& incident : items_of(list.body)) {
      const bool open = member(incident, "closed_at").kind() == Json::Kind::null;
      if (open && text_of(incident, "kind") == kind && text_of(incident, "bay") == run.place->bay)
        co_return text_of(incident, "incident");
    }
    co_await pause(run.world.time, run.world.time.in_real_time(50ms));
  }
  run.report.trouble = "the office does not see the incident";
  co_return std::string();
}

Task<bool> tell_office(DrillRun& run, ApiClient& office, std::string what, std::string path) {
  const ApiAnswer answer = co_await office.post(std::move(path));
  if (!answer.ok()) {
    run.report.trouble = what + ": " + answer.why();
    co_return false;
  }
  run.watch.note(what, "by property staff, at their terminal");
  co_return true;
}

// The bay has been held against strangers by nobody: its plate is all that is wrong with the car.
Task<> find_wanted_car(DrillRun& run) {
  run.watch.timeline.mark("wanted car", std::chrono::steady_clock::now(), run.world.time.now(), wanted_plate);
  strange_car_enters(run, wanted_plate);
  if (co_await wait_for_far_end(run, FarEnd::police_platform)) {
    co_await pause(run.world.time, std::max(Duration{1min}, run.world.time.in_real_time(1s)));
    if (run.watch.heard_of("watch_list") != 0)
      run.report.trouble = "a terminal has shown the hit: it is the police's alone";
    run.watch.note("terminals", run.watch.heard_of("wrong_vehicle") != 0
                                    ? "the office sees a strange car, and nothing of the order"
                                    : "nobody else has seen anything");
  }
  strange_car_leaves(run);
  run.watch.note("wanted car gone");
}

}  // namespace

// B5: the order is brought by the police's platform, the bay's camera reads the plate, and only the police hear of it.
Task<> drill_wanted_plate(DrillRun& run, std::string label) {
  if (!has_police(run) || !co_await find_empty_bay(run, std::move(label))) co_return;
  run.watch.begin(*run.bay, run.place->bay);
  run.watch.note("order brought", std::string("for ") + wanted_as + ", GA/T 1400.4");
  run.world.far_ends.order(wanted_as, *run.world.police_door);
  if (!co_await wait_for_mark(run, "order_taken", 2min, "the server did not take the order")) co_return;
  co_await find_wanted_car(run);
  run.world.far_ends.withdraw(*run.world.police_door);
  if (!run.failed()) (void)co_await wait_for_mark(run, "order_withdrawn", 2min, "the order could not be withdrawn");
}

// D6: police desk and property at once; a person answers and closes it, and everybody gets the all-clear.
Task<> drill_panic(DrillRun& run, std::string label) {
  if (!has_police(run) || !co_await find_empty_bay(run, std::move(label))) co_return;
  const auto office = run.world.community.new_phone();
  const Login& property = run.world.community.property();
  if (!(co_await office->log_in(property.phone, property.password)).ok()) {
    run.report.trouble = "property staff could not log in";
    co_return;
  }
  run.watch.begin(*run.bay, run.place->bay);
  run.world.field.field().attend(*run.bay);
  run.watch.note("button pressed");
  run.bay->body().press(bay::Buttons::Press::panic);
  if (!co_await wait_for_alarm(run, false) || !co_await wait_for_far_end(run, FarEnd::police_alarms)) co_return;
  const std::string incident = co_await incident_at_bay(run, *office, "panic_button");
  if (incident.empty() ||
      !co_await tell_office(run, *office, "acknowledged", "/incidents/" + incident + "/acknowledge") ||
      !co_await tell_office(run, *office, "closed", "/incidents/" + incident + "/close"))
    co_return;
  if (!co_await wait_for_far_end(run, FarEnd::police_alarms, true)) co_return;
  AlarmWatch& watch = run.watch;
  watch.expect_all_clear();
  run.bay->agent().clear(bay::safety::Remedy::staff);
  (void)co_await run.wait([&watch] { return watch.everybody_cleared(); }, 5min, "not every gateway got the all-clear");
}

}  // namespace bayward::town

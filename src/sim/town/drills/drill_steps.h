// The steps drills are made of; for the files of this folder. The town's thread.
#pragma once

#include <string>

#include "sim/town/drills/drills.h"

namespace bayward::town {

struct DrillRun {
  DrillWorld& world;
  AlarmWatch& watch;
  DrillReport& report;
  OwnBay* bay = nullptr;
  Place* place = nullptr;

  Instant within(Duration town) const;
  // Waits for the condition; false, with `what` as the trouble, when the limit has passed.
  Task<bool> wait(std::function<bool()> condition, Duration town, std::string what);
  bool failed() const { return !report.trouble.empty(); }
};

// A bay of ours where a car charges: the one ordered, or any; a driver is sent when there is none.
Task<bool> find_charging_bay(DrillRun& run, std::string label);
// A bay of ours where nobody is.
Task<bool> find_empty_bay(DrillRun& run, std::string label);
Driver* free_driver(DrillWorld& world);

// Waits so long of the town's time, at least a second of the machine's, for the feed to say it; when it does not, that
// is noted, not counted as trouble.
Task<> look_at_feed(DrillRun& run, std::string mark, Duration patience);
// The alarm's way from the contactor to every gateway, the server and the feed.
Task<bool> wait_for_alarm(DrillRun& run, bool opens);
// The far end has been told of the alarm (or of its end); true at once where there is no such far end.
Task<bool> wait_for_far_end(DrillRun& run, FarEnd end, bool all_clear = false);
// A plate that is nobody's enters an empty bay of ours, as one that leaves it again.
void strange_car_enters(DrillRun& run, const std::string& plate);
void strange_car_leaves(DrillRun& run);
// Whoever is allowed to has looked and clears every bay of ours: the all-clear's way.
Task<bool> clear_all(DrillRun& run, bay::safety::Remedy by);

Task<> drill_overheat(DrillRun& run, std::string label);
Task<> drill_smoke(DrillRun& run, std::string label);
Task<> drill_wrong_car(DrillRun& run, std::string label);
Task<> drill_break_in(DrillRun& run, std::string label);
Task<> drill_mains(DrillRun& run, std::string label);
Task<> drill_link_down(DrillRun& run, std::string label);
Task<> drill_pod_stray(DrillRun& run, std::string label);
Task<> drill_guide(DrillRun& run, std::string label);
Task<> drill_wanted_plate(DrillRun& run, std::string label);
Task<> drill_panic(DrillRun& run, std::string label);

// Holds an empty bay of ours, the one ordered or any that can be had now; the booking, empty when there is none.
Task<std::string> hold_some_bay(DrillRun& run, Driver& driver, std::string label);

}  // namespace bayward::town

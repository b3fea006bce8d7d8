#include "sim/det/checkers/replay.h"

#include <string>

namespace bayward::sim {
namespace {

class WithoutSnapshots final : public Journal {
 public:
  explicit WithoutSnapshots(Journal& journal) : journal_(journal) {}
  Position last_position() const override { return journal_.last_position(); }
  JournalResult<Done> append(Position, const std::vector<JournalRecord>&) override {
    return Failure{JournalError{JournalError::Kind::unavailable, "for reading only"}};
  }
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override {
    return journal_.read(after, each);
  }
  JournalResult<Snapshot> newest_snapshot() override { return Snapshot{}; }
  JournalResult<Done> save_snapshot(const Snapshot&) override { return Done{}; }

 private:
  Journal& journal_;
};

// The calendar is in no snapshot; it decides what is sold next, so it must come out the same.
void compare_calendars(const core::State& live, const core::State& fresh, const std::string& how, Problems& problems) {
  for (uint64_t number = 1; number <= live.site_count(); ++number) {
    const core::Site& site = *live.site(SiteId{number});
    const core::SlotCalendar& other = fresh.site(SiteId{number})->calendar;
    for (core::BayIndex bay = 0; bay < site.calendar.bays(); ++bay) {
      for (core::Slot slot = site.calendar.first(); slot < site.calendar.end(); ++slot) {
        if (site.calendar.free(bay, slot) == other.free(bay, slot)) continue;
        problems.report("replay", how + " has another calendar: " + to_text(site.bays[bay].id) + " at " +
                                      to_rfc3339(site.calendar.start_of(slot)) +
                                      (other.free(bay, slot) ? " is free" : " is not free"));
        return;
      }
    }
  }
}

void compare(Journal& journal, const Engine& live, const Snapshot& expected, const std::string& how, Problems& problems,
             Marks& marks) {
  Engine fresh(journal);
  const auto recovered = fresh.recover();
  if (!recovered) {
    problems.report("replay", how + " fails: " + recovered.error().message);
    return;
  }
  if (recovered->snapshot > 0) marks.hit(Mark::snapshot_used);
  const Snapshot found = fresh.snapshot();
  if (found.position != expected.position || found.body != expected.body) {
    size_t at = 0;
    while (at < found.body.size() && at < expected.body.size() && found.body[at] == expected.body[at]) ++at;
    problems.report("replay", how + " differs at record " + std::to_string(found.position) + " of " +
                                  std::to_string(expected.position) + ", byte " + std::to_string(at));
    return;
  }
  compare_calendars(live.state(), fresh.state(), how, problems);
}

}  // namespace

void compare_replays(Journal& journal, const Engine& live, const char* when, Problems& problems, Marks& marks) {
  const Snapshot expected = live.snapshot();
  WithoutSnapshots alone(journal);
  compare(alone, live, expected, std::string("replay of the journal ") + when, problems, marks);
  compare(journal, live, expected, std::string("recovery from the snapshot ") + when, problems, marks);
}

}  // namespace bayward::sim

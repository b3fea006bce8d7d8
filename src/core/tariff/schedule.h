// Walks a tariff's schedule along the wall clock without allocating; the shared part of period_at, next_boundary, split
// and price. Lives on the caller's stack; refers to its tariff and zone.
#pragma once

#include <algorithm>

#include "core/tariff/tariff.h"

namespace bayward {

class ScheduleWalk {
 public:
  ScheduleWalk(const Tariff& tariff, const ZoneRules& zone, Instant at);

  Instant at() const { return at_; }
  Period period() const;
  // To the next instant at which the wall clock passes an edge of any rule or midnight, or is itself set.
  void step();

 private:
  struct Day {
    int32_t month_day = 0;  // month * 32 + day: compares as the calendar does
    uint32_t type = 0;
  };
  Day day_of(int32_t days) const;
  static bool applies(const TariffRule& rule, const Day& day);
  void move_to(Instant at);

  const Tariff& tariff_;
  const ZoneRules& zone_;
  Instant at_{};
  Instant clock_change_{};  // no change of offset in [at_, clock_change_)
  int64_t offset_ms_ = 0;
  int32_t days_ = 0;
  int64_t ms_of_day_ = 0;
  Day today_;
  Day yesterday_;
};

// visit(Interval, Period) for each part, as split() documents.
template <class Visit>
void for_each_span(const Tariff& tariff, const ZoneRules& zone, const Interval& interval, Visit&& visit) {
  if (interval.empty()) return;
  ScheduleWalk walk(tariff, zone, interval.start);
  Period period = walk.period();
  Instant start = interval.start;
  for (walk.step(); walk.at() < interval.end; walk.step()) {
    const Period next = walk.period();
    if (next == period) continue;
    visit(Interval{start, walk.at()}, period);
    start = walk.at();
    period = next;
  }
  visit(Interval{start, interval.end}, period);
}

}  // namespace bayward

#include "core/calendar/slot_calendar.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace bayward::core {

SlotCalendar::SlotCalendar(int32_t unit_s, int64_t horizon_days) : unit_s_(unit_s) {
  const int64_t slots = (horizon_days + 1) * 86400 / unit_s;
  ring_ = (slots + 63) / 64 * 64;
  per_bay_ = static_cast<size_t>(ring_ / 64);
}

SlotRange SlotCalendar::touching(const Interval& span) const {
  return {slot_at(span.start), floor_div(unix_s(span.end - 1ms), unit_s_) + 1};
}

bool SlotCalendar::aligned(const Interval& span) const {
  const auto on_boundary = [this](Instant at) { return unix_ms(at) % (int64_t{unit_s_} * 1000) == 0; };
  return on_boundary(span.start) && on_boundary(span.end) && !span.empty();
}

bool SlotCalendar::fits_zone(const ZoneRules& zone, int32_t unit_s) {
  const auto fits = [unit_s](const ZoneTransition& t) {
    return t.offset_s % unit_s == 0 && unix_s(t.at) % unit_s == 0;
  };
  return zone.base_offset_s % unit_s == 0 && std::all_of(zone.transitions.begin(), zone.transitions.end(), fits);
}

void SlotCalendar::resize_bays(BayIndex bays) {
  BAYWARD_CHECK(bays >= bays_);
  slots_.resize(bays * per_bay_);
  const size_t words = (bays + 63) / 64;
  if (words > words_) {
    // Grown by half as much again, so that adding bays one by one doesn't copy the rows each time.
    const size_t wider = std::max(words, words_ + words_ / 2);
    std::vector<uint64_t> rows(static_cast<size_t>(ring_) * wider);
    for (size_t row = 0; row < static_cast<size_t>(ring_); ++row) {
      std::copy_n(free_.begin() + static_cast<std::ptrdiff_t>(row * words_), words_,
                  rows.begin() + static_cast<std::ptrdiff_t>(row * wider));
    }
    free_ = std::move(rows);
    words_ = wider;
  }
  bays_ = bays;
}

void SlotCalendar::move_horizon(Slot first, Slot end) {
  BAYWARD_CHECK(first >= first_ && end >= end_ && end - first <= ring_);
  const Slot clear_from = first_ == end_ ? first : end_;
  for (Slot slot = clear_from; slot < end; ++slot) {
    const size_t row = column(slot) * words_;
    std::fill_n(free_.begin() + static_cast<std::ptrdiff_t>(row), words_, 0);
  }
  for (BayIndex bay = 0; bay < bays_; ++bay) {
    all_runs({clear_from, end}, [&](Run run) {
      slots(bay, run).open &= ~run.mask;
      slots(bay, run).taken &= ~run.mask;
      return true;
    });
  }
  first_ = first;
  end_ = end;
}

template <class Each>
bool SlotCalendar::all_runs(SlotRange range, Each each) const {
  for (Slot slot = range.first; slot < range.end;) {
    const size_t at = column(slot);
    const size_t bit = at % 64;
    const size_t count = std::min(64 - bit, static_cast<size_t>(range.end - slot));
    if (!each(Run{at - bit, ~uint64_t{0} >> (64 - count) << bit})) return false;
    slot += static_cast<Slot>(count);
  }
  return true;
}

void SlotCalendar::refresh_free(BayIndex bay, Run run) {
  const uint64_t bay_bit = uint64_t{1} << (bay % 64);
  const uint64_t free = slots(bay, run).open & ~slots(bay, run).taken;
  for (uint64_t left = run.mask; left != 0; left &= left - 1) {
    const auto slot = static_cast<size_t>(std::countr_zero(left));
    uint64_t& word = free_[(run.column + slot) * words_ + bay / 64];
    word = (free >> slot) & 1 ? word | bay_bit : word & ~bay_bit;
  }
}

void SlotCalendar::set_open(BayIndex bay, SlotRange range, bool open) {
  BAYWARD_CHECK(bay < bays_);
  all_runs(kept(range), [&](Run run) {
    uint64_t& word = slots(bay, run).open;
    word = open ? word | run.mask : word & ~run.mask;
    refresh_free(bay, run);
    return true;
  });
}

void SlotCalendar::take(BayIndex bay, SlotRange range) {
  BAYWARD_CHECK(bay < bays_);
  all_runs(kept(range), [&](Run run) {
    uint64_t& word = slots(bay, run).taken;
    BAYWARD_CHECK((word & run.mask) == 0);
    word |= run.mask;
    refresh_free(bay, run);
    return true;
  });
}

void SlotCalendar::release(BayIndex bay, SlotRange range) {
  BAYWARD_CHECK(bay < bays_);
  all_runs(kept(range), [&](Run run) {
    uint64_t& word = slots(bay, run).taken;
    BAYWARD_CHECK((word & run.mask) == run.mask);
    word &= ~run.mask;
    refresh_free(bay, run);
    return true;
  });
}

bool SlotCalendar::open(BayIndex bay, SlotRange range) const {
  return bay < bays_ && inside(range) &&
         all_runs(range, [&](Run run) { return (slots(bay, run).open & run.mask) == run.mask; });
}

bool SlotCalendar::untaken(BayIndex bay, SlotRange range) const {
  return bay < bays_ && inside(range) &&
         all_runs(range, [&](Run run) { return (slots(bay, run).taken & run.mask) == 0; });
}

// Slots at the front of a range inside the horizon that all are free, or all are not.
int64_t SlotCalendar::run_inside(BayIndex bay, SlotRange range, bool free) const {
  int64_t count = 0;
  all_runs(range, [&](Run run) {
    const Slots& word = slots(bay, run);
    const uint64_t is_free = word.open & ~word.taken;
    const uint64_t same = (free ? is_free : ~is_free) & run.mask;
    const int first = std::countr_zero(run.mask);
    const int alike = std::countr_one(same >> first);
    count += alike;
    return alike == std::popcount(run.mask);
  });
  return count;
}

int64_t SlotCalendar::free_run(BayIndex bay, Slot from, int64_t limit) const {
  const SlotRange range{from, std::min(from + limit, end_)};
  return bay < bays_ && inside(range) ? run_inside(bay, range, true) : 0;
}

int64_t SlotCalendar::unfree_run(BayIndex bay, Slot from, int64_t limit) const {
  const SlotRange range{from, std::min(from + limit, end_)};
  if (bay >= bays_ || !inside(range)) return limit;
  const int64_t run = run_inside(bay, range, false);
  return run < range.count() ? run : limit;
}

uint64_t SlotCalendar::free_bays(SlotRange range, size_t word) const {
  if (!inside(range) || word >= words_) return 0;
  uint64_t free = ~uint64_t{0};
  size_t row = column(range.first);
  for (int64_t left = range.count(); left > 0 && free != 0; --left) {
    free &= free_[row * words_ + word];
    if (++row == static_cast<size_t>(ring_)) row = 0;
  }
  return free;
}

}  // namespace bayward::core

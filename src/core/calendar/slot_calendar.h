// A2, A11: the slot calendar of one site.
//
// Time is cut into unit slots numbered from the Unix epoch (slot = seconds / unit; every zone's offset is a multiple of
// the unit, see fits_zone(), so slots meet local midnights and a local day has 92, 96 or 100 quarter hours). For every
// slot in the horizon a bitset over the bays says which are free, and for every bay a bitset over the horizon says what
// is shared and what is taken. A search ANDs a few rows; a booking tests and sets a run of bits.
//
// Always: a bit is free exactly when it is open (shared by a window) and not taken. take() of a slot that is taken is
// a CHECK: the decision was made from this calendar a moment before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "base/zone.h"

namespace bayward::core {

using Slot = int64_t;

struct SlotRange {
  Slot first = 0;
  Slot end = 0;  // exclusive
  int64_t count() const { return end - first; }
  friend bool operator==(const SlotRange&, const SlotRange&) = default;
};

// A dense index of a bay in its site: BayId number minus one.
using BayIndex = uint32_t;

class SlotCalendar {
 public:
  explicit SlotCalendar(int32_t unit_s = 900, int64_t horizon_days = 36);

  int32_t unit_s() const { return unit_s_; }
  Slot slot_at(Instant at) const { return floor_div(unix_s(at), unit_s_); }
  Instant start_of(Slot slot) const { return from_unix_s(slot * unit_s_); }
  Interval interval_of(SlotRange range) const { return {start_of(range.first), start_of(range.end)}; }
  // The slots that an interval touches.
  SlotRange touching(const Interval& span) const;
  bool aligned(const Interval& span) const;
  // Every offset of the zone is a multiple of the unit.
  static bool fits_zone(const ZoneRules& zone, int32_t unit_s);

  BayIndex bays() const { return bays_; }
  void resize_bays(BayIndex bays);

  // What can be asked about: slots in [first(), end()). Others are never free.
  Slot first() const { return first_; }
  Slot end() const { return end_; }
  // Forgets slots before `first` and makes room for those before `end`, closed and not taken.
  void move_horizon(Slot first, Slot end);

  void set_open(BayIndex bay, SlotRange range, bool open);
  void take(BayIndex bay, SlotRange range);
  void release(BayIndex bay, SlotRange range);

  bool open(BayIndex bay, SlotRange range) const;
  bool untaken(BayIndex bay, SlotRange range) const;
  bool free(BayIndex bay, SlotRange range) const { return open(bay, range) && untaken(bay, range); }
  bool free(BayIndex bay, Slot slot) const { return free(bay, {slot, slot + 1}); }
  // Slots of the run of untaken open slots that begins at `from`, at most `limit`.
  int64_t free_run(BayIndex bay, Slot from, int64_t limit) const;
  // The same of slots that are not free.
  int64_t unfree_run(BayIndex bay, Slot from, int64_t limit) const;

  // The bays that are free in the whole range, 64 from bay 64 * word on; none when it is beyond the horizon.
  uint64_t free_bays(SlotRange range, size_t word) const;
  // Asks the processor for what free_bays() of this range will read first.
  void prefetch(SlotRange range) const {
    if (inside(range)) __builtin_prefetch(free_.data() + column(range.first) * words_);
  }

 private:
  // Of one bay, 64 slots, side by side because they are always asked together.
  struct Slots {
    uint64_t open = 0;   // shared by a window
    uint64_t taken = 0;  // booked or held
  };
  // Some of those 64: which of them, and where in the ring the first of the 64 is.
  struct Run {
    size_t column = 0;
    uint64_t mask = 0;
  };

  static int64_t floor_div(int64_t a, int64_t b) { return a >= 0 ? a / b : (a - b + 1) / b; }
  bool inside(SlotRange range) const { return range.first >= first_ && range.end <= end_ && range.first < range.end; }
  SlotRange kept(SlotRange range) const { return {std::max(range.first, first_), std::min(range.end, end_)}; }
  size_t column(Slot slot) const { return static_cast<size_t>(slot % ring_); }
  const Slots& slots(BayIndex bay, Run run) const { return slots_[bay * per_bay_ + run.column / 64]; }
  Slots& slots(BayIndex bay, Run run) { return slots_[bay * per_bay_ + run.column / 64]; }
  // The range as runs, from the front while `each(Run)` says true; false if it said false.
  template <class Each>
  bool all_runs(SlotRange range, Each each) const;
  void refresh_free(BayIndex bay, Run run);
  int64_t run_inside(BayIndex bay, SlotRange range, bool free) const;

  int32_t unit_s_;
  int64_t ring_;  // slots kept; a multiple of 64
  Slot first_ = 0;
  Slot end_ = 0;
  BayIndex bays_ = 0;
  size_t per_bay_ = 0;          // words in the ring
  size_t words_ = 0;            // of a row of free_: 64 bays a word
  std::vector<Slots> slots_;    // [bay][ring / 64]
  std::vector<uint64_t> free_;  // [ring][bay / 64]
};

}  // namespace bayward::core

#include "core/calendar/slot_calendar.h"

#include <algorithm>

#include "base/check.h"

namespace bayward::core {

SlotCalendar::SlotCalendar(int32_t unit_s, int64_t horizon_days) : unit_s_(unit_s) {
  const int64_t slots = (horizon_days + 1) * 86400 / unit_s;
  ring_ = (slots + 63) / 64 * 64;
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
  const auto per_bay = static_cast<size_t>(ring_ / 64);
  open_.resize(bays * per_bay);
  taken_.resize(bays * per_bay);
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
    for (BayIndex bay = 0; bay < bays_; ++bay) {
      assign(open_, bay, slot, false);
      assign(taken_, bay, slot, false);
    }
  }
  first_ = first;
  end_ = end;
}

bool SlotCalendar::bit(const std::vector<uint64_t>& plane, BayIndex bay, Slot slot) const {
  const size_t at = column(slot);
  return (plane[bay * static_cast<size_t>(ring_ / 64) + at / 64] >> (at % 64)) & 1;
}

void SlotCalendar::assign(std::vector<uint64_t>& plane, BayIndex bay, Slot slot, bool value) {
  const size_t at = column(slot);
  uint64_t& word = plane[bay * static_cast<size_t>(ring_ / 64) + at / 64];
  const uint64_t mask = uint64_t{1} << (at % 64);
  word = value ? word | mask : word & ~mask;
}

void SlotCalendar::refresh_free(BayIndex bay, Slot slot) {
  uint64_t& word = free_[column(slot) * words_ + bay / 64];
  const uint64_t mask = uint64_t{1} << (bay % 64);
  word = bit(open_, bay, slot) && !bit(taken_, bay, slot) ? word | mask : word & ~mask;
}

void SlotCalendar::set_open(BayIndex bay, SlotRange range, bool open) {
  BAYWARD_CHECK(bay < bays_);
  for (Slot slot = std::max(range.first, first_); slot < std::min(range.end, end_); ++slot) {
    assign(open_, bay, slot, open);
    refresh_free(bay, slot);
  }
}

void SlotCalendar::take(BayIndex bay, SlotRange range) {
  BAYWARD_CHECK(bay < bays_);
  for (Slot slot = std::max(range.first, first_); slot < std::min(range.end, end_); ++slot) {
    BAYWARD_CHECK(!bit(taken_, bay, slot));
    assign(taken_, bay, slot, true);
    refresh_free(bay, slot);
  }
}

void SlotCalendar::release(BayIndex bay, SlotRange range) {
  BAYWARD_CHECK(bay < bays_);
  for (Slot slot = std::max(range.first, first_); slot < std::min(range.end, end_); ++slot) {
    BAYWARD_CHECK(bit(taken_, bay, slot));
    assign(taken_, bay, slot, false);
    refresh_free(bay, slot);
  }
}

bool SlotCalendar::open(BayIndex bay, SlotRange range) const {
  if (bay >= bays_ || !inside(range)) return false;
  for (Slot slot = range.first; slot < range.end; ++slot) {
    if (!bit(open_, bay, slot)) return false;
  }
  return true;
}

bool SlotCalendar::untaken(BayIndex bay, SlotRange range) const {
  if (bay >= bays_ || !inside(range)) return false;
  for (Slot slot = range.first; slot < range.end; ++slot) {
    if (bit(taken_, bay, slot)) return false;
  }
  return true;
}

int64_t SlotCalendar::free_run(BayIndex bay, Slot from, int64_t limit) const {
  int64_t run = 0;
  while (run < limit && free(bay, from + run)) ++run;
  return run;
}

void SlotCalendar::and_free(SlotRange range, std::span<uint64_t> mask) const {
  if (!inside(range)) {
    std::fill(mask.begin(), mask.end(), 0);
    return;
  }
  for (Slot slot = range.first; slot < range.end; ++slot) {
    const uint64_t* row = &free_[column(slot) * words_];
    for (size_t word = 0; word < mask.size(); ++word) mask[word] &= row[word];
  }
}

}  // namespace bayward::core

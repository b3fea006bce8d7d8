#include "core/permission/day_schedule.h"

#include <array>

namespace bayward::core {

std::string_view to_text(SlotUse use) {
  static constexpr std::array<std::string_view, 3> words = {"closed", "open", "booked"};
  return words[static_cast<size_t>(use)];
}

std::vector<ScheduleEntry> day_schedule(const Site& site, const Bay& bay, int32_t day) {
  std::vector<ScheduleEntry> schedule;
  const SlotRange slots = site.calendar.touching(site.zone.day(from_days(day)));
  if (slots.first < site.calendar.first() || slots.end > site.calendar.end()) return schedule;
  const BayIndex index = Site::index(bay.id);
  for (Slot slot = slots.first; slot < slots.end; ++slot) {
    ScheduleEntry entry;
    entry.span = site.calendar.interval_of({slot, slot + 1});
    if (const Booking* booking = site.booking_at(bay.id, entry.span.start)) {
      entry.use = SlotUse::booked;
      entry.booking = booking->id;
      entry.account = booking->account;
    } else if (site.calendar.open(index, {slot, slot + 1})) {
      entry.use = SlotUse::open;
    }
    const bool goes_on =
        !schedule.empty() && schedule.back().use == entry.use && schedule.back().booking == entry.booking;
    if (goes_on) {
      schedule.back().span.end = entry.span.end;
    } else {
      schedule.push_back(entry);
    }
  }
  return schedule;
}

}  // namespace bayward::core

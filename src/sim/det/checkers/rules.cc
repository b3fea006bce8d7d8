#include "sim/det/checkers/rules.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;
using Phase = ModelBooking::Phase;

void OverlapRule::claim(BookingId id, BayId bay, const Interval& span) {
  const auto there = model_.on_bay.find(bay);
  if (there == model_.on_bay.end()) return;
  for (BookingId other_id : there->second) {
    const ModelBooking& other = model_.bookings.at(other_id);
    const Interval held{other.span.start, other.slots_end};
    if (other_id == id || held.empty() || !span.overlaps(held)) continue;
    problems_.report("overlap", to_text(id) + " takes " + to_rfc3339(span.start) + ".." + to_rfc3339(span.end) +
                                    ", which is held by " + describe(other, other_id));
  }
}

void OverlapRule::look(const Event& event) {
  if (const auto* asked = std::get_if<BookingRequested>(&event)) {
    claim(asked->booking, asked->bay, asked->span);
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    const ModelBooking& booking = model_.bookings.at(extended->booking);
    claim(extended->booking, booking.bay, {booking.span.start, extended->end});
  } else if (const auto* moved = std::get_if<BookingMoved>(&event)) {
    const ModelBooking& booking = model_.bookings.at(moved->booking);
    claim(moved->booking, moved->to, {booking.span.start, booking.slots_end});
  }
}

void PowerRule::holder(const SessionStarted& started) {
  const auto found = model_.bookings.find(started.booking);
  if (found == model_.bookings.end()) {
    problems_.report("power", to_text(started.session) + " names a booking that doesn't exist");
    return;
  }
  const ModelBooking& booking = found->second;
  const Instant from = booking.span.start - model_.rules.at(site_of(started.bay)).early_arrival;
  const bool waiting = booking.phase == Phase::confirmed && from <= started.start.at;
  const bool there = booking.phase == Phase::active;
  const bool told_late = booking.phase == Phase::left && started.start.at < *booking.left_at;
  if (told_late) marks_.hit(Mark::late_session_after_leave);
  if (booking.bay != started.bay || booking.account != started.account || !(waiting || there || told_late)) {
    problems_.report("power", to_text(started.session) + " on " + to_text(started.bay) + " at " +
                                  to_rfc3339(started.start.at) + " isn't the turn of " +
                                  describe(booking, started.booking));
  }
}

void PowerRule::owner(const SessionStarted& started) {
  if (model_.bays.at(started.bay).owner != started.account) {
    problems_.report("power", to_text(started.session) + " is neither the holder's nor the owner's");
  }
  const auto there = model_.on_bay.find(started.bay);
  if (there == model_.on_bay.end()) return;
  for (BookingId id : there->second) {
    const ModelBooking& booking = model_.bookings.at(id);
    const bool waiting = booking.phase == Phase::confirmed && booking.span.start <= started.start.at &&
                         started.start.at < booking.slots_end;
    if (waiting || booking.phase == Phase::active) {
      problems_.report("power",
                       to_text(started.session) + " gives the owner power in the time of " + describe(booking, id));
    }
  }
}

void PowerRule::look(const Event& event, Instant, const std::vector<StreamEvent>& record) {
  const auto* started = std::get_if<SessionStarted>(&event);
  if (!started) return;
  if (started->booking) return holder(*started);
  if (started->account) return owner(*started);
  marks_.hit(Mark::orphan_session);
  const bool stopped = std::any_of(record.begin(), record.end(), [&](const StreamEvent& other) {
    const auto* wanted = std::get_if<SessionStopWanted>(&other.event);
    return wanted && wanted->session == started->session;
  });
  if (!stopped) problems_.report("power", to_text(started->session) + " is nobody's and is left running");
}

void WindowRule::sold(BookingId id, BayId bay, const Interval& span) {
  const auto unit = std::chrono::seconds{model_.rules.at(site_of(bay)).slot_unit_s};
  for (Instant at = span.start; at < span.end; at += unit) {
    if (model_.shared(bay, at)) continue;
    problems_.report("window",
                     to_text(id) + " has " + to_text(bay) + " at " + to_rfc3339(at) + ", when nobody shares it");
    return;
  }
}

void WindowRule::look(const Event& event) {
  if (const auto* asked = std::get_if<BookingRequested>(&event)) {
    // What a controller gave was shared when it was told so.
    sold(asked->booking, asked->bay, {std::max(asked->span.start, asked->granted_until), asked->span.end});
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    const ModelBooking& booking = model_.bookings.at(extended->booking);
    sold(extended->booking, booking.bay, {booking.slots_end, extended->end});
  } else if (const auto* moved = std::get_if<BookingMoved>(&event)) {
    const ModelBooking& booking = model_.bookings.at(moved->booking);
    sold(moved->booking, moved->to, {booking.span.start, booking.slots_end});
  }
}

void QuotaRule::count(SiteId site, PermissionId id, const Interval& more) {
  const auto found = model_.permissions.find(id);
  if (!id || found == model_.permissions.end()) return;
  const Permission& permission = found->second;
  const ZoneRules& zone = model_.zones.at(site);
  const auto unit = std::chrono::seconds{model_.rules.at(site).slot_unit_s};
  std::map<int32_t, int32_t> by_day;
  const auto add = [&](const Interval& span) {
    for (Instant at = span.start; at < span.end; at += unit) ++by_day[to_days(zone.local_date(at))];
  };
  std::set<int32_t> days;
  add(more);
  for (const auto& [day, slots] : by_day) days.insert(day);
  for (const auto& [other_id, booking] : model_.bookings) {
    if (booking.permission == id) add({booking.span.start, booking.slots_end});
  }
  for (int32_t day : days) {
    int32_t week = 0;
    const int32_t monday = day - weekday_index(from_days(day));
    for (int32_t d = monday; d < monday + 7; ++d) week += by_day.contains(d) ? by_day.at(d) : 0;
    if ((permission.slots_per_day != 0 && by_day[day] > permission.slots_per_day) ||
        (permission.slots_per_week != 0 && week > permission.slots_per_week)) {
      problems_.report("quota", to_text(id) + " is exceeded on " + bayward::to_text(from_days(day)) + ": " +
                                    std::to_string(by_day[day]) + " slots, " + std::to_string(week) + " that week");
    }
  }
}

void QuotaRule::look(const Event& event) {
  if (const auto* asked = std::get_if<BookingRequested>(&event)) {
    count(site_of(asked->booking), asked->permission, asked->span);
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    const ModelBooking& booking = model_.bookings.at(extended->booking);
    count(site_of(extended->booking), booking.permission, {booking.slots_end, extended->end});
  }
}

void BillRule::look(const BookingEnded& event) {
  int64_t net = 0;
  for (const InvoiceLine& line : event.invoice.lines) net += line.amount.minor;
  if (!event.invoice.lines.empty() && net != event.invoice.total.minor) {
    problems_.report("bill", to_text(event.booking) + ": the lines sum to " + std::to_string(net) + ", the total is " +
                                 to_text(event.invoice.total));
  }
  if (event.end != BookingEnd::completed || event.invoice.register_defect) return;
  int64_t read = 0;
  for (const auto& [id, session] : model_.sessions) {
    if (session.booking != event.booking) continue;
    if (session.defect) return;
    read += session.energy_milliwh();
  }
  int64_t billed = 0;
  for (const InvoiceLine& line : event.invoice.lines) billed += line.kind == LineKind::energy ? line.quantity : 0;
  if (billed != read) {
    problems_.report("bill", to_text(event.booking) + " is billed " + std::to_string(billed) +
                                 " mWh, its sessions read " + std::to_string(read));
  }
}

}  // namespace bayward::sim

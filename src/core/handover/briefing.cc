#include "core/handover/briefing.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::core {
namespace {

constexpr Duration foreseen = 24h;  // A4: the day's schedule

// Shared and free, or a live booking's: when that ends early the controller may give it again. What an ended one has
// used stays used.
bool can_be_had(const Site& site, const Bay& bay, Slot slot) {
  const BayIndex index = Site::index(bay.id);
  if (!site.calendar.open(index, {slot, slot + 1})) return false;
  return site.calendar.untaken(index, {slot, slot + 1}) || site.booking_at(bay.id, site.calendar.start_of(slot));
}

std::vector<Interval> open_runs(const Site& site, const Bay& bay, Instant now) {
  std::vector<Interval> out;
  if (!bay.in_service || bay.info.shared_pile) return out;
  const SlotCalendar& calendar = site.calendar;
  const Slot end = std::min(calendar.slot_at(site.handover.watermark), calendar.end());
  for (Slot slot = std::max(calendar.slot_at(now), calendar.first()); slot < end; ++slot) {
    if (!can_be_had(site, bay, slot)) continue;
    const Interval span = calendar.interval_of({slot, slot + 1});
    if (!out.empty() && out.back().end == span.start) {
      out.back().end = span.end;
    } else {
      out.push_back(span);
    }
  }
  return out;
}

}  // namespace

Briefing briefing_of(const Site& site, Instant now) {
  Briefing out;
  out.log = site.handover.log;
  out.revision = site.sequence;
  out.watermark = site.handover.watermark;
  out.taken = site.handover.taken;
  out.slot_unit_s = site.rules.slot_unit_s;
  out.walk_up_hold = site.rules.walk_up_hold;
  out.walk_up_slots = site.rules.walk_up_slots;
  const Instant far = std::max(now + foreseen, site.handover.watermark);
  size_t claims = 0;
  for (const Bay& bay : site.bays) {
    BriefedBay& told = out.bays.emplace_back();
    told.bay = bay.id;
    told.label = bay.info.label;
    const Station* station = bay.info.charger ? site.station(bay.info.charger->station) : nullptr;
    if (station) told.station = station->identity;
    if (station) told.evse = bay.info.charger->evse;
    told.open = open_runs(site, bay, now);
    for (const AgendaEntry& entry : site.agenda[Site::index(bay.id)]) {
      const Booking& booking = site.bookings.get(entry.booking);
      // What touches the controller's slots is always told; of the day only what there is room for.
      if (entry.start >= site.handover.watermark && (entry.start >= far || claims >= limits::handover_claims)) break;
      told.claims.push_back({booking.id,
                             booking.account,
                             booking.grant,
                             booking.kind,
                             booking.phase == BookingPhase::active,
                             {booking.span.start, booking.slots_end},
                             booking.vehicle,
                             {},
                             {}});
      ++claims;
    }
  }
  return out;
}

}  // namespace bayward::core

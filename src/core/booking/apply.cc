#include "core/booking/apply.h"

#include <algorithm>

#include "core/booking/due.h"

namespace bayward::core {
namespace {

void refresh_due(State& state, Site& site, Booking& booking, Instant at) {
  booking.due = next_due(site, booking, at);
  if (booking.due < far_future) state.watch({booking.due, site.id, DeadlineKind::booking, booking.id.value});
}

// A newcomer right behind an active booking brings the overstay of that one forward.
void refresh_active_on(State& state, Site& site, BayId bay, Instant at) {
  if (!site.bay(bay).visit) return;
  for (const AgendaEntry& entry : site.agenda[Site::index(bay)]) {
    Booking& booking = site.bookings.get(entry.booking);
    if (booking.phase == BookingPhase::active && booking.left_at == Instant{}) refresh_due(state, site, booking, at);
  }
}

void count_use(Site& site, const Booking& booking, const Interval& slots, int32_t sign) {
  if (!site.permissions.contains(booking.permission) || slots.empty()) return;
  PermissionUse& use = site.permission_uses[booking.permission];
  for (Instant slot = slots.start; slot < slots.end; slot += std::chrono::seconds{site.rules.slot_unit_s}) {
    use.slots_by_day[to_days(site.zone.local_date(slot))] += sign;
  }
}

// Gives the slots from `slots_end` on back.
void shorten(Site& site, Booking& booking, Instant slots_end) {
  if (slots_end >= booking.slots_end) return;
  const Interval freed{std::max(slots_end, booking.span.start), booking.slots_end};
  if (!freed.empty()) site.calendar.release(Site::index(booking.bay), site.calendar.touching(freed));
  count_use(site, booking, freed, -1);
  booking.slots_end = freed.start;
}

void apply(State& state, Site& site, const BookingRequested& event, Instant at) {
  Booking booking;
  booking.id = event.booking;
  booking.account = event.account;
  booking.vehicle = event.vehicle;
  booking.plate = event.plate;
  booking.bay = event.bay;
  booking.kind = event.kind;
  booking.span = event.span;
  booking.slots_end = event.span.end;
  booking.made_at = at;
  booking.hold = event.hold;
  booking.energy_estimate_milliwh = event.energy_estimate_milliwh;
  booking.permission = event.permission;
  booking.grant = event.grant;
  Booking& kept = site.bookings.add(std::move(booking));
  index_live(site, kept);
  count_use(site, kept, kept.span, 1);
  refresh_due(state, site, kept, at);
  refresh_active_on(state, site, event.bay, at);
}

void apply(State& state, Site& site, const BookingConfirmed& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  booking.phase = BookingPhase::confirmed;
  booking.tries = 0;
  refresh_due(state, site, booking, at);
}

void apply(State& state, Site& site, const BookingExtended& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  const Interval added{booking.slots_end, event.end};
  site.calendar.take(Site::index(booking.bay), site.calendar.touching(added));
  count_use(site, booking, added, 1);
  booking.span.end = event.end;
  booking.slots_end = event.end;
  booking.hold = event.hold;
  booking.overstay_told = false;
  refresh_due(state, site, booking, at);
}

void apply(State& state, Site& site, const BookingAnnounced& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  booking.announced = true;
  refresh_due(state, site, booking, at);
}

void apply(State& state, Site& site, const BookingMoved& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  const Interval held{booking.span.start, booking.slots_end};
  site.calendar.release(Site::index(booking.bay), site.calendar.touching(held));
  unindex_live(site, booking);
  booking.bay = event.to;
  index_live(site, booking);
  refresh_due(state, site, booking, at);
  refresh_active_on(state, site, event.to, at);
}

void apply(State& state, Site& site, const OverstayBegan& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  booking.overstay_told = true;
  refresh_due(state, site, booking, at);
}

void apply(State& state, Site& site, const BookingLeft& event, Instant) {
  Booking& booking = site.bookings.get(event.booking);
  booking.left_at = event.left_at;
  shorten(site, booking, event.slots_end);
  booking.due = event.due;
  state.watch({booking.due, site.id, DeadlineKind::booking, booking.id.value});
}

void apply(State& state, Site& site, const BookingEnded& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  shorten(site, booking, event.slots_end);
  unindex_live(site, booking);
  booking.phase = event.end == BookingEnd::no_funds ? BookingPhase::closed : BookingPhase::settling;
  booking.end = event.end;
  booking.charged = event.invoice.total;
  booking.tax = event.invoice.tax;
  booking.owner_share = event.owner_share;
  booking.compensation = event.compensation;
  booking.owner = event.owner;
  booking.tries = 0;
  refresh_due(state, site, booking, at);
  Bay& bay = site.bay(booking.bay);
  if (bay.wanted_start && bay.wanted_start->booking == booking.id) bay.wanted_start.reset();
}

void apply(State& state, Site& site, const DeadlineRenewed& event, Instant) {
  Booking& booking = site.bookings.get(event.booking);
  ++booking.tries;
  booking.due = event.due;
  state.watch({booking.due, site.id, DeadlineKind::booking, booking.id.value});
}

void apply(State& state, Site& site, const BookingSettled& event, Instant at) {
  Booking& booking = site.bookings.get(event.booking);
  booking.phase = BookingPhase::closed;
  refresh_due(state, site, booking, at);
}

void apply(State&, Site& site, const VehicleIdentified& event, Instant) {
  Bay& bay = site.bay(event.bay);
  if (event.via != IdentityVia::plate) return;
  bay.occupant = event.verdict;
  bay.occupant_identity = event.identity;
}

void apply(State& state, Site& site, const VisitBegan& event, Instant at) {
  site.visits.add(event.visit);
  Bay& bay = site.bay(event.visit.bay);
  bay.visit = event.visit.id;
  bay.occupant = event.visit.kind == VisitKind::owner ? Verdict::owner : Verdict::holder;
  if (!event.visit.booking) return;
  Booking& booking = site.bookings.get(event.visit.booking);
  booking.phase = BookingPhase::active;
  booking.announced = true;
  booking.visit = event.visit.id;
  refresh_due(state, site, booking, at);
}

void apply(State&, Site& site, const VisitEnded& event, Instant) {
  site.bay(event.bay).visit = {};
  site.visits.erase(event.visit);
}

void apply(State& state, Site& site, const ChargingWanted& event, Instant) {
  site.bay(event.bay).wanted_start = WantedStart{event.booking, event.account, event.until};
  state.watch({event.until, site.id, DeadlineKind::charging, event.bay.value});
}

void apply(State&, Site& site, const ChargingLapsed& event, Instant) {
  site.bay(event.bay).wanted_start.reset();
}

void apply(State&, Site& site, const SessionStarted& event, Instant) {
  Session session;
  session.id = event.session;
  session.key = event.key;
  session.station = event.station;
  session.evse = event.evse;
  session.bay = event.bay;
  session.booking = event.booking;
  session.account = event.account;
  session.started_at = event.start.at;
  session.readings.push_back(event.start);
  site.sessions.add(std::move(session));
  site.session_of_key[event.key] = event.session;
  Bay& bay = site.bay(event.bay);
  const Session* running = site.sessions.find(bay.session);
  if (!running || running->started_at <= event.start.at) bay.session = event.session;
  bay.wanted_start.reset();
}

void insert_reading(Session& session, const MeterPoint& reading) {
  const auto later = std::upper_bound(session.readings.begin(), session.readings.end(), reading.at,
                                      [](Instant at, const MeterPoint& point) { return at < point.at; });
  session.readings.insert(later, reading);
}

void apply(State&, Site& site, const SessionMetered& event, Instant) {
  Session& session = site.sessions.get(event.session);
  for (const MeterPoint& reading : event.readings) insert_reading(session, reading);
}

void apply(State&, Site& site, const SessionStopWanted& event, Instant) {
  site.sessions.get(event.session).stop_wanted = true;
}

void apply(State&, Site& site, const SessionStopped& event, Instant) {
  Session& session = site.sessions.get(event.session);
  insert_reading(session, event.stop);
  session.stopped_at = event.stop.at;
  session.open = false;
  session.stop_wanted = false;
  session.register_defect = event.register_defect;
  Bay& bay = site.bay(session.bay);
  if (bay.session == session.id) bay.session = {};
}

}  // namespace

void apply_to_booking(State& state, Site& site, const Event& event, Instant at) {
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(state, site, e, at); }) apply(state, site, e, at);
      },
      event);
}

}  // namespace bayward::core

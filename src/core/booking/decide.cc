#include "core/booking/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/booking/bill.h"
#include "core/booking/displace.h"
#include "core/booking/due.h"
#include "core/incident/desk.h"
#include "core/recommend/availability.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

bool others(const Actor& actor, AccountId account) {
  return actor.kind == Actor::Kind::person && actor.account != account;
}

Duration unit(const Site& site) {
  return std::chrono::seconds{site.rules.slot_unit_s};
}

// A walk-up begins with the slot that now is in, and reaches as far as is asked for and free.
Interval span_of(const Site& site, const RequestBooking& command, Instant now) {
  if (command.kind == BookingKind::advance) return command.span;
  const Slot first = site.calendar.slot_at(now);
  if (command.span.end != Instant{}) return {site.calendar.start_of(first), command.span.end};
  const int64_t run = site.calendar.free_run(Site::index(command.bay), first, site.rules.walk_up_slots);
  return site.calendar.interval_of({first, first + std::max<int64_t>(run, 1)});
}

std::optional<Refusal> bad_span(const Site& site, const Interval& span, Instant now) {
  if (!site.calendar.aligned(span)) return Refusal::bad_interval;
  if (span.length() / unit(site) > limits::booking_slots_max) return Refusal::too_long;
  if (span.start + unit(site) <= now) return Refusal::in_the_past;
  return std::nullopt;
}

// Standing already in the bay to be held is the rule when a card is shown there, and no proof of anything from afar.
Wish wish_of(const Bay& bay, const Actor& actor, const RequestBooking& command, const Vehicle& vehicle,
             const Interval& span) {
  Wish wish;
  wish.account = command.account;
  wish.span = span;
  wish.energy_milliwh = command.energy_estimate_milliwh;
  wish.connector = vehicle.connector;
  const bool at_the_bay = actor.kind == Actor::Kind::station && !bay.occupant_identity;
  wish.plate = at_the_bay ? bay.occupant_identity : vehicle.plate;
  return wish;
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const RequestBooking& command, Instant now) {
  if (command.energy_estimate_milliwh < 0 || command.energy_estimate_milliwh > 1'000'000'000) {
    return refuse(Refusal::invalid);
  }
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  const Account* account = state.account(command.account);
  if (!account) return refuse(Refusal::unknown_account);
  if (others(actor, account->id)) return refuse(Refusal::not_yours);
  const Vehicle* vehicle = account->vehicle(command.vehicle);
  if (!vehicle) return refuse(Refusal::unknown_vehicle);
  const Interval span = span_of(*site, command, now);
  if (const auto reason = bad_span(*site, span, now)) return refuse(*reason);
  const auto reason = unavailable(*site, *bay, wish_of(*bay, actor, command, *vehicle, span), now);
  const bool own_tap = reason == Refusal::bay_occupied && actor.kind == Actor::Kind::station && !bay->occupant_identity;
  if (reason && !own_tap) return refuse(*reason);
  if (const auto refused = refused_for_account(*site, *bay, *account)) return refuse(*refused);
  if (const auto refused = not_ours(*site, span)) return refuse(*refused);
  const BookingRequested event =
      make_booking(*site, *bay, *account, *vehicle, {command.kind, span, command.energy_estimate_milliwh});
  return Decision{StreamId::of(site->id), {event}, event.booking.value};
}

std::optional<Refusal> refused_for_account(const Site& site, const Bay& bay, const Account& account) {
  if (balance(account.balances, site.currency, LedgerAccount::user_available) < 0) return Refusal::debt_outstanding;
  const std::vector<BookingId>* live = site.live_of_account.find(account.id);
  if (live && live->size() >= limits::open_bookings_per_account) return Refusal::too_many_bookings;
  if (!site.tariff_of(bay)) return Refusal::no_tariff;
  return std::nullopt;
}

BookingRequested make_booking(const Site& site, const Bay& bay, const Account& account, const Vehicle& vehicle,
                              const BookingWish& wish) {
  BookingRequested event;
  event.booking = site_scoped<BookingId>(site.id, site.bookings.next_number());
  event.account = account.id;
  event.vehicle = vehicle.id;
  event.plate = vehicle.plate;
  event.bay = bay.id;
  event.kind = wish.kind;
  event.span = wish.span;
  event.energy_estimate_milliwh = wish.energy_estimate_milliwh;
  event.hold = quote(site, *site.tariff_of(bay), wish.span, wish.energy_estimate_milliwh).total;
  if (bay.info.shared_pile) event.permission = *permission_for(site, bay, account.id, wish.span);
  return event;
}

Decided decide(const State& state, const Actor& actor, const CancelBooking& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (others(actor, booking->account)) return refuse(Refusal::not_yours);
  if (booking->phase != BookingPhase::confirmed) return refuse(Refusal::wrong_phase);
  const Site& site = *state.site(site_of(booking->id));
  return Decision{StreamId::of(site.id), {end_booking(site, *booking, BookingEnd::cancelled, now)}, booking->id.value};
}

Decided decide(const State& state, const Actor& actor, const ExtendBooking& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (others(actor, booking->account)) return refuse(Refusal::not_yours);
  const auto extension = make_extension(state, *booking, command.end, now);
  if (!extension) return Failure{extension.error()};
  const Site& site = *state.site(site_of(booking->id));
  if (const auto refused = not_ours(site, {booking->span.end, command.end})) return refuse(*refused);
  return Decision{StreamId::of(site.id), {*extension}, booking->id.value};
}

Result<BookingExtended, Refusal> make_extension(const State& state, const Booking& booking, Instant end, Instant now) {
  const bool running = booking.phase == BookingPhase::confirmed || booking.phase == BookingPhase::active;
  const Site& site = *state.site(site_of(booking.id));
  const Interval whole{booking.span.start, end};
  const Interval added{booking.span.end, end};
  if (!site.calendar.aligned(whole) || added.empty()) return refuse(Refusal::bad_interval);
  if (whole.length() / unit(site) > limits::booking_slots_max) return refuse(Refusal::too_long);
  const BayIndex bay = Site::index(booking.bay);
  const SlotRange slots = site.calendar.touching(added);
  if (slots.end > site.calendar.end()) return refuse(Refusal::beyond_horizon);
  if (!site.calendar.open(bay, slots)) return refuse(Refusal::outside_window);
  if (!site.calendar.untaken(bay, slots)) return refuse(Refusal::slot_taken);
  if (booking.permission && !fits_permission(site, booking.permission, added)) {
    return refuse(Refusal::quota_exhausted);
  }
  if (!running || booking.left_at != Instant{} || booking.slots_end != booking.span.end || now >= added.end) {
    return refuse(Refusal::wrong_phase);
  }
  const Tariff* tariff = site.tariff_of(*site.bay(booking.bay));
  const Money hold = std::max(booking.hold, quote(site, *tariff, whole, booking.energy_estimate_milliwh).total);
  const Account* account = state.account(booking.account);
  const int64_t available = account ? balance(account->balances, site.currency, LedgerAccount::user_available) : 0;
  if (hold.minor - booking.hold.minor > available) return refuse(Refusal::insufficient_funds);
  return BookingExtended{booking.id, end, hold};
}

Decided decide(const State& state, const Actor&, const ConfirmBooking& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  const Site& site = *state.site(site_of(booking->id));
  Decision decision{StreamId::of(site.id), {}, booking->id.value};
  if (booking->phase != BookingPhase::awaiting_funds) return decision;
  if (command.funds_held) {
    decision.events.push_back(BookingConfirmed{booking->id});
  } else {
    decision.events.push_back(end_booking(site, *booking, BookingEnd::no_funds, now));
  }
  return decision;
}

Decided decide(const State& state, const Actor&, const ConfirmSettlement& command, Instant) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  Decision decision{StreamId::of(site_of(booking->id)), {}, booking->id.value};
  if (booking->phase == BookingPhase::settling) decision.events.push_back(BookingSettled{booking->id});
  return decision;
}

namespace {

// Somebody stands there who is not the holder, and it isn't the visit that is still paid for.
bool blocked(const Bay& bay) {
  return bay.occupied && !bay.visit;
}

void raise(const Site& site, const Bay& bay, IncidentKind kind, BookingId booking, Instant now,
           std::vector<Event>& events) {
  IncidentDesk(site, now, events).raise({bay.id, kind, booking, bay.occupant_identity, now});
}

void append(std::vector<Event>& events, std::vector<Event> more) {
  std::move(more.begin(), more.end(), std::back_inserter(events));
}

std::vector<Event> announce(const Site& site, const Booking& booking, Instant now) {
  const Bay& bay = *site.bay(booking.bay);
  std::vector<Event> events{BookingAnnounced{booking.id}};
  const bool too_early_for_holder = now < booking.span.start - site.rules.early_arrival;
  if (blocked(bay) && (too_early_for_holder || bay.occupant_identity)) {
    raise(site, bay, IncidentKind::wrong_vehicle, booking.id, now, events);
    append(events, displace(site, bay, now));
  }
  return events;
}

std::vector<Event> overstay(const Site& site, const Booking& booking, Instant now) {
  const Bay& bay = *site.bay(booking.bay);
  std::vector<Event> events{OverstayBegan{booking.id}};
  raise(site, bay, IncidentKind::overstay, booking.id, now, events);
  append(events, displace(site, bay, now));
  return events;
}

std::vector<Event> complete(const Site& site, const Booking& booking, Instant left_at) {
  std::vector<Event> events;
  if (site.visits.find(booking.visit)) events.push_back(VisitEnded{booking.visit, booking.bay, left_at});
  events.push_back(end_booking(site, booking, BookingEnd::completed, left_at));
  return events;
}

std::vector<Event> pass_active(const Site& site, const Booking& booking, Instant now) {
  if (booking.left_at != Instant{}) return complete(site, booking, booking.left_at);
  const Bay& bay = *site.bay(booking.bay);
  // Without a sensor nobody can see an overstay: the booking ends with its time.
  if (!bay.occupancy_known && !bay.session) return complete(site, booking, booking.span.end);
  return overstay(site, booking, now);
}

}  // namespace

std::vector<Event> pass_booking(const Site& site, const Booking& booking, Instant now) {
  switch (booking.phase) {
    case BookingPhase::awaiting_funds:
      if (booking.tries >= saga_tries) return {end_booking(site, booking, BookingEnd::timed_out, now)};
      return {DeadlineRenewed{booking.id, now + saga_retry}};
    case BookingPhase::confirmed:
      if (!booking.announced) return announce(site, booking, now);
      return {end_booking(site, booking,
                          booking.kind == BookingKind::walk_up ? BookingEnd::expired : BookingEnd::no_show, now)};
    case BookingPhase::active:
      return pass_active(site, booking, now);
    case BookingPhase::settling:
      return {DeadlineRenewed{booking.id, now + saga_retry}};
    case BookingPhase::closed:
      return {};
  }
  return {};
}

Decided decide(const State& state, const Actor&, const BillBooking& command, Instant) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  const Site& site = *state.site(site_of(booking->id));
  Decision decision{StreamId::of(site.id), {}, booking->id.value};
  if (booking->phase != BookingPhase::active || booking->left_at == Instant{}) return decision;
  const Session* running = site.sessions.find(site.bay(booking->bay)->session);
  if (running && running->booking == booking->id) return decision;
  decision.events.push_back(end_booking(site, *booking, BookingEnd::completed, booking->left_at));
  return decision;
}

}  // namespace bayward::core

#include "core/handover/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/booking/bill.h"
#include "core/booking/decide.h"
#include "core/recommend/availability.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

const Booking* live_with_grant(const Site& site, AccountId account, uint64_t grant) {
  const std::vector<BookingId>* live = site.live_of_account.find(account);
  if (!live) return nullptr;
  const auto found =
      std::find_if(live->begin(), live->end(), [&](BookingId id) { return site.bookings.get(id).grant == grant; });
  return found == live->end() ? nullptr : &site.bookings.get(*found);
}

const Booking* live_with_grant(const Site& site, BayId bay, uint64_t grant) {
  const auto& agenda = site.agenda[Site::index(bay)];
  const auto found = std::find_if(agenda.begin(), agenda.end(), [&](const AgendaEntry& entry) {
    return site.bookings.get(entry.booking).grant == grant;
  });
  return found == agenda.end() ? nullptr : &site.bookings.get(found->booking);
}

// Of a walk-up without an end: as far as it is free behind what was granted, in slots that are the platform's.
Interval whole_span(const Site& site, const TakeGrant& grant) {
  if (grant.span.end != Instant{}) return grant.span;
  const Slot first = site.calendar.slot_at(grant.span.start);
  const Slot granted = site.calendar.slot_at(grant.granted_until);
  const int64_t more = site.rules.walk_up_slots - (granted - first);
  const bool ours = grant.granted_until >= site.handover.watermark && more > 0;
  const int64_t run = ours ? site.calendar.free_run(Site::index(grant.bay), granted, more) : 0;
  return {grant.span.start, site.calendar.start_of(granted + run)};
}

// The controller has answered for the slots it gave, as it saw them; for what is behind them the platform does.
std::optional<Refusal> span_reason(const Site& site, const Bay& bay, const TakeGrant& grant, const Interval& span) {
  const Interval given{span.start, grant.granted_until};
  const Interval rest{grant.granted_until, span.end};
  if (!site.calendar.aligned(span) || !site.calendar.aligned(given)) return Refusal::bad_interval;
  const SlotRange slots = site.calendar.touching(span);
  if (slots.count() > limits::booking_slots_max) return Refusal::too_long;
  if (slots.first < site.calendar.first()) return Refusal::in_the_past;
  if (slots.end > site.calendar.end()) return Refusal::beyond_horizon;
  const BayIndex index = Site::index(bay.id);
  if (!rest.empty() && !site.calendar.open(index, site.calendar.touching(rest))) return Refusal::outside_window;
  if (!site.calendar.untaken(index, slots)) return Refusal::slot_taken;
  if (!rest.empty() && rest.start < site.handover.watermark) return Refusal::site_decides;
  return std::nullopt;
}

Result<Event, Refusal> take_hold(const State& state, const Site& site, const TakeGrant& grant) {
  const Bay* bay = site.bay(grant.bay);
  if (!bay) return refuse(Refusal::unknown_bay);
  const Account* account = state.account(grant.account);
  if (!account) return refuse(Refusal::unknown_account);
  const bool first_vehicle = !grant.vehicle && !account->vehicles.empty();
  const Vehicle* vehicle = first_vehicle ? &account->vehicles.front() : account->vehicle(grant.vehicle);
  if (!vehicle) return refuse(Refusal::unknown_vehicle);
  if (grant.energy_estimate_milliwh < 0 || grant.energy_estimate_milliwh > 1'000'000'000) {
    return refuse(Refusal::invalid);
  }
  const Interval span = whole_span(site, grant);
  if (const auto reason = span_reason(site, *bay, grant, span)) return refuse(*reason);
  if (bay->info.shared_pile) {
    const auto permission = permission_for(site, *bay, account->id, span);
    if (!permission) return refuse(permission.error());
  }
  if (const auto reason = refused_for_account(site, *bay, *account)) return refuse(*reason);
  BookingRequested event =
      make_booking(site, *bay, *account, *vehicle, {grant.booking_kind, span, grant.energy_estimate_milliwh});
  event.grant = grant.number;
  event.granted_until = grant.granted_until;
  return Event(event);
}

Result<Event, Refusal> take_extension(const State& state, const Site& site, const TakeGrant& grant, Instant now) {
  const Booking* booking = site.bookings.find(grant.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (booking->bay != grant.bay || booking->span.end != grant.span.start) return refuse(Refusal::wrong_phase);
  const bool rest = grant.granted_until < grant.span.end;
  if (rest && grant.granted_until < site.handover.watermark) return refuse(Refusal::site_decides);
  const auto extension = make_extension(state, *booking, grant.span.end, now);
  if (!extension) return refuse(extension.error());
  return Event(*extension);
}

// The hold may have ended meanwhile, or its car has come: then it is no hold any more.
Result<Event, Refusal> take_freeing(const Site& site, const TakeGrant& grant, Instant now) {
  const Booking* booking = site.bay(grant.bay) ? live_with_grant(site, grant.bay, grant.of) : nullptr;
  if (!booking) return refuse(Refusal::unknown_booking);
  if (booking->phase > BookingPhase::confirmed) return refuse(Refusal::wrong_phase);
  return Event(end_booking(site, *booking, BookingEnd::expired, now));
}

Result<Event, Refusal> event_of(const State& state, const Site& site, const TakeGrant& grant, Instant now) {
  switch (grant.kind) {
    case GrantKind::hold:
      return take_hold(state, site, grant);
    case GrantKind::extend:
      return take_extension(state, site, grant, now);
    case GrantKind::free:
      return take_freeing(site, grant, now);
  }
  return refuse(Refusal::invalid);
}

BookingId booking_of(const Event& event) {
  if (const auto* requested = std::get_if<BookingRequested>(&event)) return requested->booking;
  if (const auto* extended = std::get_if<BookingExtended>(&event)) return extended->booking;
  if (const auto* ended = std::get_if<BookingEnded>(&event)) return ended->booking;
  return {};
}

}  // namespace

Decided decide(const State& state, const Actor&, const AssignController& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (command.controller && !site->station(command.controller)) return refuse(Refusal::unknown_station);
  if (site->bays.size() > limits::handover_bays) return refuse(Refusal::limit_reached);
  Decision decision{StreamId::of(site->id), {}, command.controller.value};
  if (site->handover.controller == command.controller) return decision;
  // What the old one may have given away and not told yet is not ours to give again.
  if (site->handover.controller && site->handover.watermark > now) return refuse(Refusal::wrong_phase);
  decision.events.push_back(ControllerAssigned{command.controller});
  return decision;
}

Decided decide(const State& state, const Actor&, const HandOver& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  const Handover& handover = site->handover;
  if (!handover.controller) return refuse(Refusal::wrong_phase);
  Decision decision{StreamId::of(site->id), {}, site->id.value};
  const Instant until = now + site->rules.handover_horizon;
  const Slot last = site->calendar.slot_at(until);
  const Instant watermark = site->calendar.start_of(site->calendar.start_of(last) < until ? last + 1 : last);
  const bool online = site->station(handover.controller)->online;
  if (online && watermark > handover.watermark) decision.events.push_back(SlotsHandedOver{watermark});
  return decision;
}

Decided decide(const State& state, const Actor&, const TakeGrant& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  const Handover& handover = site->handover;
  if (!handover.controller || command.log != handover.log) return refuse(Refusal::wrong_phase);
  if (command.number > handover.taken + 1) return refuse(Refusal::wrong_phase);
  Decision decision{StreamId::of(site->id), {}, 0};
  if (command.number <= handover.taken) {
    const Booking* known = live_with_grant(*site, command.account, command.number);
    if (known) decision.subject = known->id.value;
    return decision;
  }
  GrantTaken taken{command.number, {}, std::nullopt};
  auto event = event_of(state, *site, command, now);
  if (event) {
    taken.booking = booking_of(*event);
    decision.events.push_back(std::move(*event));
  } else {
    taken.refusal = event.error();
  }
  decision.subject = taken.booking.value;
  decision.events.push_back(taken);
  return decision;
}

}  // namespace bayward::core

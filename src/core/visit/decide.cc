#include "core/visit/decide.h"

#include <algorithm>

#include "core/booking/bill.h"
#include "core/booking/displace.h"
#include "core/booking/due.h"
#include "core/claim/decide.h"
#include "core/incident/desk.h"
#include "core/visit/identify.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

const Bay* find_bay(const State& state, BayId id) {
  const Site* site = state.site(site_of(id));
  return site ? site->bay(id) : nullptr;
}

}  // namespace

Instant believable(Instant at, Instant now) {
  return at > now || at < now - 7 * 24h ? now : at;
}

bool supersedes(const Site& site, const Bay& bay, BookingId booking) {
  return bay.visit && site.visits.get(bay.visit).booking != booking;
}

VisitBegan begin_visit(const Site& site, const Bay& bay, BookingId booking, AccountId account, Instant at) {
  Visit visit;
  visit.id = site_scoped<VisitId>(site.id, site.visits.next_number());
  visit.bay = bay.id;
  visit.kind = booking ? VisitKind::booked : VisitKind::owner;
  visit.booking = booking;
  visit.account = account;
  visit.began_at = at;
  return {visit};
}

std::vector<Event> depart(const Site& site, const Bay& bay, Instant left_at, Instant now) {
  std::vector<Event> events;
  if (!bay.visit) return events;
  const Visit& visit = site.visits.get(bay.visit);
  events.push_back(VisitEnded{visit.id, bay.id, left_at});
  if (!visit.booking) return events;
  const Booking& booking = site.bookings.get(visit.booking);
  const Station* station = bay.info.charger ? site.station(bay.info.charger->station) : nullptr;
  const bool reading_missing = bay.session || (station && !station->online && booking.energy_estimate_milliwh > 0);
  if (reading_missing) {
    events.push_back(BookingLeft{booking.id, left_at, used_until(site, booking, left_at), now + last_reading_wait});
  } else {
    events.push_back(end_booking(site, booking, BookingEnd::completed, left_at));
  }
  return events;
}

Decided decide(const State& state, const Actor&, const RecordOccupancy& command, Instant now) {
  const Bay* bay = find_bay(state, command.bay);
  if (!bay) return refuse(Refusal::unknown_bay);
  const Site& site = *state.site(site_of(bay->id));
  const Instant at = believable(command.at, now);
  Decision decision{StreamId::of(site.id), {}, bay->id.value};
  const bool overtaken = bay->occupancy_known && at < bay->occupancy_since;
  if (overtaken || (bay->occupancy_known && bay->occupied == command.occupied)) return decision;
  decision.events.push_back(BayOccupancyChanged{bay->id, command.occupied, at});
  if (!command.occupied) {
    claim_wrong_parking(state, site, *bay, at, decision.events);
    IncidentDesk desk(site, now, decision.events);
    desk.subside(bay->id, IncidentKind::wrong_vehicle, at);
    desk.subside(bay->id, IncidentKind::overstay, at);
    for (Event& event : depart(site, *bay, at, now)) decision.events.push_back(std::move(event));
  }
  return decision;
}

Decided decide(const State& state, const Actor&, const RecordConnectorStatus& command, Instant) {
  const Bay* bay = find_bay(state, command.bay);
  if (!bay) return refuse(Refusal::unknown_bay);
  Decision decision{StreamId::of(site_of(bay->id)), {}, bay->id.value};
  if (bay->connector != command.status) decision.events.push_back(ConnectorStatusChanged{bay->id, command.status});
  return decision;
}

Decided decide(const State& state, const Actor&, const RecordStationLink& command, Instant now) {
  const Site* site = state.site(site_of(command.station));
  const Station* station = site ? site->station(command.station) : nullptr;
  if (!station) return refuse(Refusal::unknown_station);
  Decision decision{StreamId::of(site->id), {}, station->id.value};
  if (station->online == command.online) return decision;
  decision.events.push_back(StationLinkChanged{station->id, command.online});
  if (command.online) {
    for (const Bay& bay : site->bays) {
      if (!bay.info.charger || bay.info.charger->station != station->id) continue;
      IncidentDesk(*site, now, decision.events).subside(bay.id, IncidentKind::station_silent, now);
      break;
    }
  }
  return decision;
}

Decided decide(const State& state, const Actor&, const IdentifyVehicle& command, Instant now) {
  const Bay* bay = find_bay(state, command.bay);
  if (!bay) return refuse(Refusal::unknown_bay);
  const Site& site = *state.site(site_of(bay->id));
  const Instant at = believable(command.at, now);
  Identity identity = resolve(state, command.via, command.identity);
  if (command.account) identity.account = command.account;
  const Match found = match(site, *bay, identity, at);
  Decision decision{StreamId::of(site.id), {}, bay->id.value};
  const bool repeated =
      command.via == IdentityVia::plate && bay->occupant_identity == command.identity && bay->occupant == found.verdict;
  const bool welcome = gives_power(found.verdict);
  const bool proven = command.via == IdentityVia::plate || !bay->occupied;
  if (repeated || (bay->visit && welcome && !(proven && supersedes(site, *bay, found.booking)))) return decision;
  decision.events.push_back(VehicleIdentified{bay->id, command.via, command.identity, identity.account, found.verdict});
  if (welcome) {
    claim_wrong_parking(state, site, *bay, at, decision.events);
    IncidentDesk(site, now, decision.events).subside(bay->id, IncidentKind::wrong_vehicle, at);
    for (Event& event : depart(site, *bay, at, now)) decision.events.push_back(std::move(event));
    decision.events.push_back(begin_visit(site, *bay, found.booking, identity.account, at));
  } else if (command.via == IdentityVia::plate && !bay->visit) {
    IncidentDesk(site, now, decision.events)
        .raise({bay->id, IncidentKind::wrong_vehicle, found.booking, command.identity, at});
    for (Event& event : displace(site, *bay, now)) decision.events.push_back(std::move(event));
  }
  return decision;
}

Decided decide(const State& state, const Actor& actor, const CheckIn& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (actor.kind == Actor::Kind::person && actor.account != booking->account) return refuse(Refusal::not_yours);
  const Site& site = *state.site(site_of(booking->id));
  const Bay& bay = *site.bay(booking->bay);
  Decision decision{StreamId::of(site.id), {}, booking->id.value};
  if (booking->phase == BookingPhase::active) return decision;
  const Match found = match(site, bay, {IdentityVia::app, {}, booking->account}, now);
  if (found.verdict != Verdict::holder || found.booking != booking->id) return refuse(Refusal::wrong_phase);
  const bool somebody_else = bay.occupied && bay.occupant_identity && bay.occupant_identity != booking->plate;
  if (bay.visit || somebody_else) return refuse(Refusal::bay_occupied);
  decision.events.push_back(VehicleIdentified{bay.id, IdentityVia::app, {}, booking->account, Verdict::holder});
  decision.events.push_back(begin_visit(site, bay, booking->id, booking->account, now));
  return decision;
}

Decided decide(const State& state, const Actor& actor, const LeaveBay& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (actor.kind == Actor::Kind::person && actor.account != booking->account) return refuse(Refusal::not_yours);
  const Site& site = *state.site(site_of(booking->id));
  const Bay& bay = *site.bay(booking->bay);
  if (booking->phase != BookingPhase::active || bay.visit != booking->visit) return refuse(Refusal::wrong_phase);
  if (bay.occupancy_known && bay.occupied) return refuse(Refusal::bay_occupied);
  return Decision{StreamId::of(site.id), depart(site, bay, now, now), booking->id.value};
}

}  // namespace bayward::core

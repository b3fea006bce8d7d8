#include "stations/wanted.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::stations {
namespace {

const core::Bay* still_there(const core::Site& site, StationId station, const StationBay& place) {
  const core::Bay* bay = site.bay(place.bay);
  const bool there =
      bay && bay->info.charger && bay->info.charger->station == station && bay->info.charger->evse == place.evse;
  return there ? bay : nullptr;
}

void want_reservation(const core::Site& site, const core::Bay& bay, uint16_t evse, Wanted& wanted) {
  for (const core::AgendaEntry& entry : site.agenda[core::Site::index(bay.id)]) {
    const core::Booking& booking = site.bookings.get(entry.booking);
    if (!booking.announced || booking.phase != core::BookingPhase::confirmed) continue;
    // Announced and confirmed, its next deadline is the one at which nobody has come (core/booking/due.h).
    wanted.reservations.push_back({booking.id, evse, booking.account, booking.due});
    return;  // one reservation per EVSE: OCPP 1.6 5.13, 2.0.1 H01
  }
}

void append_listed(const core::State& state, std::vector<Listed>& out, Listed entry) {
  const bool there = std::any_of(out.begin(), out.end(), [&](const Listed& other) {
    return other.account == entry.account && other.booking == entry.booking;
  });
  if (there || !entry.account) return;
  if (const core::Account* account = state.account(entry.account)) {
    for (const core::Token& card : account->tokens) entry.cards.push_back(card.token);
  }
  out.push_back(std::move(entry));
}

}  // namespace

std::vector<StationBay> bays_of(const core::State& state, StationId station) {
  std::vector<StationBay> out;
  const core::Site* site = state.site(site_of(station));
  if (!site) return out;
  for (const core::BayIndex index : site->map.served_by(station)) {
    const core::Bay& bay = site->bays[index];
    out.push_back({bay.info.charger->evse, bay.id});
  }
  std::sort(out.begin(), out.end(), [](const StationBay& a, const StationBay& b) { return a.evse < b.evse; });
  return out;
}

Wanted wanted_of(const core::State& state, StationId station, const std::vector<StationBay>& bays) {
  Wanted wanted;
  const core::Site* site = state.site(site_of(station));
  if (!site) return wanted;
  for (const StationBay& place : bays) {
    const core::Bay* bay = still_there(*site, station, place);
    if (!bay) continue;
    want_reservation(*site, *bay, place.evse, wanted);
    if (bay->wanted_start) {
      wanted.starts.push_back(
          {bay->wanted_start->booking, place.evse, bay->wanted_start->account, bay->wanted_start->until});
    }
    const core::Session* session = bay->session ? site->sessions.find(bay->session) : nullptr;
    if (session && session->open && session->stop_wanted && session->station == station) {
      wanted.stops.push_back({session->id, session->key, place.evse});
    }
  }
  return wanted;
}

std::vector<Listed> listed_of(const core::State& state, StationId station, const std::vector<StationBay>& bays,
                              Instant now) {
  std::vector<Listed> owners;
  std::vector<Listed> holders;
  const core::Site* site = state.site(site_of(station));
  if (!site) return owners;
  const Interval today = site->zone.day(site->zone.local_date(now));
  for (const StationBay& place : bays) {
    const core::Bay* bay = still_there(*site, station, place);
    if (!bay) continue;
    append_listed(state, owners, {bay->info.owner, {}, {}, far_future, {}});
    for (const core::AgendaEntry& entry : site->agenda[core::Site::index(bay->id)]) {
      if (entry.start >= today.end) break;
      const core::Booking& booking = site->bookings.get(entry.booking);
      if (booking.slots_end <= now) continue;
      append_listed(state, holders, {booking.account, booking.id, booking.span.start, booking.slots_end, {}});
    }
  }
  std::stable_sort(holders.begin(), holders.end(),
                   [](const Listed& a, const Listed& b) { return a.expiry < b.expiry; });
  owners.insert(owners.end(), holders.begin(), holders.end());
  if (owners.size() > limits::local_list_entries) owners.resize(limits::local_list_entries);
  return owners;
}

}  // namespace bayward::stations

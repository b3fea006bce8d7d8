#include "core/site/apply.h"

#include <algorithm>
#include <type_traits>

#include "base/limits.h"

namespace bayward::core {
namespace {

// Closed things stay findable for late messages: a station that was offline for a week still finds its transaction.
constexpr Duration keep_after_close{7 * 24h};

void apply(State&, Site& site, const SiteRulesChanged& event, Instant) {
  site.rules = event.rules;
}

void apply(State& state, Site& site, const ZoneUpdated& event, Instant) {
  site.zone = event.zone;
  for (const Bay& bay : site.bays) {
    reopen_bay(site, bay.id, site.today, site.today + static_cast<int32_t>(limits::calendar_days));
  }
  state.watch({site.zone.day(next_day(from_days(site.today))).start, site.id, DeadlineKind::day, 0});
}

void apply(State& state, Site& site, const DayBegan& event, Instant at) {
  site.today = event.day;
  move_to_day(site, event.day);
  state.watch({site.zone.day(next_day(from_days(event.day))).start, site.id, DeadlineKind::day, 0});
  site.bookings.erase_if([&](const Booking& booking) {
    return booking.phase == BookingPhase::closed && booking.span.end + keep_after_close < at;
  });
  site.sessions.erase_if([&](const Session& session) {
    if (session.open || session.stopped_at + keep_after_close >= at) return false;
    if (const Booking* booking = site.bookings.find(session.booking); booking && booking->live()) return false;
    site.session_of_key.erase(session.key);
    return true;
  });
  for (Bay& bay : site.bays) bay.hazard_reports = 0;
  for (auto& [id, use] : site.permission_uses) {
    std::erase_if(use.slots_by_day, [&](const auto& day) { return day.first < event.day - 7; });
  }
}

void apply(State& state, Site& site, const BayDefined& event, Instant) {
  Bay bay;
  bay.id = event.bay;
  bay.info = event.info;
  site.bays.push_back(std::move(bay));
  site.agenda.emplace_back();
  site.calendar.resize_bays(static_cast<BayIndex>(site.bays.size()));
  map_bay(state, site, site.bays.back());
}

void apply(State& state, Site& site, const BayChanged& event, Instant) {
  Bay& bay = site.bay(event.bay);
  bay.info = event.info;
  map_bay(state, site, bay);
}

void apply(State& state, Site& site, const BayServiceChanged& event, Instant) {
  Bay& bay = site.bay(event.bay);
  bay.in_service = event.in_service;
  map_bay(state, site, bay);
}

void apply(State& state, Site& site, const StationRegistered& event, Instant at) {
  site.stations.push_back({event.station, event.identity, false, at, false});
  state.station_of_identity[event.identity] = event.station;
}

void apply(State&, Site& site, const TariffPublished& event, Instant) {
  site.tariffs.push_back(event.tariff);
  if (event.for_site) site.tariff = event.id;
}

void reopen(Site& site, BayId bay) {
  reopen_bay(site, bay, site.today, site.today + static_cast<int32_t>(limits::calendar_days));
}

void apply(State&, Site& site, const WindowPublished& event, Instant) {
  site.windows[event.window.id] = event.window;
  site.last_window = number_in_site(event.window.id);
  reopen(site, event.window.bay);
}

void apply(State&, Site& site, const WindowExceptionSet& event, Instant) {
  Window& window = site.windows[event.window];
  window.exceptions[event.day] = event.ranges;
  reopen(site, window.bay);
}

void apply(State&, Site& site, const WindowWithdrawn& event, Instant) {
  const BayId bay = site.windows[event.window].bay;
  site.windows.erase(event.window);
  reopen(site, bay);
}

void apply(State&, Site& site, const PermissionGranted& event, Instant) {
  site.permissions[event.permission.id] = event.permission;
  site.last_permission = number_in_site(event.permission.id);
}

void apply(State&, Site& site, const PermissionRevoked& event, Instant) {
  site.permissions.erase(event.permission);
  site.permission_uses.erase(event.permission);
}

void apply(State& state, Site& site, const BayOccupancyChanged& event, Instant) {
  Bay& bay = site.bay(event.bay);
  bay.occupied = event.occupied;
  bay.occupancy_known = true;
  bay.occupancy_since = event.at;
  if (!event.occupied) {
    bay.occupant = Verdict::unknown;
    bay.occupant_identity = {};
    if (bay.reading) see_plate(state, bay, {});
  }
}

void apply(State&, Site& site, const ConnectorStatusChanged& event, Instant) {
  site.bay(event.bay).connector = event.status;
}

void apply(State& state, Site& site, const StationLinkChanged& event, Instant at) {
  Station& station = site.stations[number_in_site(event.station) - 1];
  station.online = event.online;
  station.link_since = at;
  station.seen = station.seen || event.online;
  if (falls_silent(station)) state.watch(silence_deadline(site, station));
}

void apply(State&, Site& site, const ControllerAssigned& event, Instant) {
  site.handover.controller = event.controller;
  ++site.handover.log;
  site.handover.taken = 0;
  site.handover.refused = 0;
  // Numbers of the log before mean nothing in the new one.
  for (const auto& agenda : site.agenda) {
    for (const AgendaEntry& entry : agenda) site.bookings.get(entry.booking).grant = 0;
  }
}

void apply(State&, Site& site, const SlotsHandedOver& event, Instant) {
  site.handover.watermark = event.watermark;
}

void apply(State&, Site& site, const GrantTaken& event, Instant) {
  site.handover.taken = event.number;
  if (!event.refusal) return;
  site.handover.refused = event.number;
  site.handover.refused_for = *event.refusal;
}

}  // namespace

void define_site(State& state, const SiteDefined& event, Instant at) {
  SiteFacts facts;
  facts.id = event.site;
  facts.name = event.name;
  facts.place = event.place;
  facts.currency = event.currency;
  facts.zone = event.zone;
  facts.rules = event.rules;
  facts.community = event.community;
  facts.today = to_days(event.zone.local_date(at));
  Site& site = state.add_site(std::move(facts));
  move_to_day(site, site.today);
  state.watch({site.zone.day(next_day(from_days(site.today))).start, site.id, DeadlineKind::day, 0});
}

bool apply_to_site(State& state, Site& site, const Event& event, Instant at) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(state, site, e, at); }) {
          apply(state, site, e, at);
          return true;
        } else {
          return false;
        }
      },
      event);
}

}  // namespace bayward::core

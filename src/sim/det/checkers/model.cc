#include "sim/det/checkers/model.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;
using Phase = ModelBooking::Phase;

int64_t ModelSession::energy_milliwh() const {
  std::vector<MeterPoint> sorted = readings;
  std::stable_sort(sorted.begin(), sorted.end(), [](const MeterPoint& a, const MeterPoint& b) { return a.at < b.at; });
  return sorted.back().register_milliwh - sorted.front().register_milliwh;
}

void Model::apply(SiteId site, const Event& event) {
  if (const auto* defined = std::get_if<SiteDefined>(&event)) {
    rules[site] = defined->rules;
    zones[site] = defined->zone;
  } else if (const auto* changed = std::get_if<SiteRulesChanged>(&event)) {
    rules[site] = changed->rules;
  } else if (const auto* zone = std::get_if<ZoneUpdated>(&event)) {
    zones[site] = zone->zone;
  } else if (const auto* bay = std::get_if<BayDefined>(&event)) {
    bays[bay->bay].owner = bay->info.owner;
  } else if (const auto* other = std::get_if<BayChanged>(&event)) {
    bays[other->bay].owner = other->info.owner;
  } else if (const auto* granted = std::get_if<PermissionGranted>(&event)) {
    permissions[granted->permission.id] = granted->permission;
  } else if (const auto* revoked = std::get_if<PermissionRevoked>(&event)) {
    permissions.erase(revoked->permission);
  } else {
    apply_booking(event);
    apply_session(event);
    apply_window(event);
  }
}

void Model::apply_booking(const Event& event) {
  if (const auto* asked = std::get_if<BookingRequested>(&event)) {
    ModelBooking& booking = bookings[asked->booking];
    booking.account = asked->account;
    booking.plate = asked->plate;
    booking.bay = asked->bay;
    booking.kind = asked->kind;
    booking.span = asked->span;
    booking.slots_end = asked->span.end;
    booking.permission = asked->permission;
    on_bay[asked->bay].push_back(asked->booking);
  } else if (const auto* confirmed = std::get_if<BookingConfirmed>(&event)) {
    bookings[confirmed->booking].phase = Phase::confirmed;
  } else if (const auto* extended = std::get_if<BookingExtended>(&event)) {
    bookings[extended->booking].span.end = bookings[extended->booking].slots_end = extended->end;
  } else if (const auto* moved = std::get_if<BookingMoved>(&event)) {
    std::erase(on_bay[moved->from], moved->booking);
    on_bay[moved->to].push_back(moved->booking);
    bookings[moved->booking].bay = moved->to;
  } else if (const auto* visit = std::get_if<VisitBegan>(&event)) {
    if (visit->visit.booking) bookings[visit->visit.booking].phase = Phase::active;
  } else if (const auto* left = std::get_if<BookingLeft>(&event)) {
    ModelBooking& booking = bookings[left->booking];
    booking.phase = Phase::left;
    booking.left_at = left->left_at;
    booking.slots_end = std::min(booking.slots_end, left->slots_end);
  } else if (const auto* ended = std::get_if<BookingEnded>(&event)) {
    ModelBooking& booking = bookings[ended->booking];
    booking.phase = ended->end == BookingEnd::no_funds ? Phase::closed : Phase::ended;
    booking.end = ended->end;
    booking.slots_end = std::min(booking.slots_end, ended->slots_end);
    booking.total = ended->invoice.total;
    for (const InvoiceLine& line : ended->invoice.lines) {
      if (line.kind == LineKind::energy) booking.billed_energy_milliwh += line.quantity;
    }
  } else if (const auto* settled = std::get_if<BookingSettled>(&event)) {
    bookings[settled->booking].phase = Phase::closed;
  }
}

void Model::apply_session(const Event& event) {
  if (const auto* started = std::get_if<SessionStarted>(&event)) {
    ModelSession& session = sessions[started->session];
    session.id = started->session;
    session.key = started->key;
    session.bay = started->bay;
    session.booking = started->booking;
    session.account = started->account;
    session.readings = {started->start};
    session_of_key[started->key] = started->session;
    bays[started->bay].session = started->session;
  } else if (const auto* metered = std::get_if<SessionMetered>(&event)) {
    auto& readings = sessions[metered->session].readings;
    readings.insert(readings.end(), metered->readings.begin(), metered->readings.end());
  } else if (const auto* stopped = std::get_if<SessionStopped>(&event)) {
    ModelSession& session = sessions[stopped->session];
    session.readings.push_back(stopped->stop);
    session.open = false;
    session.defect = stopped->register_defect;
  }
}

void Model::apply_window(const Event& event) {
  if (const auto* published = std::get_if<WindowPublished>(&event)) {
    windows[published->window.id] = published->window;
  } else if (const auto* exception = std::get_if<WindowExceptionSet>(&event)) {
    windows[exception->window].exceptions[exception->day] = exception->ranges;
  } else if (const auto* withdrawn = std::get_if<WindowWithdrawn>(&event)) {
    windows.erase(withdrawn->window);
  }
}

bool Model::held(BayId bay, Instant at) const {
  const auto there = on_bay.find(bay);
  if (there == on_bay.end()) return false;
  return std::any_of(there->second.begin(), there->second.end(), [&](BookingId id) {
    const ModelBooking& booking = bookings.at(id);
    return booking.span.start <= at && at < booking.slots_end;
  });
}

// By what the clock on the wall shows.
bool Model::shared(BayId bay, Instant at) const {
  const LocalTime local = zones.at(site_of(bay)).local(at);
  return std::any_of(windows.begin(), windows.end(), [&](const auto& item) {
    const Window& window = item.second;
    if (window.bay != bay) return false;
    const auto& ranges = window.ranges_on(to_days(local.date));
    return std::any_of(ranges.begin(), ranges.end(), [&](const MinuteRange& range) {
      return range.start_minute <= local.minute && local.minute < range.end_minute;
    });
  });
}

std::string describe(const ModelBooking& booking, BookingId id) {
  return to_text(id) + " on " + to_text(booking.bay) + " " + to_rfc3339(booking.span.start) + ".." +
         to_rfc3339(booking.slots_end);
}

}  // namespace bayward::sim

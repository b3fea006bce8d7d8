#include "core/charging/decide.h"

#include <algorithm>

#include "core/booking/bill.h"
#include "core/incident/desk.h"
#include "core/visit/decide.h"
#include "core/visit/identify.h"

namespace bayward::core {
namespace {

constexpr Duration start_patience{2min};       // a station that hasn't started by then won't
constexpr size_t readings_per_session = 2000;  // a week has 14 tariff boundaries at most; the rest is thinned out
constexpr Duration clock_tolerance{5min};

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

struct Found {
  const Site* site = nullptr;
  const Session* session = nullptr;
};

Found find(const State& state, SiteId site_id, const SessionKey& key) {
  const Site* site = state.site(site_id);
  if (!site) return {};
  const auto id = site->session_of_key.find(key);
  return {site, id == site->session_of_key.end() ? nullptr : site->sessions.find(id->second)};
}

// A clock that runs ahead can't charge in the future; one that lags is believed, the station may have been offline.
MeterPoint sane(MeterPoint point, Instant now) {
  if (point.at > now + clock_tolerance || point.at < now - 365 * 24h) point.at = now;
  return point;
}

std::vector<MeterPoint> new_readings(const Session& session, const std::vector<MeterPoint>& readings, Instant now) {
  std::vector<MeterPoint> fresh;
  for (const MeterPoint& reading : readings) {
    const MeterPoint point = sane(reading, now);
    const auto same = [&](const MeterPoint& known) { return known.at == point.at; };
    if (point.at <= session.started_at || session.readings.size() + fresh.size() >= readings_per_session) continue;
    if (std::any_of(session.readings.begin(), session.readings.end(), same)) continue;
    if (std::any_of(fresh.begin(), fresh.end(), same)) continue;
    fresh.push_back(point);
  }
  return fresh;
}

bool runs_backwards(const Session& session, const std::vector<MeterPoint>& more, const MeterPoint& stop) {
  std::vector<MeterPoint> all = session.readings;
  all.insert(all.end(), more.begin(), more.end());
  std::stable_sort(all.begin(), all.end(), [](const MeterPoint& a, const MeterPoint& b) { return a.at < b.at; });
  all.push_back(stop);
  return !std::is_sorted(all.begin(), all.end(), [](const MeterPoint& a, const MeterPoint& b) {
    return a.register_milliwh < b.register_milliwh;
  });
}

// A session that the station never stopped and that another one follows ends with its last reading. One that is told of
// late, and was before the running one, ends nothing.
void end_forgotten(const Site& site, const Bay& bay, Instant start, std::vector<Event>& events) {
  if (!bay.session) return;
  const Session& forgotten = site.sessions.get(bay.session);
  if (start < forgotten.started_at) return;
  events.push_back(SessionStopped{forgotten.id, forgotten.readings.back(), forgotten.register_defect});
}

void open_incident(const Site& site, const Bay& bay, BookingId in_the_way, const Fingerprint& identity, Instant now,
                   std::vector<Event>& events) {
  IncidentDesk(site, now, events).raise({bay.id, IncidentKind::unauthorised_charging, in_the_way, identity, now});
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const RequestCharging& command, Instant now) {
  const Booking* booking = state.booking(command.booking);
  if (!booking) return refuse(Refusal::unknown_booking);
  if (actor.kind == Actor::Kind::person && actor.account != booking->account) return refuse(Refusal::not_yours);
  const Site& site = *state.site(site_of(booking->id));
  const Bay& bay = *site.bay(booking->bay);
  if (!bay.info.charger) return refuse(Refusal::charger_unfit);
  const Station* station = site.station(bay.info.charger->station);
  if (!station || !station->online) return refuse(Refusal::station_offline);
  const Match found = match(site, bay, {IdentityVia::app, {}, booking->account}, now);
  if (found.booking != booking->id || bay.session) return refuse(Refusal::wrong_phase);
  Decision decision{StreamId::of(site.id), {}, booking->id.value};
  if (!bay.wanted_start) {
    decision.events.push_back(ChargingWanted{bay.id, booking->id, booking->account, now + start_patience});
  }
  return decision;
}

Decided decide(const State& state, const Actor& actor, const RequestChargingStop& command, Instant) {
  const Session* session = state.session(command.session);
  if (!session) return refuse(Refusal::unknown_thing);
  if (actor.kind == Actor::Kind::person && actor.account != session->account) return refuse(Refusal::not_yours);
  if (!session->open) return refuse(Refusal::wrong_phase);
  Decision decision{StreamId::of(site_of(session->id)), {}, session->id.value};
  if (!session->stop_wanted) decision.events.push_back(SessionStopWanted{session->id});
  return decision;
}

Decided decide(const State& state, const Actor&, const StartSession& command, Instant now) {
  const auto [site, known] = find(state, site_of(command.station), command.key);
  if (!site) return refuse(Refusal::unknown_station);
  if (known) return Decision{StreamId::of(site->id), {}, known->id.value};
  const Bay* bay = site->bay_at(command.station, command.evse);
  if (!bay) return refuse(Refusal::unknown_bay);
  const MeterPoint start = sane(command.start, now);
  Identity identity = resolve(state, IdentityVia::token, command.identity);
  if (const Booking* booking = state.booking(command.booking_token)) identity.account = booking->account;
  const Match found = match(*site, *bay, identity, std::min(start.at, now));

  Decision decision{StreamId::of(site->id), {}, 0};
  end_forgotten(*site, *bay, start.at, decision.events);
  SessionStarted started;
  started.session = site_scoped<SessionId>(site->id, site->sessions.next_number());
  started.key = command.key;
  started.station = command.station;
  started.evse = command.evse;
  started.bay = bay->id;
  started.start = start;
  const bool power = gives_power(found.verdict);
  if (power) {
    started.booking = found.booking;
    started.account = identity.account;
    const Booking* booking = state.booking(found.booking);
    const bool has_left = booking && booking->left_at != Instant{};
    if (!has_left && (!bay->visit || supersedes(*site, *bay, found.booking))) {
      const Instant began = std::min(start.at, now);
      for (Event& event : depart(*site, *bay, began, now)) decision.events.push_back(std::move(event));
      decision.events.push_back(begin_visit(*site, *bay, found.booking, identity.account, began));
    }
  }
  decision.events.push_back(started);
  if (!power) {
    decision.events.push_back(SessionStopWanted{started.session});
    open_incident(*site, *bay, found.booking, command.identity, now, decision.events);
  }
  decision.subject = started.session.value;
  return decision;
}

Decided decide(const State& state, const Actor& actor, const MeterSession& command, Instant now) {
  const auto [site, session] = find(state, command.site, command.key);
  (void)actor;
  if (!session) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {}, session->id.value};
  if (!session->open) return decision;
  auto fresh = new_readings(*session, command.readings, now);
  if (!fresh.empty()) decision.events.push_back(SessionMetered{session->id, std::move(fresh)});
  return decision;
}

Decided decide(const State& state, const Actor&, const StopSession& command, Instant now) {
  const auto [site, session] = find(state, command.site, command.key);
  if (!session) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {}, session->id.value};
  if (!session->open) return decision;
  MeterPoint stop = sane(command.stop, now);
  stop.at = std::max(stop.at, session->readings.back().at);
  auto late = new_readings(*session, command.readings, now);
  std::erase_if(late, [&](const MeterPoint& reading) { return reading.at >= stop.at; });
  const bool defect = runs_backwards(*session, late, stop);
  if (!late.empty()) decision.events.push_back(SessionMetered{session->id, std::move(late)});
  decision.events.push_back(SessionStopped{session->id, stop, defect});
  const Bay& bay = *site->bay(session->bay);
  const Booking* booking = state.booking(session->booking);
  if (booking && booking->overstay_told && !bay.occupancy_known && bay.session == session->id && bay.visit &&
      bay.visit == booking->visit) {
    // Nothing sees this car leave: after its time, the end of its charging is taken for it.
    for (Event& event : depart(*site, bay, stop.at, now)) decision.events.push_back(std::move(event));
  }
  if (!session->account) {
    IncidentDesk(*site, now, decision.events).subside(bay.id, IncidentKind::unauthorised_charging, stop.at);
  }
  return decision;
}

}  // namespace bayward::core

#include "api/live/live_index.h"

#include "base/limits.h"

namespace bayward::api {

using namespace core;

// One overload per event that changes what is remembered. The mutex is held.
struct LiveIndex::Learner {
  LiveIndex& index;

  void operator()(const BayDefined& event) { set(event.bay, event.info); }
  void operator()(const BayChanged& event) { set(event.bay, event.info); }
  void operator()(const BookingRequested& event) {
    index.bookings_[event.booking] = {
        event.account,    event.vehicle, event.bay, event.kind, BookingPhase::awaiting_funds,
        BookingEnd::none, event.span,    event.hold};
  }
  void operator()(const BookingConfirmed& event) { phase(event.booking, BookingPhase::confirmed); }
  void operator()(const BookingExtended& event) {
    if (KnownBooking* known = find(event.booking)) {
      known->span.end = event.end;
      known->hold = event.hold;
    }
  }
  void operator()(const BookingMoved& event) {
    if (KnownBooking* known = find(event.booking)) known->bay = event.to;
  }
  void operator()(const VisitBegan& event) { phase(event.visit.booking, BookingPhase::active); }
  void operator()(const BookingEnded& event) {
    KnownBooking* known = find(event.booking);
    if (!known || known->end != BookingEnd::none) return;
    known->end = event.end;
    known->phase = BookingPhase::settling;
    index.ended(event.booking);
  }
  void operator()(const BookingSettled& event) { phase(event.booking, BookingPhase::closed); }
  void operator()(const SessionStarted& event) {
    index.sessions_[event.session] = {
        event.bay, event.booking, event.account, event.start.register_milliwh, event.start.register_milliwh, true};
  }
  void operator()(const SessionMetered& event) {
    const auto found = index.sessions_.find(event.session);
    if (found == index.sessions_.end() || event.readings.empty()) return;
    found->second.latest_milliwh = std::max(found->second.latest_milliwh, event.readings.back().register_milliwh);
  }
  void operator()(const SessionStopped& event) {
    const auto found = index.sessions_.find(event.session);
    if (found == index.sessions_.end() || !found->second.open) return;
    found->second.latest_milliwh = event.stop.register_milliwh;
    found->second.open = false;
    index.stopped_.push_back(event.session);
    if (index.stopped_.size() <= limits::ended_bookings_known) return;
    index.sessions_.erase(index.stopped_.front());
    index.stopped_.pop_front();
  }
  void operator()(const WindowPublished& event) { index.windows_[event.window.id] = event.window.bay; }
  void operator()(const WindowWithdrawn& event) {
    index.withdrawn_.push_back(event.window);
    if (index.withdrawn_.size() <= limits::ended_bookings_known) return;
    index.windows_.erase(index.withdrawn_.front());
    index.withdrawn_.pop_front();
  }
  void operator()(const IncidentOpened& event) { remember(event.incident); }
  void operator()(const IncidentReported& event) {
    Incident* known = incident(event.incident);
    if (!known || !event.active) return;
    heard_at(event.incident, event.bay);
    if (event.severity > known->severity || (event.severity == known->severity && event.kind > known->kind)) {
      known->kind = event.kind;
    }
    known->severity = event.severity;
    known->suppressed = event.suppressed;
    if (event.escalate_at) {
      known->acknowledged_by = {};
      known->level = 0;
    }
  }
  void operator()(const IncidentReraised& event) {
    Incident* known = incident(event.incident);
    if (!known) return;
    heard_at(event.incident, event.bay);
    known->end = IncidentEnd::none;
    known->suppressed = event.suppressed;
    known->acknowledged_by = {};
    known->level = 0;
  }
  void operator()(const IncidentAcknowledged& event) {
    if (Incident* known = incident(event.incident)) known->acknowledged_by = event.by;
  }
  void operator()(const IncidentAssigned& event) {
    if (Incident* known = incident(event.incident)) known->assigned_to = event.to;
  }
  void operator()(const IncidentEscalated& event) {
    if (Incident* known = incident(event.incident)) known->level = event.level;
  }
  void operator()(const IncidentClosed& event) {
    if (Incident* known = incident(event.incident)) known->end = event.end;
    index.closed_incidents_.push_back(event.incident);
    if (index.closed_incidents_.size() <= limits::ended_bookings_known) return;
    index.incidents_.erase(index.closed_incidents_.front());
    index.closed_incidents_.pop_front();
  }
  template <class Other>
  void operator()(const Other&) {}

  Incident* incident(IncidentId id) {
    const auto found = index.incidents_.find(id);
    return found == index.incidents_.end() ? nullptr : &found->second.incident;
  }
  void remember(const Incident& incident) {
    LiveIncident& live = index.incidents_[incident.id];
    live.incident = incident;
    live.incident.sources.clear();
    if (incident.bay) live.bays.insert(incident.bay);
    for (const IncidentSource& source : incident.sources) heard_at(incident.id, source.bay);
  }
  void heard_at(IncidentId id, BayId bay) {
    if (bay) index.incidents_[id].bays.insert(bay);
  }
  KnownBooking* find(BookingId booking) {
    const auto found = index.bookings_.find(booking);
    return found == index.bookings_.end() ? nullptr : &found->second;
  }
  void phase(BookingId booking, BookingPhase phase) {
    if (KnownBooking* known = find(booking)) known->phase = phase;
  }
  void set(BayId bay, const BayInfo& info) {
    std::vector<KnownBay>& bays = index.bays_[site_of(bay)];
    if (bays.size() < number_in_site(bay)) bays.resize(number_in_site(bay));
    KnownBay& known = bays[number_in_site(bay) - 1];
    if (known.station) index.served_[known.station].erase(bay);
    known = {info.owner, info.label, info.charger ? info.charger->station : StationId{}};
    if (known.station) index.served_[known.station].insert(bay);
  }
};

void LiveIndex::load(const State& state) {
  const std::lock_guard lock(mutex_);
  Learner learner{*this};
  for (uint64_t number = 1; number <= state.site_count(); ++number) {
    const Site& site = *state.site(SiteId{number});
    for (const Bay& bay : site.bays) learner.set(bay.id, bay.info);
    site.bookings.for_each([&](const Booking& one) {
      bookings_[one.id] = {one.account, one.vehicle, one.bay, one.kind, one.phase, one.end, one.span, one.hold};
      if (one.end != BookingEnd::none) ended(one.id);
    });
    site.sessions.for_each([&](const Session& one) {
      sessions_[one.id] = {one.bay,
                           one.booking,
                           one.account,
                           one.readings.front().register_milliwh,
                           one.readings.back().register_milliwh,
                           one.open};
      if (!one.open) stopped_.push_back(one.id);
    });
    for (const auto& [id, window] : site.windows) windows_[id] = window.bay;
    site.incidents.for_each([&](const Incident& one) { learner.remember(one); });
  }
}

void LiveIndex::learn(const StreamEvent& event) {
  const std::lock_guard lock(mutex_);
  std::visit(Learner{*this}, event.event);
}

void LiveIndex::ended(BookingId booking) {
  ended_.push_back(booking);
  if (ended_.size() <= limits::ended_bookings_known) return;
  bookings_.erase(ended_.front());
  ended_.pop_front();
}

std::optional<KnownBooking> LiveIndex::known_booking(BookingId booking) const {
  const std::lock_guard lock(mutex_);
  const auto found = bookings_.find(booking);
  return found == bookings_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<KnownSession> LiveIndex::known_session(SessionId session) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Incident> LiveIndex::known_incident(IncidentId incident) const {
  const std::lock_guard lock(mutex_);
  const auto found = incidents_.find(incident);
  return found == incidents_.end() ? std::nullopt : std::optional(found->second.incident);
}

std::optional<KnownBay> LiveIndex::known_bay(BayId bay) const {
  const std::lock_guard lock(mutex_);
  const auto found = bays_.find(site_of(bay));
  if (found == bays_.end() || number_in_site(bay) == 0 || number_in_site(bay) > found->second.size()) {
    return std::nullopt;
  }
  return found->second[number_in_site(bay) - 1];
}

std::vector<BayId> LiveIndex::bays_of(StationId station) const {
  const std::lock_guard lock(mutex_);
  const auto found = served_.find(station);
  return found == served_.end() ? std::vector<BayId>{} : std::vector<BayId>(found->second.begin(), found->second.end());
}

std::vector<BayId> LiveIndex::bays_of(IncidentId incident) const {
  const std::lock_guard lock(mutex_);
  const auto found = incidents_.find(incident);
  if (found == incidents_.end()) return {};
  return {found->second.bays.begin(), found->second.bays.end()};
}

BayId LiveIndex::bay_of(WindowId window) const {
  const std::lock_guard lock(mutex_);
  const auto found = windows_.find(window);
  return found == windows_.end() ? BayId{} : found->second;
}

std::vector<BayId> LiveIndex::bays_after(BayId last, size_t most) const {
  const std::lock_guard lock(mutex_);
  std::vector<BayId> out;
  uint32_t number = number_in_site(last);
  for (auto site = bays_.lower_bound(site_of(last)); site != bays_.end() && out.size() < most; ++site) {
    if (site->first != site_of(last)) number = 0;
    while (number < site->second.size() && out.size() < most) out.push_back(site_scoped<BayId>(site->first, ++number));
  }
  return out;
}

std::optional<BookingFacts> LiveIndex::booking(BookingId booking) {
  const auto known = known_booking(booking);
  return known ? std::optional(BookingFacts{known->account, known->bay}) : std::nullopt;
}

AccountId LiveIndex::owner_of(BayId bay) {
  const auto known = known_bay(bay);
  return known ? known->owner : AccountId{};
}

}  // namespace bayward::api

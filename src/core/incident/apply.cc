#include "core/incident/apply.h"

#include <algorithm>

#include "core/incident/desk.h"

namespace bayward::core {
namespace {

void watch_incident(State& state, const Site& site, const Incident& incident) {
  if (incident.due() < far_future) {
    state.watch({incident.due(), site.id, DeadlineKind::incident, incident.id.value});
  }
}

void watch_delivery(State& state, const Site& site, const Delivery& delivery) {
  if (delivery.due < far_future) state.watch({delivery.due, site.id, DeadlineKind::delivery, delivery.id.value});
}

using Marks = std::map<IncidentKind, IncidentId>;

void drop(Marks& marks, IncidentKind kind, IncidentId id) {
  if (const auto mark = marks.find(kind); mark != marks.end() && mark->second == id) marks.erase(mark);
}

// Where the bay and the site find it, while it is open and until it is forgotten.
void mark_open(Site& site, const IncidentSource& source, IncidentId id) {
  if (source.bay) {
    Bay& bay = site.bay(source.bay);
    bay.incidents[source.kind] = id;
    drop(bay.unfinished, source.kind, id);
  }
  if (!source.bay || group_of(source.kind).scope == IncidentScope::site) site.site_incidents[source.kind] = id;
}

void mark_over(Site& site, const IncidentSource& source, IncidentId id) {
  if (source.bay) {
    Bay& bay = site.bay(source.bay);
    drop(bay.incidents, source.kind, id);
    bay.unfinished[source.kind] = id;
  }
  drop(site.site_incidents, source.kind, id);
}

// What a device says is wrong, for the inspection list (D8).
void count_report(Site& site, BayId bay, IncidentKind kind) {
  if (bay && kind >= IncidentKind::thermal_warning) ++site.bay(bay).hazard_reports;
}

// Nobody has anything left to do with it.
void forget_if_done(Site& site, IncidentId id) {
  const Incident& incident = site.incidents.get(id);
  if (!incident.over()) return;
  if (policy_of(site, incident.kind).needs_person && !incident.acknowledged_by && !incident.suppressed) return;
  const std::vector<DeliveryId> deliveries = site.deliveries_of(id);
  const auto pending = [&](DeliveryId one) { return site.deliveries.get(one).pending(); };
  if (std::any_of(deliveries.begin(), deliveries.end(), pending)) return;
  for (DeliveryId one : deliveries) site.deliveries.erase(one);
  site.delivery_index.erase(id);
  for (const IncidentSource& source : incident.sources) {
    if (source.bay) drop(site.bay(source.bay).unfinished, source.kind, id);
  }
  site.incidents.erase(id);
}

void apply(State& state, Site& site, const IncidentOpened& event, Instant at) {
  Incident& incident = site.incidents.add(event.incident);
  // Records of the first version had no sources.
  if (incident.sources.empty()) incident.sources = {{incident.bay, incident.kind, true, at, 1}};
  for (const IncidentSource& source : incident.sources) mark_open(site, source, incident.id);
  count_report(site, incident.bay, incident.kind);
  watch_incident(state, site, incident);
}

void hear(Site& site, Incident& incident, const IncidentSource& heard) {
  const auto known = std::find_if(incident.sources.begin(), incident.sources.end(), [&](const IncidentSource& one) {
    return one.bay == heard.bay && one.kind == heard.kind;
  });
  if (known == incident.sources.end()) {
    incident.sources.push_back(heard);
    mark_open(site, heard, incident.id);
    return;
  }
  known->active = heard.active;
  known->since = heard.since;
  ++known->changes;
}

void grow(Incident& incident, IncidentKind kind, Severity severity) {
  if (severity > incident.severity || (severity == incident.severity && kind > incident.kind)) incident.kind = kind;
  incident.severity = std::max(incident.severity, severity);
}

void apply(State& state, Site& site, const IncidentReported& event, Instant) {
  Incident& incident = site.incidents.get(event.incident);
  hear(site, incident, {event.bay, event.kind, event.active, event.at, 1});
  if (event.active) {
    grow(incident, event.kind, event.severity);
    count_report(site, event.bay, event.kind);
  }
  incident.quiet_at = event.quiet_at;
  incident.suppressed = event.suppressed;
  if (event.escalate_at) {
    incident.acknowledged_by = {};
    incident.acknowledged_at = Instant{};
    incident.level = 0;
    incident.escalate_at = *event.escalate_at;
  }
  watch_incident(state, site, incident);
}

void apply(State& state, Site& site, const IncidentReraised& event, Instant) {
  Incident& incident = site.incidents.get(event.incident);
  hear(site, incident, {event.bay, event.kind, true, event.at, 1});
  count_report(site, event.bay, event.kind);
  for (const IncidentSource& source : incident.sources) mark_open(site, source, incident.id);
  incident.end = IncidentEnd::none;
  incident.over_at = Instant{};
  incident.acknowledged_by = {};
  incident.acknowledged_at = Instant{};
  incident.level = 0;
  ++incident.round;
  incident.quiet_at = far_future;
  incident.escalate_at = event.escalate_at;
  incident.suppressed = event.suppressed;
  watch_incident(state, site, incident);
}

void apply(State&, Site& site, const IncidentClosed& event, Instant at) {
  Incident& incident = site.incidents.get(event.incident);
  incident.end = event.end;
  incident.over_at = at;
  incident.quiet_at = far_future;
  if (event.by && !incident.acknowledged_by) {
    incident.acknowledged_by = event.by;
    incident.acknowledged_at = at;
  }
  const bool somebody_must_see = policy_of(site, incident.kind).needs_person && !incident.suppressed;
  if (incident.acknowledged_by || !somebody_must_see) incident.escalate_at = far_future;
  for (IncidentSource& source : incident.sources) {
    source.active = false;
    mark_over(site, source, incident.id);
  }
  forget_if_done(site, event.incident);
}

void apply(State&, Site& site, const IncidentAcknowledged& event, Instant at) {
  // The answer may have ended the last delivery, and the incident with it.
  Incident* incident = site.incidents.find(event.incident);
  if (!incident) return;
  incident->acknowledged_by = event.by;
  incident->acknowledged_at = at;
  // Seen during a drill is not told: what goes on when the drill ends still is.
  if (!incident->suppressed) incident->escalate_at = far_future;
  forget_if_done(site, event.incident);
}

void apply(State&, Site& site, const IncidentAssigned& event, Instant) {
  site.incidents.get(event.incident).assigned_to = event.to;
}

void apply(State& state, Site& site, const IncidentEscalated& event, Instant) {
  Incident& incident = site.incidents.get(event.incident);
  incident.level = event.level;
  incident.escalate_at = event.next;
  watch_incident(state, site, incident);
}

void apply(State&, Site& site, const AlarmsSuppressed& event, Instant at) {
  std::erase_if(site.suppressions, [&](const Suppression& one) { return one.until <= at; });
  site.last_suppression = event.suppression.number;
  site.suppressions.push_back(event.suppression);
}

void apply(State&, Site& site, const SuppressionLifted& event, Instant) {
  std::erase_if(site.suppressions, [&](const Suppression& one) { return one.number == event.number; });
}

void apply(State&, Site& site, const IncidentPolicySet& event, Instant) {
  site.incident_policies[event.kind] = event.policy;
}

void apply(State& state, Site& site, const DeliveryQueued& event, Instant) {
  const Delivery& delivery = site.deliveries.add(event.delivery);
  site.delivery_index[delivery.incident].push_back(delivery.id);
  watch_delivery(state, site, delivery);
}

void apply(State& state, Site& site, const DeliveryTried& event, Instant) {
  Delivery& delivery = site.deliveries.get(event.delivery);
  delivery.state = DeliveryState::pending;  // also of one that a gateway has lost
  ++delivery.tries;
  delivery.due = event.due;
  watch_delivery(state, site, delivery);
}

void apply(State& state, Site& site, const DeliveryEnded& event, Instant at) {
  Delivery& delivery = site.deliveries.get(event.delivery);
  delivery.state = event.state;
  delivery.due = far_future;
  delivery.after = {};
  const IncidentId incident = delivery.incident;
  for (DeliveryId id : site.deliveries_of(incident)) {
    Delivery& held = site.deliveries.get(id);
    if (held.after != delivery.id || !held.pending()) continue;
    held.after = {};
    held.due = at;
    watch_delivery(state, site, held);
  }
  forget_if_done(site, incident);
}

void apply(State&, Site& site, const InspectionListed& event, Instant at) {
  site.bay(event.bay).inspection_since = at;
}

void apply(State&, Site& site, const InspectionDone& event, Instant) {
  Bay& bay = site.bay(event.bay);
  bay.inspection_since = Instant{};
  bay.hazard_reports = 0;
}

void apply(State& state, Site& site, const PlateLookedUp& event, Instant) {
  Bay& bay = site.bay(event.bay);
  if (bay.reading != event.plate) see_plate(state, bay, event.plate);
  bay.looked_up_revision = event.revision;
  for (const WatchHit& hit : event.hits) {
    const bool known = std::find(bay.watch_told.begin(), bay.watch_told.end(), hit.order) != bay.watch_told.end();
    if (hit.score >= watch_score_told && !known) bay.watch_told.push_back(hit.order);
  }
}

}  // namespace

bool apply_to_incident(State& state, Site& site, const Event& event, Instant at) {
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

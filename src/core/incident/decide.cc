#include "core/incident/decide.h"

#include <algorithm>

#include "base/limits.h"
#include "core/booking/displace.h"
#include "core/incident/desk.h"
#include "core/visit/decide.h"

namespace bayward::core {
namespace {

constexpr Duration suppression_max = 24h;
constexpr int32_t reports_before_inspection = 10;  // of one bay, in one day (D8)

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

struct Found {
  const Site* site = nullptr;
  const Incident* incident = nullptr;
};
// Hits of the watch list are for the police desk alone: for people they don't exist (B5).
Found find(const State& state, const Actor& actor, IncidentId id) {
  const Site* site = state.site(site_of(id));
  const Incident* incident = site ? site->incidents.find(id) : nullptr;
  const bool hidden = incident && incident->kind == IncidentKind::watch_list && actor.kind != Actor::Kind::system;
  return {site, hidden ? nullptr : incident};
}

void close_bay(const Site& site, const Bay& bay, Instant now, std::vector<Event>& events) {
  const Session* session = site.sessions.find(bay.session);
  if (session && !session->stop_wanted) events.push_back(SessionStopWanted{session->id});
  std::vector<Event> moved = displace(site, bay, now);
  std::move(moved.begin(), moved.end(), std::back_inserter(events));
}

// What a gateway has lost is sent again while it still matters.
bool try_again(const Site& site, const Delivery& delivery) {
  const Incident* incident = site.incidents.find(delivery.incident);
  const bool matters = incident && (!incident->over() || delivery.step == DeliveryStep::all_clear);
  return matters && delivery.tries < tries_through_gateway;
}

void count_report(const Bay& bay, std::vector<Event>& events) {
  const bool listed = bay.inspection_since != Instant{};
  if (!listed && bay.hazard_reports + 1 >= reports_before_inspection) {
    events.push_back(InspectionListed{bay.id, bay.hazard_reports + 1});
  }
}

}  // namespace

Decided decide(const State& state, const Actor&, const ReportHazard& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  const Bay* bay = command.bay ? site->bay(command.bay) : nullptr;
  if (command.bay && !bay) return refuse(Refusal::unknown_bay);
  if (static_cast<size_t>(command.kind) >= incident_kinds) return refuse(Refusal::invalid);
  Decision decision{StreamId::of(site->id), {}, command.bay.value};
  IncidentDesk desk(*site, now, decision.events);
  const Instant at = believable(command.at, now);
  if (!command.active) {
    desk.subside(command.bay, command.kind, at);
    return decision;
  }
  const Booking* booking = bay ? site->booking_at(bay->id, now) : nullptr;
  desk.raise({command.bay, command.kind, booking ? booking->id : BookingId{}, command.vehicle, at});
  if (decision.events.empty() || !bay) return decision;
  if (makes_unusable(command.kind)) close_bay(*site, *bay, now, decision.events);
  count_report(*bay, decision.events);
  return decision;
}

Decided decide(const State& state, const Actor& actor, const AcknowledgeIncident& command, Instant now) {
  const auto [site, incident] = find(state, actor, command.incident);
  if (!incident) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {}, incident->id.value};
  if (actor.kind == Actor::Kind::staff) {
    if (!incident->acknowledged_by) IncidentDesk(*site, now, decision.events).acknowledge(*incident, actor.account);
    return decision;
  }
  bool told = false;
  for (DeliveryId id : site->deliveries_of(incident->id)) {
    const Delivery& delivery = site->deliveries.get(id);
    if (delivery.to.account != actor.account || !actor.account) continue;
    told = true;
    // What is held back behind an alarm has not been shown yet.
    if (delivery.awaited() && !delivery.after) {
      decision.events.push_back(DeliveryEnded{delivery.id, DeliveryState::delivered});
    }
  }
  if (!told) return refuse(Refusal::not_yours);
  return decision;
}

Decided decide(const State& state, const Actor& actor, const AssignIncident& command, Instant) {
  const auto [site, incident] = find(state, actor, command.incident);
  if (!incident) return refuse(Refusal::unknown_thing);
  if (!state.account(command.to)) return refuse(Refusal::unknown_account);
  Decision decision{StreamId::of(site->id), {}, incident->id.value};
  if (incident->assigned_to != command.to) {
    decision.events.push_back(IncidentAssigned{incident->id, command.to, actor.account});
  }
  return decision;
}

Decided decide(const State& state, const Actor& actor, const CloseIncident& command, Instant now) {
  const auto [site, incident] = find(state, actor, command.incident);
  if (!incident) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {}, incident->id.value};
  IncidentDesk desk(*site, now, decision.events);
  if (!incident->over()) {
    desk.close(*incident, command.false_alarm ? IncidentEnd::false_alarm : IncidentEnd::closed, actor.account);
  } else if (!incident->acknowledged_by) {
    desk.acknowledge(*incident, actor.account);
  }
  return decision;
}

Decided decide(const State& state, const Actor& actor, const SuppressAlarms& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  Suppression suppression = command.suppression;
  if (suppression.bay && !site->bay(suppression.bay)) return refuse(Refusal::unknown_bay);
  if (suppression.reason.empty() || suppression.reason.size() > limits::label_chars) return refuse(Refusal::invalid);
  if (suppression.kind && static_cast<size_t>(*suppression.kind) >= incident_kinds) return refuse(Refusal::invalid);
  if (suppression.until <= now) return refuse(Refusal::in_the_past);
  if (suppression.until > now + suppression_max) return refuse(Refusal::too_long);
  if (site->suppressions.size() >= limits::suppressions_per_site) return refuse(Refusal::limit_reached);
  suppression.number = site->last_suppression + 1;
  suppression.by = actor.account;
  return Decision{StreamId::of(site->id), {AlarmsSuppressed{suppression}}, suppression.number};
}

Decided decide(const State& state, const Actor&, const LiftSuppression& command, Instant now) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  const bool known = std::any_of(site->suppressions.begin(), site->suppressions.end(),
                                 [&](const Suppression& one) { return one.number == command.number; });
  if (!known) return refuse(Refusal::unknown_thing);
  Decision decision{StreamId::of(site->id), {SuppressionLifted{command.number}}, command.number};
  IncidentDesk desk(*site, now, decision.events);
  site->incidents.for_each([&](const Incident& incident) {
    if (incident.suppressed && !incident.over()) desk.speak_up(incident, command.number);
  });
  return decision;
}

Decided decide(const State& state, const Actor&, const SetIncidentPolicy& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  if (static_cast<size_t>(command.kind) >= incident_kinds) return refuse(Refusal::invalid);
  if (defect(command.kind, command.policy)) return refuse(Refusal::invalid);
  return Decision{StreamId::of(site->id), {IncidentPolicySet{command.kind, command.policy}}, site->id.value};
}

Decided decide(const State& state, const Actor&, const RecordDelivery& command, Instant now) {
  const Site* site = state.site(site_of(command.delivery));
  if (!site) return refuse(Refusal::unknown_site);
  if (command.state == DeliveryState::pending || command.state == DeliveryState::dropped ||
      command.state > DeliveryState::undelivered) {
    return refuse(Refusal::invalid);
  }
  Decision decision{StreamId::of(site->id), {}, command.delivery.value};
  // One that is gone has been acknowledged before: a repeated receipt.
  const Delivery* delivery = site->deliveries.find(command.delivery);
  if (!delivery || !delivery->awaited() || command.state == delivery->state) return decision;
  if (command.state == DeliveryState::undelivered && try_again(*site, *delivery)) {
    Delivery next = *delivery;
    ++next.tries;
    decision.events.push_back(DeliveryTried{delivery->id, now + pause_after(next)});
    return decision;
  }
  decision.events.push_back(DeliveryEnded{delivery->id, command.state});
  // A hit is over when the police know of it.
  if (delivery->kind == IncidentKind::watch_list) {
    decision.events.push_back(IncidentClosed{delivery->incident, IncidentEnd::subsided, {}});
  }
  return decision;
}

Decided decide(const State& state, const Actor& actor, const RecordInspection& command, Instant) {
  const Site* site = state.site(site_of(command.bay));
  const Bay* bay = site ? site->bay(command.bay) : nullptr;
  if (!bay) return refuse(Refusal::unknown_bay);
  Decision decision{StreamId::of(site->id), {}, bay->id.value};
  if (bay->inspection_since != Instant{}) decision.events.push_back(InspectionDone{bay->id, actor.account});
  return decision;
}

std::vector<Event> pass_incident(const Site& site, const Incident& incident, Instant now) {
  std::vector<Event> events;
  IncidentDesk desk(site, now, events);
  if (!incident.over() && incident.quiet_at <= now) {
    desk.close(incident, IncidentEnd::subsided, {});
  } else if (incident.escalate_at <= now && incident.suppressed) {
    desk.speak_up(incident);
  } else if (incident.escalate_at <= now) {
    desk.escalate(incident);
  }
  return events;
}

std::vector<Event> pass_delivery(const Delivery& delivery, Instant now) {
  Delivery next = delivery;
  ++next.tries;
  return {DeliveryTried{delivery.id, now + pause_after(next)}};
}

std::vector<Event> pass_silence(const Site& site, const Station& station, Instant now) {
  std::vector<Event> events;
  const std::vector<BayIndex>& served = site.map.served_by(station.id);
  if (!falls_silent(station) || served.empty()) return events;
  const BayId first = site.bays[served.front()].id;
  IncidentDesk(site, now, events).raise({first, IncidentKind::station_silent, {}, {}, now});
  return events;
}

}  // namespace bayward::core

#include "core/incident/desk.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::core {
namespace {

const Incident* of_family(const Site& site, const std::map<IncidentKind, IncidentId>& known, IncidentKind kind) {
  for (const auto& [other, id] : known) {
    if (same_family(other, kind)) return site.incidents.find(id);
  }
  return nullptr;
}

// An open incident of the family at a bay near this one, on the same storey.
const Incident* next_door(const Site& site, const Bay& bay, IncidentKind kind) {
  for (const BayIndex index : site.map.within(Site::index(bay.id), vicinity_dm)) {
    const Bay& other = site.bays[index];
    if (other.incidents.empty() || other.info.level != bay.info.level) continue;
    if (const Incident* found = of_family(site, other.incidents, kind)) return found;
  }
  return nullptr;
}

// The driver at a bay: of the visit, of the session, of the booking that is current.
AccountId driver_at(const Site& site, const Bay& bay, Instant now) {
  if (const Visit* visit = site.visits.find(bay.visit)) return visit->account;
  if (const Session* session = site.sessions.find(bay.session)) return session->account;
  const Booking* booking = site.booking_at(bay.id, now);
  return booking ? booking->account : AccountId{};
}

Instant later(Instant now, Duration by) {
  return by >= far_future - now ? far_future : now + by;
}

bool worse(Severity severity, IncidentKind kind, const Incident& than) {
  return severity != than.severity ? severity > than.severity : kind > than.kind;
}

}  // namespace

IncidentPolicy policy_of(const Site& site, IncidentKind kind) {
  const auto own = site.incident_policies.find(kind);
  return own == site.incident_policies.end() ? default_policy(kind) : own->second;
}

std::optional<Instant> suppressed_until(const Site& site, BayId bay, IncidentKind kind, Instant now, uint32_t lifted) {
  if (kind == IncidentKind::watch_list) return std::nullopt;  // not the site's to silence
  std::optional<Instant> until;
  for (const Suppression& one : site.suppressions) {
    const bool counts = now < one.until && one.number != lifted;
    if (!counts || (one.bay && one.bay != bay) || (one.kind && *one.kind != kind)) continue;
    until = std::max(until.value_or(one.until), one.until);
  }
  return until;
}

const Incident* incident_for(const Site& site, BayId at, IncidentKind kind) {
  // Every hit is a matter of its own: the next car's must not take the place of one that is still to be told.
  if (kind == IncidentKind::watch_list) return nullptr;
  const Bay* bay = at ? site.bay(at) : nullptr;
  if (bay) {
    if (const Incident* own = of_family(site, bay->incidents, kind)) return own;
    if (const Incident* back = of_family(site, bay->unfinished, kind)) return back;
  }
  switch (group_of(kind).scope) {
    case IncidentScope::bay:
      return bay ? nullptr : of_family(site, site.site_incidents, kind);
    case IncidentScope::site:
      return of_family(site, site.site_incidents, kind);
    case IncidentScope::vicinity:
      return bay ? next_door(site, *bay, kind) : nullptr;
  }
  return nullptr;
}

IncidentDesk::IncidentDesk(const Site& site, Instant now, std::vector<Event>& events)
    : site_(site),
      now_(now),
      events_(events),
      next_incident_(site.incidents.next_number()),
      next_delivery_(site.deliveries.next_number()) {}

IncidentId IncidentDesk::raise(const HazardReport& report) {
  const Incident* known = incident_for(site_, report.bay, report.kind);
  if (!known) {
    open(report, policy_of(site_, report.kind));
    return site_scoped<IncidentId>(site_.id, next_incident_ - 1);
  }
  if (known->over()) {
    reraise(*known, report);
  } else if (const IncidentSource* source = known->source(report.bay, report.kind); !source || !source->active) {
    join(*known, report);
  }
  return known->id;
}

void IncidentDesk::open(const HazardReport& report, const IncidentPolicy& policy) {
  Incident incident;
  incident.id = site_scoped<IncidentId>(site_.id, next_incident_++);
  incident.kind = report.kind;
  incident.bay = report.bay;
  incident.booking = report.booking;
  incident.vehicle = report.vehicle;
  incident.hits = report.hits;
  incident.opened_at = now_;
  incident.severity = policy.severity;
  incident.sources = {{report.bay, report.kind, true, report.at, 1}};
  const auto quiet = suppressed_until(site_, report.bay, report.kind, now_);
  incident.suppressed = quiet.has_value();
  incident.escalate_at = quiet.value_or(later(now_, policy.escalate_after));
  events_.push_back(IncidentOpened{incident});
  if (!incident.suppressed) tell(incident, report.bay, policy.told, {DeliveryStep::alarm, report.kind, 1});
}

void IncidentDesk::join(const Incident& incident, const HazardReport& report) {
  const IncidentPolicy policy = policy_of(site_, report.kind);
  const auto quiet = suppressed_until(site_, report.bay, report.kind, now_);
  const bool still_suppressed = incident.suppressed && quiet.has_value();
  // The first voice that may be told speaks for those that may not.
  const bool first_told = incident.suppressed && !still_suppressed;
  const bool grows = first_told || worse(policy.severity, report.kind, incident);
  const Severity severity = std::max(policy.severity, incident.severity);
  IncidentReported event{incident.id, report.bay, report.kind,     true, report.at, severity,
                         far_future,  {},         still_suppressed};
  if (still_suppressed) {
    event.escalate_at = std::min(incident.escalate_at, *quiet);
  } else if (grows) {
    event.escalate_at = later(now_, policy.escalate_after);
  }
  events_.push_back(event);
  if (still_suppressed) return;
  if (grows) {
    tell(incident, report.bay, policy.told, {DeliveryStep::alarm, report.kind, incident.round});
    return;
  }
  // Another bay in the same danger: who is there has not been told.
  const bool new_place = std::none_of(incident.sources.begin(), incident.sources.end(),
                                      [&](const IncidentSource& one) { return one.bay == report.bay; });
  if (new_place && group_of(report.kind).scope == IncidentScope::vicinity) {
    tell(incident, report.bay, policy.told & (bit(Party::driver) | bit(Party::owner)),
         {DeliveryStep::alarm, report.kind, incident.round});
  }
}

void IncidentDesk::reraise(const Incident& incident, const HazardReport& report) {
  const IncidentPolicy policy = policy_of(site_, report.kind);
  const auto quiet = suppressed_until(site_, report.bay, report.kind, now_);
  // A danger that nobody has seen is not forgotten because it comes back as a warning.
  const Duration answer_within = std::min(policy.escalate_after, policy_of(site_, incident.kind).escalate_after);
  events_.push_back(IncidentReraised{incident.id, report.bay, report.kind, report.at,
                                     quiet.value_or(later(now_, answer_within)), quiet.has_value()});
  if (!quiet) {
    tell(incident, report.bay, policy.told, {DeliveryStep::alarm, report.kind, incident.round + 1});
  }
}

void IncidentDesk::subside(BayId bay, IncidentKind kind, Instant at) {
  const Incident* incident = incident_for(site_, bay, kind);
  if (!incident || incident->over()) return;
  const IncidentSource* source = incident->source(bay, kind);
  if (!source || !source->active) return;
  const bool last = std::count_if(incident->sources.begin(), incident->sources.end(),
                                  [](const IncidentSource& one) { return one.active; }) == 1;
  const Duration quiet_for = policy_of(site_, incident->kind).quiet_for;
  if (last && quiet_for == Duration{0}) {
    close(*incident, IncidentEnd::subsided, {});
    return;
  }
  events_.push_back(IncidentReported{incident->id,
                                     bay,
                                     kind,
                                     false,
                                     at,
                                     incident->severity,
                                     last ? later(now_, quiet_for) : far_future,
                                     {},
                                     incident->suppressed});
}

void IncidentDesk::close(const Incident& incident, IncidentEnd end, AccountId by) {
  const bool all_clear = policy_of(site_, incident.kind).all_clear;
  // The newest alarm to each: the all-clear follows it and nothing overtakes it.
  std::map<Recipient, DeliveryId> told;
  for (DeliveryId id : site_.deliveries_of(incident.id)) {
    const Delivery& delivery = site_.deliveries.get(id);
    if (delivery.round != incident.round) continue;
    const bool alarm = delivery.step == DeliveryStep::alarm && delivery.state != DeliveryState::impossible &&
                       delivery.state != DeliveryState::dropped;
    if (alarm && all_clear) {
      told[delivery.to] = delivery.pending() ? delivery.id : DeliveryId{};
    } else if (delivery.pending()) {
      events_.push_back(DeliveryEnded{delivery.id, DeliveryState::dropped});
    }
  }
  for (const auto& [to, after] : told) {
    owe(incident, incident.bay, to, {DeliveryStep::all_clear, incident.kind, incident.round}, after);
  }
  // Last: with nothing left to deliver it is forgotten.
  events_.push_back(IncidentClosed{incident.id, end, by});
}

void IncidentDesk::acknowledge(const Incident& incident, AccountId by) {
  for (DeliveryId id : site_.deliveries_of(incident.id)) {
    const Delivery& delivery = site_.deliveries.get(id);
    const bool staff = delivery.to.party == Party::property || delivery.to.party == Party::operators;
    if (delivery.pending() && staff && delivery.step != DeliveryStep::all_clear) {
      events_.push_back(DeliveryEnded{delivery.id, DeliveryState::delivered});
    }
  }
  events_.push_back(IncidentAcknowledged{incident.id, by});
}

void IncidentDesk::escalate(const Incident& incident) {
  const IncidentPolicy policy = policy_of(site_, incident.kind);
  const int32_t level = incident.level + 1;
  const int doublings = std::clamp(level - escalations_at_full_pace, 0, escalation_doublings_max);
  events_.push_back(IncidentEscalated{incident.id, level, later(now_, policy.escalate_after * (1 << doublings))});
  PartySet set = policy.told & bit(Party::property);
  if (level >= 2) set |= policy.told_later;
  tell(incident, incident.bay, set, {DeliveryStep::reminder, incident.kind, incident.round});
}

void IncidentDesk::speak_up(const Incident& incident, uint32_t lifted) {
  Instant look_again = far_future;
  const IncidentSource* loudest = nullptr;
  for (const IncidentSource& source : incident.sources) {
    if (!source.active) continue;
    const auto quiet = suppressed_until(site_, source.bay, source.kind, now_, lifted);
    if (quiet) {
      look_again = std::min(look_again, *quiet);
    } else if (!loudest || source.kind > loudest->kind) {
      loudest = &source;
    }
  }
  if (!loudest) {
    events_.push_back(IncidentEscalated{incident.id, incident.level, look_again});
    return;
  }
  const IncidentPolicy policy = policy_of(site_, loudest->kind);
  events_.push_back(IncidentReraised{incident.id, loudest->bay, loudest->kind, loudest->since,
                                     later(now_, policy.escalate_after), false});
  tell(incident, loudest->bay, policy.told, {DeliveryStep::alarm, loudest->kind, incident.round + 1});
}

void IncidentDesk::tell(const Incident& incident, BayId at, PartySet set, const Message& message) {
  for (const Recipient& to : recipients(at, set)) {
    bool under_way = false;
    for (DeliveryId id : site_.deliveries_of(incident.id)) {
      const Delivery& other = site_.deliveries.get(id);
      if (!other.pending() || other.to != to) continue;
      under_way = true;
      // A new alarm replaces whatever has not arrived; the all-clear of an earlier round would undo it.
      if (message.step == DeliveryStep::alarm) events_.push_back(DeliveryEnded{other.id, DeliveryState::dropped});
    }
    // What is still on its way reminds enough.
    if (message.step == DeliveryStep::alarm || !under_way) owe(incident, at, to, message, {});
  }
}

void IncidentDesk::owe(const Incident& incident, BayId at, const Recipient& to, const Message& message,
                       DeliveryId after) {
  Delivery delivery;
  delivery.id = site_scoped<DeliveryId>(site_.id, next_delivery_++);
  delivery.incident = incident.id;
  delivery.bay = at;
  delivery.to = to;
  delivery.step = message.step;
  delivery.kind = message.kind;
  delivery.severity = std::max(incident.severity, policy_of(site_, message.kind).severity);
  delivery.round = message.round;
  delivery.after = after;
  delivery.queued_at = now_;
  if (!after) delivery.due = now_ + pause_after(delivery);
  events_.push_back(DeliveryQueued{delivery});
}

std::vector<Recipient> IncidentDesk::recipients(BayId at, PartySet set) const {
  std::vector<Recipient> out;
  const Bay* bay = at ? site_.bay(at) : nullptr;
  const AccountId driver = bay ? driver_at(site_, *bay, now_) : AccountId{};
  const auto wanted = [&](Party party) { return (set & bit(party)) != 0; };
  if (wanted(Party::driver) && driver) out.push_back({Party::driver, driver});
  if (wanted(Party::owner) && bay && bay->info.owner && bay->info.owner != site_.community) {
    out.push_back({Party::owner, bay->info.owner});
  }
  for (Party desk : {Party::property, Party::fire_desk, Party::police_desk, Party::operators}) {
    if (wanted(desk)) out.push_back({desk, {}});
  }
  if (wanted(Party::nearby)) {
    std::vector<AccountId> told{driver};
    for (const Bay& other : site_.bays) {
      const AccountId neighbour = other.id == at ? AccountId{} : driver_at(site_, other, now_);
      if (!neighbour || std::count(told.begin(), told.end(), neighbour) > 0) continue;
      if (told.size() > limits::nearby_told) break;
      told.push_back(neighbour);
      out.push_back({Party::nearby, neighbour});
    }
  }
  return out;
}

}  // namespace bayward::core

#include "sim/det/checkers/alarm_rule.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;

namespace {

constexpr Party desks[] = {Party::property, Party::fire_desk, Party::police_desk, Party::operators};

template <class Wanted, class Fits>
bool contains(const std::vector<StreamEvent>& record, Fits fits) {
  return std::any_of(record.begin(), record.end(), [&](const StreamEvent& one) {
    const auto* event = std::get_if<Wanted>(&one.event);
    return event && fits(*event);
  });
}

std::string describe(const Delivery& delivery) {
  return std::string(to_text(delivery.step)) + " of " + to_text(delivery.incident) + " to " +
         std::string(to_text(delivery.to.party));
}

}  // namespace

void AlarmRule::look(SiteId site, const Event& event, Instant at, const std::vector<StreamEvent>& record) {
  if (look_at_incident(site, event, at, record)) return;
  if (const auto* owed = std::get_if<DeliveryQueued>(&event)) {
    queued(owed->delivery);
  } else if (const auto* tried = std::get_if<DeliveryTried>(&event)) {
    const Told& told = deliveries_.at(tried->delivery);
    const bool held = told.told.after && deliveries_.at(told.told.after).pending();
    if (held || !told.pending()) problems_.report("alarm", describe(told.told) + " is sent out of turn");
    marks_.hit(Mark::alarm_sent_again);
    due_.push_back(tried->delivery);
  } else if (const auto* end = std::get_if<DeliveryEnded>(&event)) {
    ended(*end, record);
  } else if (const auto* quiet = std::get_if<AlarmsSuppressed>(&event)) {
    quiet_[site].push_back({quiet->suppression});
  } else if (const auto* lifted = std::get_if<SuppressionLifted>(&event)) {
    for (Quiet& one : quiet_[site]) one.lifted = one.lifted || one.suppression.number == lifted->number;
  }
}

bool AlarmRule::look_at_incident(SiteId site, const Event& event, Instant at, const std::vector<StreamEvent>& record) {
  if (const auto* open = std::get_if<IncidentOpened>(&event)) {
    opened(site, open->incident, at, record);
  } else if (const auto* report = std::get_if<IncidentReported>(&event)) {
    reported(*report);
  } else if (const auto* back = std::get_if<IncidentReraised>(&event)) {
    Case& one = cases_.at(back->incident);
    if (!one.over && !one.suppressed) {
      problems_.report("alarm", to_text(back->incident) + " is raised again and was not over");
    }
    one.suppressed = back->suppressed;
    one.over = one.answered = false;
    ++one.round;
    marks_.hit(Mark::alarm_reraised);
  } else if (const auto* end = std::get_if<IncidentClosed>(&event)) {
    closed(*end);
  } else if (const auto* answer = std::get_if<IncidentAcknowledged>(&event)) {
    cases_.at(answer->incident).answered = true;
  } else if (std::holds_alternative<IncidentEscalated>(event)) {
    marks_.hit(Mark::alarm_escalated);
  } else {
    return false;
  }
  return true;
}

// Whoever has to know is owed the alarm in the same record: no crash can come between.
void AlarmRule::opened(SiteId site, const Incident& incident, Instant at, const std::vector<StreamEvent>& record) {
  cases_[incident.id] = {incident.kind, incident.severity, incident.suppressed, 1, false, false, {}};
  if (incident.suppressed) {
    marks_.hit(Mark::alarm_suppressed);
    const auto& quiet = quiet_[site];
    const bool rightly = std::any_of(quiet.begin(), quiet.end(), [&](const Quiet& one) {
      const Suppression& of = one.suppression;
      return !one.lifted && at < of.until && (!of.bay || of.bay == incident.bay) &&
             (!of.kind || *of.kind == incident.kind);
    });
    if (!rightly) problems_.report("alarm", to_text(incident.id) + " is suppressed and nobody asked for it");
    return;
  }
  for (const Party desk : desks) {
    if ((default_policy(incident.kind).told & bit(desk)) == 0) continue;
    const bool told = contains<DeliveryQueued>(record, [&](const DeliveryQueued& one) {
      return one.delivery.incident == incident.id && one.delivery.to.party == desk;
    });
    if (!told) problems_.report("alarm", to_text(incident.id) + " is not told to " + std::string(to_text(desk)));
  }
}

void AlarmRule::reported(const IncidentReported& event) {
  Case& one = cases_.at(event.incident);
  if (!event.active) return;
  marks_.hit(Mark::alarm_joined);
  if (event.severity > one.severity || (event.severity == one.severity && event.kind > one.kind)) {
    one.kind = event.kind;
    one.answered = false;
  }
  if (one.suppressed && !event.suppressed) one.answered = false;
  one.suppressed = event.suppressed;
  one.severity = std::max(one.severity, event.severity);
}

// D4: who has been told, or is being told, is owed the all-clear.
void AlarmRule::closed(const IncidentClosed& event) {
  Case& one = cases_.at(event.incident);
  one.over = true;
  one.answered = one.answered || static_cast<bool>(event.by);
  if (!default_policy(one.kind).all_clear) return;
  std::set<Recipient> told;
  std::set<Recipient> cleared;
  for (const DeliveryId id : one.deliveries) {
    const Told& delivery = deliveries_.at(id);
    if (delivery.told.round != one.round) continue;
    const bool reaches = !delivery.end || *delivery.end == DeliveryState::delivered;
    if (delivery.told.step == DeliveryStep::alarm && reaches) told.insert(delivery.told.to);
    if (delivery.told.step == DeliveryStep::all_clear) cleared.insert(delivery.told.to);
  }
  if (told != cleared)
    problems_.report("alarm", to_text(event.incident) + " ends and not all who were told hear of it");
}

void AlarmRule::queued(const Delivery& delivery) {
  deliveries_[delivery.id] = {delivery, false, {}};
  cases_.at(delivery.incident).deliveries.push_back(delivery.id);
  if (!delivery.after) {
    due_.push_back(delivery.id);
  } else {
    marks_.hit(Mark::delivery_held_back);
    if (deliveries_.at(delivery.after).told.to != delivery.to) {
      problems_.report("alarm", describe(delivery) + " waits for what is somebody else's");
    }
  }
}

// Dropped only for what says more: a newer message to the same recipient, or the end of it all.
bool AlarmRule::may_be_dropped(const Told& told, const std::vector<StreamEvent>& record) const {
  return contains<DeliveryQueued>(record,
                                  [&](const DeliveryQueued& one) {
                                    return one.delivery.incident == told.told.incident &&
                                           one.delivery.to == told.told.to;
                                  }) ||
         contains<IncidentClosed>(record,
                                  [&](const IncidentClosed& one) { return one.incident == told.told.incident; });
}

void AlarmRule::ended(const DeliveryEnded& event, const std::vector<StreamEvent>& record) {
  Told& told = deliveries_.at(event.delivery);
  if (!told.pending()) problems_.report("alarm", describe(told.told) + " ends twice");
  told.end = event.state;
  if (event.state == DeliveryState::dropped && !may_be_dropped(told, record)) {
    problems_.report("alarm", describe(told.told) + " is dropped for nothing");
  }
  if (event.state == DeliveryState::impossible) problems_.report("alarm", describe(told.told) + " is given up");
  if (event.state != DeliveryState::delivered) return;
  // A person who answers has seen it on the screen.
  const bool seen = contains<IncidentAcknowledged>(
      record, [&](const IncidentAcknowledged& one) { return one.incident == told.told.incident; });
  if (!told.arrived && !seen) problems_.report("alarm", describe(told.told) + " counts as delivered and never arrived");
  told.arrived = true;
}

bool AlarmRule::alarm_has_arrived(const Told& all_clear) const {
  const std::vector<DeliveryId>& deliveries = cases_.at(all_clear.told.incident).deliveries;
  return std::any_of(deliveries.begin(), deliveries.end(), [&](DeliveryId id) {
    const Told& one = deliveries_.at(id);
    return one.arrived && one.told.step == DeliveryStep::alarm && one.told.to == all_clear.told.to &&
           one.told.round == all_clear.told.round;
  });
}

void AlarmRule::arrived(DeliveryId id) {
  Told& told = deliveries_.at(id);
  told.arrived = true;
  if (told.told.step == DeliveryStep::all_clear && !alarm_has_arrived(told)) {
    problems_.report("alarm", "the " + describe(told.told) + " overtakes its alarm");
  }
}

bool AlarmRule::waits_for_person(const Case& one) const {
  return !one.answered && !one.suppressed && default_policy(one.kind).needs_person;
}

std::vector<IncidentId> AlarmRule::unfinished() const {
  std::vector<IncidentId> out;
  for (const auto& [id, one] : cases_) {
    if (!one.over || waits_for_person(one)) out.push_back(id);
  }
  return out;
}

void AlarmRule::compare(const State& state) const {
  std::set<DeliveryId> owed;
  for (uint64_t number = 1; number <= state.site_count(); ++number) {
    const Site& site = *state.site(SiteId{number});
    site.deliveries.for_each([&](const Delivery& delivery) {
      if (!delivery.pending()) return;
      owed.insert(delivery.id);
      if (!delivery.after && delivery.due >= far_future) {
        problems_.report("alarm", describe(delivery) + " is owed and nobody will ever send it");
      }
    });
    site.incidents.for_each([&](const Incident& incident) {
      const IncidentPolicy policy = default_policy(incident.kind);
      const bool grows = policy.escalate_after < far_future - Instant{} && !incident.suppressed;
      if (incident.suppressed && !incident.over() && incident.any_active() && incident.escalate_at >= far_future) {
        problems_.report("alarm", to_text(incident.id) + " is suppressed for ever");
      }
      const bool unanswered = !incident.acknowledged_by && (!incident.over() || policy.needs_person);
      if (grows && unanswered && incident.escalate_at >= far_future) {
        problems_.report("alarm", to_text(incident.id) + " is unanswered and does not escalate");
      }
    });
  }
  for (const auto& [id, told] : deliveries_) {
    if (told.pending() != owed.contains(id)) {
      problems_.report("alarm", describe(told.told) + (told.pending() ? " is forgotten" : " is owed again"));
    }
  }
}

void AlarmRule::at_rest() const {
  for (const auto& [id, told] : deliveries_) {
    if (told.pending()) problems_.report("alarm", describe(told.told) + " never arrives");
  }
  for (const IncidentId id : unfinished()) problems_.report("alarm", to_text(id) + " never ends");
}

}  // namespace bayward::sim

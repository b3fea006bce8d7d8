#include "sim/det/alarms.h"

#include <algorithm>

namespace bayward::sim {

using namespace core;

namespace {

// What devices and buttons report; the rest the core finds by itself.
constexpr IncidentKind reported[] = {
    IncidentKind::thermal_warning, IncidentKind::smoke,    IncidentKind::thermal_danger,   IncidentKind::thermal_rising,
    IncidentKind::overcurrent,     IncidentKind::voltage,  IncidentKind::residual_current, IncidentKind::panic_button,
    IncidentKind::emergency_stop,  IncidentKind::break_in, IncidentKind::watch_list,       IncidentKind::mains_lost,
    IncidentKind::tamper,
};

}  // namespace

void Alarms::open(std::vector<BayId> bays, AccountId staff) {
  bays_ = std::move(bays);
  staff_ = staff;
  next_hazard();
  next_outage();
  staff_works();
}

void Alarms::next_hazard() {
  scheduler_.after(minutes(10, 240), [this] {
    if (calm_) return;
    const BayId bay = bays_[prng_.below(bays_.size())];
    begin({bay, reported[prng_.below(std::size(reported))]});
    // A fire is seen by more than one.
    if (prng_.chance(1, 3)) begin({bays_[prng_.below(bays_.size())], IncidentKind::smoke});
    if (prng_.chance(1, 3)) begin({bay, IncidentKind::thermal_rising});
    if (prng_.chance(1, 12)) suppress();
    next_hazard();
  });
}

void Alarms::begin(const Hazard& hazard) {
  if (!burning_.insert(hazard).second) return;
  report(hazard, true);
  scheduler_.after(minutes(0, 60), [this, hazard] { end(hazard); });
}

void Alarms::end(const Hazard& hazard) {
  if (burning_.erase(hazard) == 0) return;
  report(hazard, false);
  // Some flicker.
  if (!calm_ && prng_.chance(1, 4)) scheduler_.after(minutes(0, 15), [this, hazard] { begin(hazard); });
}

// Told again until it is heard, as a device does that keeps its events.
void Alarms::report(const Hazard& hazard, bool active) {
  clients_.tell(ReportHazard{site_of(hazard.bay), hazard.bay, hazard.kind, active, {}, scheduler_.now()},
                [this, hazard, active](const std::optional<Outcome>& outcome) {
                  if (!outcome && burning_.contains(hazard) == active) report(hazard, active);
                });
}

void Alarms::next_outage() {
  scheduler_.after(minutes(60, 600), [this] {
    if (calm_) return;
    const auto party = static_cast<Party>(prng_.below(parties));
    down_.insert(party);
    scheduler_.after(minutes(5, 26 * 60), [this, party] { down_.erase(party); });
    next_outage();
  });
}

void Alarms::staff_works() {
  scheduler_.after(calm_ ? Duration{10min} : minutes(5, 120), [this] {
    for (const IncidentId incident : rule_.unfinished()) {
      if (calm_ || prng_.chance(1, 2)) answer(incident);
    }
    staff_works();
  });
}

void Alarms::answer(IncidentId incident) {
  const Actor staff{Actor::Kind::staff, staff_};
  if (!calm_ && prng_.chance(1, 2)) {
    clients_.ask(staff, AcknowledgeIncident{incident}, {});
    if (prng_.chance(1, 2)) clients_.ask(staff, AssignIncident{incident, staff_}, {});
    return;
  }
  clients_.ask(staff, CloseIncident{incident, prng_.chance(1, 5)}, {});
}

void Alarms::suppress() {
  const BayId bay = bays_[prng_.below(bays_.size())];
  Suppression suppression;
  if (prng_.chance(1, 2)) suppression.bay = bay;
  if (prng_.chance(1, 2)) suppression.kind = IncidentKind::smoke;
  suppression.until = scheduler_.now() + minutes(30, 300);
  suppression.reason = "a fire drill";
  clients_.ask({Actor::Kind::staff, staff_}, SuppressAlarms{site_of(bay), suppression}, {});
}

// The connector keeps nothing: what it, the wire or the far side loses is sent again when it is due again.
void Alarms::send_due() {
  for (const DeliveryId id : rule_.take_due()) {
    if (!calm_ && prng_.chance(1, 4)) continue;
    scheduler_.after(Duration{prng_.between(5, 3000)}, [this, id] { arrive(id); });
  }
}

void Alarms::arrive(DeliveryId id) {
  if (!rule_.pending(id) || down_.contains(rule_.party(id))) return;
  rule_.arrived(id);
  if (!calm_ && prng_.chance(1, 4)) return;
  clients_.tell(RecordDelivery{id, DeliveryState::delivered});
}

void Alarms::calm() {
  calm_ = true;
  down_.clear();
  for (const Hazard& hazard : std::set<Hazard>(burning_)) end(hazard);
}

}  // namespace bayward::sim

#include "core/office/decide.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::core {
namespace {

Failure<Refusal> refuse(Refusal refusal) {
  return {refusal};
}

bool works_at(const Account& account, SiteId site) {
  const auto& sites = account.property_of;
  return account.has(role_operator) ||
         (account.has(role_property) && std::find(sites.begin(), sites.end(), site) != sites.end());
}

bool fits(const std::string& text) {
  return text.size() <= limits::standing_order_bytes;
}

// Hits of the watch list are nobody's matter here (B5).
template <class Each>
void for_each_open(const Site& site, Each each) {
  site.incidents.for_each([&](const Incident& incident) {
    if (!incident.over() && incident.kind != IncidentKind::watch_list) each(incident);
  });
}

Shift& shift_of(Site& site, uint32_t number) {
  return *std::find_if(site.shifts.begin(), site.shifts.end(), [&](const Shift& one) { return one.number == number; });
}

void apply(Site& site, const StandingOrderSet& event, Instant) {
  event.order.empty() ? void(site.standing_orders.erase(event.kind))
                      : void(site.standing_orders[event.kind] = event.order);
}

void apply(Site& site, const ShiftOffered& event, Instant) {
  site.last_shift = event.shift.number;
  site.shifts.push_back(event.shift);
  if (site.shifts.size() > limits::shifts_kept) site.shifts.erase(site.shifts.begin());
}

void apply(Site& site, const ShiftTaken& event, Instant at) {
  shift_of(site, event.number).taken_at = at;
}

}  // namespace

Decided decide(const State& state, const Actor& actor, const SetStandingOrder& command, Instant) {
  const Site* site = state.site(command.site);
  if (static_cast<size_t>(command.kind) >= incident_kinds || !fits(command.order.chinese) ||
      !fits(command.order.english)) {
    return refuse(Refusal::invalid);
  }
  if (!site) return refuse(Refusal::unknown_site);
  return Decision{
      StreamId::of(site->id), {StandingOrderSet{command.kind, command.order, actor.account}}, site->id.value};
}

Decided decide(const State& state, const Actor& actor, const OfferShift& command, Instant now) {
  const Site* site = state.site(command.site);
  if (command.to == actor.account) return refuse(Refusal::invalid);
  if (!site) return refuse(Refusal::unknown_site);
  const Account* to = state.account(command.to);
  if (!to || !works_at(*to, site->id)) return refuse(Refusal::unknown_account);
  Shift shift;
  shift.number = site->last_shift + 1;
  shift.from = actor.account;
  shift.to = to->id;
  shift.offered_at = now;
  for_each_open(*site, [&](const Incident& incident) {
    ++shift.open_count;
    if (shift.open.size() < limits::shift_incidents) shift.open.push_back(incident.id);
  });
  return Decision{StreamId::of(site->id), {ShiftOffered{shift}}, shift.number};
}

// What was assigned to who goes is now assigned to who comes.
Decided decide(const State& state, const Actor& actor, const TakeShift& command, Instant) {
  const Site* site = state.site(command.site);
  if (!site) return refuse(Refusal::unknown_site);
  const auto found = std::find_if(site->shifts.begin(), site->shifts.end(),
                                  [&](const Shift& one) { return one.number == command.number; });
  if (found == site->shifts.end()) return refuse(Refusal::unknown_thing);
  if (found->to != actor.account) return refuse(Refusal::not_yours);
  Decision decision{StreamId::of(site->id), {}, found->number};
  if (found->taken()) return decision;
  if (found->number != site->last_shift) return refuse(Refusal::wrong_phase);
  decision.events.push_back(ShiftTaken{found->number, actor.account});
  for_each_open(*site, [&](const Incident& incident) {
    if (incident.assigned_to == found->from) {
      decision.events.push_back(IncidentAssigned{incident.id, actor.account, actor.account});
    }
  });
  return decision;
}

bool apply_to_office(Site& site, const Event& event, Instant at) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { apply(site, e, at); }) {
          apply(site, e, at);
          return true;
        } else {
          return false;
        }
      },
      event);
}

}  // namespace bayward::core

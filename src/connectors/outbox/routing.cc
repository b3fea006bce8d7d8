#include "connectors/outbox/routing.h"

namespace bayward::outbox {
namespace {

int32_t minute_of_day(const AlarmMessage& message) {
  return static_cast<int32_t>((unix_s(message.at) + message.utc_offset_s) % 86'400 / 60);
}

}  // namespace

bool is_person(core::Party party) {
  return party == core::Party::driver || party == core::Party::owner || party == core::Party::nearby;
}

bool QuietHours::contains(int32_t minute) const {
  return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
}

Plan plan(const Routing& routing, const AlarmMessage& message) {
  const bool danger = message.severity == core::Severity::danger;
  if (is_person(message.to.party)) {
    if (!danger && message.tries == 0) return {};
    if (!danger && routing.quiet && routing.quiet->contains(minute_of_day(message))) return {};
    return {routing.persons, false, false};
  }
  const auto ways = routing.desks.find(message.to.party);
  if (ways != routing.desks.end() && !ways->second.empty()) return {ways->second, danger, false};
  const bool blind = message.to.party == core::Party::fire_desk || message.to.party == core::Party::police_desk;
  return {{}, false, blind};
}

}  // namespace bayward::outbox

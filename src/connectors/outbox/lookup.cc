#include "connectors/outbox/lookup.h"

#include <algorithm>
#include <array>

namespace bayward::outbox {
namespace {

// Zones where simplified Chinese is read.
constexpr std::array<std::string_view, 5> chinese_zones = {"Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing",
                                                           "Asia/Harbin", "PRC"};

AlarmPlace place_of(const core::Site& site, BayId id) {
  AlarmPlace place;
  place.site = site.id;
  place.site_name = site.name;
  place.point = site.place;
  const core::Bay* bay = id ? site.bay(id) : nullptr;
  if (!bay) return place;
  place.bay = bay->id;
  place.bay_label = bay->info.label;
  place.level = bay->info.level;
  place.point = core::shifted(site.place, bay->info.east_dm, bay->info.north_dm);
  const core::Station* station = bay->info.charger ? site.station(bay->info.charger->station) : nullptr;
  if (station) place.device = station->identity;
  return place;
}

}  // namespace

std::optional<AlarmMessage> message_of(const core::State& state, DeliveryId id, Instant now) {
  const core::Site* site = state.site(site_of(id));
  const core::Delivery* delivery = site ? site->deliveries.find(id) : nullptr;
  if (!delivery || !delivery->pending() || delivery->after) return std::nullopt;
  const core::Incident* incident = site->incidents.find(delivery->incident);
  if (!incident) return std::nullopt;
  AlarmMessage message;
  message.delivery = id;
  message.incident = incident->id;
  message.step = delivery->step;
  message.kind = delivery->kind;
  message.severity = delivery->severity;
  message.round = delivery->round;
  message.tries = delivery->tries;
  message.to = delivery->to;
  message.place = place_of(*site, delivery->bay);
  message.opened_at = incident->opened_at;
  message.hits = incident->hits;
  message.vehicle = incident->vehicle;
  message.at = now;
  message.chinese = std::find(chinese_zones.begin(), chinese_zones.end(), site->zone.name) != chinese_zones.end();
  message.utc_offset_s = site->zone.offset_s(now);
  return message;
}

}  // namespace bayward::outbox

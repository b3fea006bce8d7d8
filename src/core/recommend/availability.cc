#include "core/recommend/availability.h"

#include <algorithm>
#include <array>
#include <set>

namespace bayward::core {
namespace {

std::optional<Refusal> calendar_reason(const Site& site, const Bay& bay, const Interval& span) {
  const SlotRange range = site.calendar.touching(span);
  const BayIndex index = Site::index(bay.id);
  if (range.end > site.calendar.end()) return Refusal::beyond_horizon;
  if (!site.calendar.open(index, range)) return Refusal::outside_window;
  if (!site.calendar.untaken(index, range)) return Refusal::slot_taken;
  return std::nullopt;
}

bool endangered(const Bay& bay) {
  return std::any_of(bay.incidents.begin(), bay.incidents.end(),
                     [](const auto& open) { return makes_unusable(open.first); });
}

// What sensors and stations say now matters for times that begin soon; later ones will look different.
std::optional<Refusal> present_reason(const Site& site, const Bay& bay, const Wish& wish, Instant now) {
  if (!bay.in_service) return Refusal::out_of_service;
  if (wish.span.start > now + site.rules.reallocation_lead) return std::nullopt;
  const bool own_car = wish.plate && bay.occupant_identity == wish.plate;
  if (bay.occupied && !own_car) return Refusal::bay_occupied;
  if (bay.incidents.contains(IncidentKind::wrong_vehicle) && !own_car) return Refusal::out_of_service;
  if (endangered(bay)) return Refusal::out_of_service;
  if (!bay.info.charger) return std::nullopt;
  if (bay.connector == ConnectorStatus::faulted || bay.connector == ConnectorStatus::unavailable) {
    return Refusal::out_of_service;
  }
  const Station* station = site.station(bay.info.charger->station);
  if (wish.energy_milliwh > 0 && (!station || !station->online)) return Refusal::station_offline;
  return std::nullopt;
}

bool charger_fits(const Bay& bay, const Wish& wish) {
  if (!bay.info.charger) return wish.energy_milliwh == 0;
  return wish.connector == ConnectorType::none || wish.connector == bay.info.charger->connector;
}

bool within_quota(const Site& site, const Permission& permission, const Interval& more) {
  const auto found = site.permission_uses.find(permission.id);
  PermissionUse after = found == site.permission_uses.end() ? PermissionUse{} : found->second;
  std::set<int32_t> days;
  for (Instant slot = more.start; slot < more.end; slot += std::chrono::seconds{site.rules.slot_unit_s}) {
    const int32_t day = to_days(site.zone.local_date(slot));
    ++after.slots_by_day[day];
    days.insert(day);
  }
  for (int32_t day : days) {
    if (permission.slots_per_day != 0 && after.on_day(day) > permission.slots_per_day) return false;
    if (permission.slots_per_week != 0 && after.in_week_of(day) > permission.slots_per_week) return false;
  }
  return true;
}

}  // namespace

Result<PermissionId, Refusal> permission_for(const Site& site, const Bay& bay, AccountId account,
                                             const Interval& span) {
  Refusal reason = Refusal::no_permission;
  for (const auto& [id, permission] : site.permissions) {
    if (permission.account != account || !permission.covers(bay.id, bay.info.group)) continue;
    if (!permission.covers(span, site.zone)) continue;
    if (within_quota(site, permission, span)) return id;
    reason = Refusal::quota_exhausted;
  }
  return Failure{reason};
}

bool fits_permission(const Site& site, PermissionId id, const Interval& span) {
  const auto found = site.permissions.find(id);
  if (found == site.permissions.end()) return false;
  return found->second.covers(span, site.zone) && within_quota(site, found->second, span);
}

std::optional<Refusal> unavailable(const Site& site, const Bay& bay, const Wish& wish, Instant now) {
  if (const auto reason = calendar_reason(site, bay, wish.span)) return reason;
  return unavailable_now(site, bay, wish, now);
}

std::optional<Refusal> unavailable_now(const Site& site, const Bay& bay, const Wish& wish, Instant now) {
  if (const auto reason = present_reason(site, bay, wish, now)) return reason;
  if (!charger_fits(bay, wish)) return Refusal::charger_unfit;
  if (bay.info.shared_pile) {
    if (!wish.account) return Refusal::no_permission;
    const auto permission = permission_for(site, bay, wish.account, wish.span);
    if (!permission) return permission.error();
  }
  if (not_ours(site, wish.span) == Refusal::site_offline) return Refusal::site_offline;
  return std::nullopt;
}

std::optional<Refusal> not_ours(const Site& site, const Interval& span) {
  const Handover& handover = site.handover;
  if (!handover.controller || span.start >= handover.watermark) return std::nullopt;
  return site.station(handover.controller)->online ? Refusal::site_decides : Refusal::site_offline;
}

std::string_view to_text(BayState state) {
  static constexpr std::array<std::string_view, 8> words = {"free",          "held",           "taken",   "charging",
                                                            "wrong_vehicle", "out_of_service", "offline", "closed"};
  return words[static_cast<size_t>(state)];
}

BayState bay_state(const Site& site, const Bay& bay, Instant now) {
  if (bay.incidents.contains(IncidentKind::wrong_vehicle)) return BayState::wrong_vehicle;
  if (bay.session) return BayState::charging;
  if (bay.visit || bay.occupied) return BayState::taken;
  const bool broken = bay.connector == ConnectorStatus::faulted || bay.connector == ConnectorStatus::unavailable;
  if (!bay.in_service || (bay.info.charger && broken)) return BayState::out_of_service;
  if (site.booking_at(bay.id, now, site.rules.reserve_lead)) return BayState::held;
  if (bay.info.charger) {
    const Station* station = site.station(bay.info.charger->station);
    if (!station || !station->online) return BayState::offline;
  }
  return site.calendar.free(Site::index(bay.id), site.calendar.slot_at(now)) ? BayState::free : BayState::closed;
}

}  // namespace bayward::core

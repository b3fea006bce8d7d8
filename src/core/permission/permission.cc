#include "core/permission/permission.h"

#include <algorithm>

namespace bayward::core {

bool Permission::covers(BayId bay, const std::string& group) const {
  if (std::find(bays.begin(), bays.end(), bay) != bays.end()) return true;
  return !group.empty() && std::find(groups.begin(), groups.end(), group) != groups.end();
}

bool Permission::covers(const Interval& span, const ZoneRules& zone) const {
  for (Instant at = span.start; at < span.end;) {
    const Date date = zone.local_date(at);
    const int32_t day = to_days(date);
    if (day < first_day || day > last_day) return false;
    const auto& ranges = hours[static_cast<size_t>(weekday_index(date))];
    const auto holds = std::find_if(ranges.begin(), ranges.end(), [&](const MinuteRange& range) {
      return zone.at_local(date, range.start_minute) <= at && at < zone.at_local(date, range.end_minute);
    });
    if (holds == ranges.end()) return false;
    at = zone.at_local(date, holds->end_minute);
  }
  return true;
}

std::optional<std::string_view> defect(const Permission& permission, int32_t slot_unit_s) {
  if (permission.bays.empty() && permission.groups.empty()) return "name at least one bay or group";
  if (permission.bays.size() > 1000 || permission.groups.size() > 100) return "more than 1000 bays or 100 groups";
  if (permission.last_day < permission.first_day) return "the permission ends before it begins";
  if (permission.slots_per_day < 0 || permission.slots_per_week < 0) return "a quota can't be negative";
  for (const auto& day : permission.hours) {
    if (auto bad = defect(day, slot_unit_s)) return bad;
  }
  return std::nullopt;
}

int32_t PermissionUse::on_day(int32_t day) const {
  const auto found = slots_by_day.find(day);
  return found == slots_by_day.end() ? 0 : found->second;
}

int32_t PermissionUse::in_week_of(int32_t day) const {
  const int32_t monday = day - weekday_index(from_days(day));
  int32_t sum = 0;
  for (int32_t d = monday; d < monday + 7; ++d) sum += on_day(d);
  return sum;
}

}  // namespace bayward::core

// A3: who may use which shared piles, in which hours, and how much.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/zone.h"
#include "core/sharing/window.h"

namespace bayward::core {

struct Permission {
  PermissionId id;
  AccountId account;
  std::vector<BayId> bays;          // these piles ...
  std::vector<std::string> groups;  // ... and every pile of these groups
  WeekPattern hours;
  int32_t first_day = 0;
  int32_t last_day = 0;
  int32_t slots_per_day = 0;   // 0: no quota
  int32_t slots_per_week = 0;  // ISO weeks, Monday to Sunday
  BAYWARD_FIELDS(Permission, id, account, bays, groups, hours, first_day, last_day, slots_per_day, slots_per_week)

  bool covers(BayId bay, const std::string& group) const;
  // Every minute of `span` lies in the permitted hours.
  bool covers(const Interval& span, const ZoneRules& zone) const;
};

std::optional<std::string_view> defect(const Permission& permission, int32_t slot_unit_s);

// Slots used by local day, counted when booked and given back when freed.
struct PermissionUse {
  std::map<int32_t, int32_t> slots_by_day;
  BAYWARD_FIELDS(PermissionUse, slots_by_day)

  int32_t on_day(int32_t day) const;
  int32_t in_week_of(int32_t day) const;
};

}  // namespace bayward::core

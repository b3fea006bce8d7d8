// A1: when an owner shares a bay. A weekly pattern in the site's time zone between two dates, with one-off exceptions.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/zone.h"

namespace bayward::core {

// Wall-clock minutes [start, end) of one day, 0..1440. A window over midnight is two ranges on two days.
struct MinuteRange {
  int16_t start_minute = 0;
  int16_t end_minute = 0;
  BAYWARD_FIELDS(MinuteRange, start_minute, end_minute)
};

// Index 0 is Monday (ISO 8601 weekday 1).
using WeekPattern = std::array<std::vector<MinuteRange>, 7>;

struct Window {
  WindowId id;
  BayId bay;
  WeekPattern week;
  int32_t first_day = 0;                                   // days since 1970-01-01, site's local date, inclusive
  int32_t last_day = 0;                                    // inclusive
  std::map<int32_t, std::vector<MinuteRange>> exceptions;  // replaces the pattern on that day; empty: closed
  BAYWARD_FIELDS(Window, id, bay, week, first_day, last_day, exceptions)

  // What is shared on that local day.
  const std::vector<MinuteRange>& ranges_on(int32_t day) const;
};

// Nothing wrong, or what is. Ranges ascending, not touching, on multiples of the slot unit.
std::optional<std::string_view> defect(const std::vector<MinuteRange>& ranges, int32_t slot_unit_s);
std::optional<std::string_view> defect(const Window& window, int32_t slot_unit_s);

}  // namespace bayward::core

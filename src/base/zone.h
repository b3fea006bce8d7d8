// Local time of a site, from a recorded table of offset changes. The tz database is read outside the core
// (net/time_zones.h) and the table is journalled with the site, so a replay years later cuts the same days even if the
// world has changed its rules since.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/time.h"

namespace bayward {

using Date = std::chrono::year_month_day;

struct ZoneTransition {
  Instant at{};          // from here on ...
  int32_t offset_s = 0;  // ... local time is UTC plus this
  BAYWARD_FIELDS(ZoneTransition, at, offset_s)
};

struct LocalTime {
  Date date{};
  int32_t minute = 0;  // of the day as the clock on the wall shows it, 0..1439
  int32_t second = 0;
};

struct ZoneRules {
  std::string name;                         // IANA, "Europe/Berlin"
  int32_t base_offset_s = 0;                // before the first transition
  std::vector<ZoneTransition> transitions;  // ascending
  BAYWARD_FIELDS(ZoneRules, name, base_offset_s, transitions)

  int32_t offset_s(Instant at) const;
  LocalTime local(Instant at) const;
  Date local_date(Instant at) const { return local(at).date; }
  // The instant at which the wall clock shows `minute` (0..1440) of `date`. A time skipped in spring gives the instant
  // of the change; a time that comes twice in autumn gives the first.
  Instant at_local(Date date, int32_t minute) const;
  // Local midnight to local midnight: 23, 24 or 25 hours.
  Interval day(Date date) const;
  // First offset change after `at`, or the far future.
  Instant next_transition(Instant at) const;
};

inline constexpr Instant far_future = from_unix_s(253402300799);  // 9999-12-31

inline Date next_day(Date date, int days = 1) {
  return std::chrono::sys_days{date} + std::chrono::days{days};
}
// 0 Monday .. 6 Sunday.
inline int weekday_index(Date date) {
  return static_cast<int>(std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding()) - 1;
}
inline int32_t to_days(Date date) {
  return static_cast<int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}
inline Date from_days(int32_t days) {
  return std::chrono::sys_days{std::chrono::days{days}};
}
// "2026-03-29"; parse gives nothing for anything else.
std::string to_text(Date date);
std::optional<Date> parse_date(std::string_view text);

}  // namespace bayward

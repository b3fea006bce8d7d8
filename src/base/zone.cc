#include "base/zone.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace bayward {

int32_t ZoneRules::offset_s(Instant at) const {
  const auto after = std::upper_bound(transitions.begin(), transitions.end(), at,
                                      [](Instant a, const ZoneTransition& t) { return a < t.at; });
  return after == transitions.begin() ? base_offset_s : std::prev(after)->offset_s;
}

LocalTime ZoneRules::local(Instant at) const {
  const int64_t wall = unix_s(at) + offset_s(at);
  const int64_t days = wall >= 0 ? wall / 86400 : (wall - 86399) / 86400;
  const auto second_of_day = static_cast<int32_t>(wall - days * 86400);
  return {from_days(static_cast<int32_t>(days)), second_of_day / 60, second_of_day % 60};
}

Instant ZoneRules::at_local(Date date, int32_t minute) const {
  const int64_t wall = static_cast<int64_t>(to_days(date)) * 86400 + minute * 60;
  // The offset in force just before any change that could be meant: try it first, so a repeated time is the first one.
  const int32_t before = offset_s(from_unix_s(wall - 86400));
  const int32_t after = offset_s(from_unix_s(wall + 86400));
  const Instant early = from_unix_s(wall - before);
  if (offset_s(early) == before || before == after) return early;
  const Instant late = from_unix_s(wall - after);
  if (offset_s(late) == after) return late;
  return next_transition(late);  // skipped by the clock: the change itself
}

Interval ZoneRules::day(Date date) const {
  return {at_local(date, 0), at_local(next_day(date), 0)};
}

Instant ZoneRules::next_transition(Instant at) const {
  const auto after = std::upper_bound(transitions.begin(), transitions.end(), at,
                                      [](Instant a, const ZoneTransition& t) { return a < t.at; });
  return after == transitions.end() ? far_future : after->at;
}

std::string to_text(Date date) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return buffer.data();
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const auto midnight = parse_rfc3339(std::string(text) + "T00:00:00Z");
  if (!midnight) return std::nullopt;
  return Date{std::chrono::floor<std::chrono::days>(*midnight)};
}

}  // namespace bayward

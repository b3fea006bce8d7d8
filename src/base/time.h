// Time as the domain sees it: always an argument, in UTC, to the millisecond. Nothing here reads a clock.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bayward {

using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;
using namespace std::chrono_literals;

inline constexpr Instant from_unix_ms(int64_t ms) {
  return Instant{Duration{ms}};
}
inline constexpr int64_t unix_ms(Instant at) {
  return at.time_since_epoch().count();
}
inline constexpr Instant from_unix_s(int64_t s) {
  return Instant{Duration{s * 1000}};
}
// Rounds towards minus infinity.
inline constexpr int64_t unix_s(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

// Half open: start is inside, end is not.
struct Interval {
  Instant start{};
  Instant end{};

  constexpr bool empty() const { return end <= start; }
  constexpr Duration length() const { return empty() ? Duration{0} : end - start; }
  constexpr bool contains(Instant at) const { return start <= at && at < end; }
  constexpr bool contains(const Interval& other) const { return start <= other.start && other.end <= end; }
  constexpr bool overlaps(const Interval& other) const { return start < other.end && other.start < end; }
  friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

// RFC 3339 in UTC with milliseconds: 2026-03-29T01:00:00.000Z.
std::string to_rfc3339(Instant at);
// RFC 3339 with any offset and 0 to 9 fraction digits (cut to milliseconds); a leap second :60 counts as the next
// second. Nothing when the text is anything else or the year is outside 1970..9999.
std::optional<Instant> parse_rfc3339(std::string_view text);

}  // namespace bayward

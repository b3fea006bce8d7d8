#include "core/sharing/window.h"

namespace bayward::core {

const std::vector<MinuteRange>& Window::ranges_on(int32_t day) const {
  static const std::vector<MinuteRange> closed;
  if (day < first_day || day > last_day) return closed;
  if (const auto exception = exceptions.find(day); exception != exceptions.end()) return exception->second;
  return week[static_cast<size_t>(weekday_index(from_days(day)))];
}

std::optional<std::string_view> defect(const std::vector<MinuteRange>& ranges, int32_t slot_unit_s) {
  if (ranges.size() > 24) return "more than 24 ranges on one day";
  int32_t previous_end = -1;
  for (const MinuteRange& range : ranges) {
    if (range.start_minute < 0 || range.end_minute > 1440 || range.start_minute >= range.end_minute) {
      return "a range must lie in 00:00-24:00 and start before it ends";
    }
    if (range.start_minute * 60 % slot_unit_s != 0 || range.end_minute * 60 % slot_unit_s != 0) {
      return "a range must start and end on the site's slot boundaries";
    }
    if (range.start_minute <= previous_end) return "ranges must be in order and must not touch or overlap";
    previous_end = range.end_minute;
  }
  return std::nullopt;
}

std::optional<std::string_view> defect(const Window& window, int32_t slot_unit_s) {
  if (window.last_day < window.first_day) return "the window ends before it begins";
  if (window.first_day < 0 || window.last_day > 84'006)
    return "the dates must lie between 1970 and 2199";  // 2199-12-31
  for (const auto& day : window.week) {
    if (auto bad = defect(day, slot_unit_s)) return bad;
  }
  if (window.exceptions.size() > 400) return "more than 400 exceptions";
  for (const auto& [day, ranges] : window.exceptions) {
    if (auto bad = defect(ranges, slot_unit_s)) return bad;
  }
  return std::nullopt;
}

}  // namespace bayward::core

#include "core/tariff/schedule.h"

#include "base/limits.h"

namespace bayward {
namespace {

constexpr int64_t ms_per_minute = 60'000;
constexpr int64_t ms_per_day = 86'400'000;

constexpr int32_t month_day_key(int32_t month, int32_t day) {
  return month * 32 + day;
}

}  // namespace

ScheduleWalk::ScheduleWalk(const Tariff& tariff, const ZoneRules& zone, Instant at) : tariff_(tariff), zone_(zone) {
  clock_change_ = at;
  days_ = INT32_MIN;
  move_to(at);
}

ScheduleWalk::Day ScheduleWalk::day_of(int32_t days) const {
  const Date date = from_days(days);
  const auto& holidays = tariff_.holidays;
  uint32_t type = weekday_index(date) < 5 ? day_type::weekday : day_type::weekend;
  if (std::binary_search(holidays.begin(), holidays.end(), days)) type = day_type::holiday;
  const auto month = static_cast<int32_t>(static_cast<unsigned>(date.month()));
  const auto day = static_cast<int32_t>(static_cast<unsigned>(date.day()));
  return {month_day_key(month, day), type};
}

bool ScheduleWalk::applies(const TariffRule& rule, const Day& day) {
  if ((rule.day_types & day.type) == 0) return false;
  const int32_t from = month_day_key(rule.from.month, rule.from.day);
  const int32_t to = month_day_key(rule.to.month, rule.to.day);
  const bool after_from = day.month_day >= from;
  const bool before_to = day.month_day <= to;
  return from <= to ? after_from && before_to : after_from || before_to;
}

void ScheduleWalk::move_to(Instant at) {
  at_ = at;
  if (at >= clock_change_) {
    offset_ms_ = int64_t{1000} * zone_.offset_s(at);
    clock_change_ = zone_.next_transition(at);
    // Beyond the far future there are no changes, and the walk must still go on.
    if (clock_change_ <= at) clock_change_ = Instant::max();
  }
  const int64_t wall_ms = unix_ms(at) + offset_ms_;
  const auto days = static_cast<int32_t>(wall_ms >= 0 ? wall_ms / ms_per_day : (wall_ms + 1) / ms_per_day - 1);
  ms_of_day_ = wall_ms - days * ms_per_day;
  if (days == days_) return;
  days_ = days;
  today_ = day_of(days);
  yesterday_ = day_of(days - 1);
}

Period ScheduleWalk::period() const {
  const auto minute = static_cast<int32_t>(ms_of_day_ / ms_per_minute);
  for (const TariffRule& rule : tariff_.rules) {
    const bool over_midnight = rule.end_minute < rule.start_minute;
    if (minute >= rule.start_minute && (over_midnight || minute < rule.end_minute) && applies(rule, today_)) {
      return rule.period;
    }
    if (over_midnight && minute < rule.end_minute && applies(rule, yesterday_)) return rule.period;
  }
  return tariff_.default_period;
}

void ScheduleWalk::step() {
  const auto minute = static_cast<int32_t>(ms_of_day_ / ms_per_minute);
  int32_t edge = 1440;
  for (const TariffRule& rule : tariff_.rules) {
    if (rule.start_minute > minute && rule.start_minute < edge) edge = rule.start_minute;
    if (rule.end_minute > minute && rule.end_minute < edge) edge = rule.end_minute;
  }
  move_to(std::min(at_ + Duration{edge * ms_per_minute - ms_of_day_}, clock_change_));
}

Period period_at(const Tariff& tariff, const ZoneRules& zone, Instant at) {
  return ScheduleWalk(tariff, zone, at).period();
}

Instant next_boundary(const Tariff& tariff, const ZoneRules& zone, Instant after) {
  if (tariff.rules.empty()) return far_future;
  const Instant horizon = after + std::chrono::days{limits::priced_days};
  ScheduleWalk walk(tariff, zone, after);
  const Period period = walk.period();
  for (walk.step(); walk.at() <= horizon; walk.step()) {
    if (walk.period() != period) return walk.at();
  }
  return far_future;
}

std::vector<PeriodSpan> split(const Tariff& tariff, const ZoneRules& zone, const Interval& interval) {
  std::vector<PeriodSpan> spans;
  for_each_span(tariff, zone, interval, [&](const Interval& part, Period period) { spans.push_back({part, period}); });
  return spans;
}

}  // namespace bayward

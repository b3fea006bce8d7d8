#include <gtest/gtest.h>

#include "core/tariff/examples_for_test.h"
#include "core/tariff/tariff.h"

namespace bayward {
namespace {

using namespace tariff_examples;

struct PeriodCase {
  const char* at;
  Period period;
};

TEST(TariffSchedule, shanghai_two_part_hours) {
  const Tariff tariff = shanghai_summer();
  const PeriodCase cases[] = {
      {"2026-07-15T11:59:59.999+08:00", Period::peak}, {"2026-07-15T12:00:00+08:00", Period::sharp},
      {"2026-07-15T13:59:59+08:00", Period::sharp},    {"2026-07-15T14:00:00+08:00", Period::peak},
      {"2026-07-15T15:00:00+08:00", Period::flat},     {"2026-09-15T12:00:00+08:00", Period::peak},
      {"2026-10-01T12:00:00+08:00", Period::flat},     {"2026-10-01T10:59:00+08:00", Period::peak},
      {"2026-12-15T19:00:00+08:00", Period::sharp},    {"2027-01-31T20:59:00+08:00", Period::sharp},
      {"2026-02-01T19:00:00+08:00", Period::peak},     {"2026-12-15T18:30:00+08:00", Period::peak},
      {"2026-12-15T21:00:00+08:00", Period::flat},     {"2026-12-15T22:00:00+08:00", Period::valley},
      {"2026-12-16T05:59:59+08:00", Period::valley},   {"2026-12-16T06:00:00+08:00", Period::flat},
  };
  for (const auto& [at, period] : cases) EXPECT_EQ(period_at(tariff, shanghai(), utc(at)), period) << at;
}

TEST(TariffSchedule, a_window_over_midnight_belongs_to_the_day_it_starts_on) {
  Tariff tariff = plain();
  tariff.rules = {{{1, 1}, {12, 31}, day_type::weekday, 22 * 60, 6 * 60, Period::valley}};
  const PeriodCase cases[] = {
      {"2026-06-05T23:00:00+02:00", Period::valley},  // Friday
      {"2026-06-06T05:59:00+02:00", Period::valley},  // Saturday morning: still Friday's
      {"2026-06-06T06:00:00+02:00", Period::flat},   {"2026-06-06T22:00:00+02:00", Period::flat},
      {"2026-06-07T23:00:00+02:00", Period::flat},  // Sunday
      {"2026-06-08T03:00:00+02:00", Period::flat},  // Monday morning: Sunday's window, which there is none of
      {"2026-06-08T22:00:00+02:00", Period::valley},
  };
  for (const auto& [at, period] : cases) EXPECT_EQ(period_at(tariff, berlin(), utc(at)), period) << at;
}

TEST(TariffSchedule, the_season_of_a_night_is_that_of_its_evening) {
  Tariff tariff = plain();
  tariff.rules = {{{11, 1}, {1, 31}, day_type::any, 22 * 60, 6 * 60, Period::valley}};
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-02-01T05:00:00+01:00")), Period::valley);
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-02-01T23:00:00+01:00")), Period::flat);
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-11-01T05:00:00+01:00")), Period::flat);
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-12-31T23:59:00+01:00")), Period::valley);
}

TEST(TariffSchedule, a_holiday_is_neither_weekday_nor_weekend) {
  Tariff tariff = plain();
  tariff.rules = {{{1, 1}, {12, 31}, day_type::weekday, 0, 1440, Period::peak},
                  {{1, 1}, {12, 31}, day_type::holiday, 0, 1440, Period::valley}};
  tariff.holidays = {to_days(*parse_date("2026-05-01")), to_days(*parse_date("2026-10-03"))};
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-04-30T12:00:00Z")), Period::peak);
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-05-01T12:00:00Z")), Period::valley);  // a Friday
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-10-03T12:00:00Z")), Period::valley);  // a Saturday
  EXPECT_EQ(period_at(tariff, berlin(), utc("2026-10-04T12:00:00Z")), Period::flat);
}

TEST(TariffSchedule, a_season_to_29_february_ends_on_the_28th_of_a_common_year) {
  Tariff tariff = plain();
  tariff.rules = {{{12, 1}, {2, 29}, day_type::any, 0, 1440, Period::peak}};
  EXPECT_EQ(period_at(tariff, shanghai(), utc("2028-02-29T12:00:00+08:00")), Period::peak);
  EXPECT_EQ(period_at(tariff, shanghai(), utc("2028-03-01T00:00:00+08:00")), Period::flat);
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2028-02-28T12:00:00+08:00")), utc("2028-03-01T00:00:00+08:00"));
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-02-28T12:00:00+08:00")), utc("2026-03-01T00:00:00+08:00"));
}

TEST(TariffSchedule, the_first_rule_that_matches_wins) {
  Tariff tariff = plain();
  tariff.rules = {daily(12, 13, Period::sharp), daily(8, 20, Period::peak)};
  const auto spans = split(tariff, shanghai(), {utc("2026-06-01T08:00:00+08:00"), utc("2026-06-01T20:00:00+08:00")});
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[1].period, Period::sharp);
  EXPECT_EQ(spans[1].interval.length(), 1h);
}

TEST(TariffSchedule, an_hour_skipped_in_spring_prices_nothing) {
  Tariff tariff = plain();
  tariff.rules = {daily(2, 3, Period::sharp), daily(0, 6, Period::valley)};
  const Interval day = berlin().day(*parse_date("2026-03-29"));
  const std::vector<PeriodSpan> expected = {{{day.start, day.start + 5h}, Period::valley},
                                            {{day.start + 5h, day.end}, Period::flat}};
  EXPECT_EQ(split(tariff, berlin(), day), expected);
  EXPECT_EQ(day.length(), 23h);
}

TEST(TariffSchedule, an_hour_that_comes_twice_in_autumn_counts_twice) {
  Tariff tariff = plain();
  tariff.rules = {{{1, 1}, {12, 31}, day_type::any, 150, 180, Period::sharp}, daily(0, 6, Period::valley)};
  const Interval day = berlin().day(*parse_date("2026-10-25"));
  const std::vector<PeriodSpan> expected = {
      {{day.start, day.start + 150min}, Period::valley},      {{day.start + 150min, day.start + 3h}, Period::sharp},
      {{day.start + 3h, day.start + 210min}, Period::valley}, {{day.start + 210min, day.start + 4h}, Period::sharp},
      {{day.start + 4h, day.start + 7h}, Period::valley},     {{day.start + 7h, day.end}, Period::flat}};
  EXPECT_EQ(split(tariff, berlin(), day), expected);
  EXPECT_EQ(day.length(), 25h);
}

TEST(TariffSchedule, a_clock_moved_by_half_an_hour) {
  Tariff tariff = plain();
  tariff.rules = {{{1, 1}, {12, 31}, day_type::any, 100, 130, Period::peak}};  // 1:40 to 2:10
  const Interval autumn = lord_howe().day(*parse_date("2026-04-05"));          // 2:00 becomes 1:30
  ASSERT_EQ(autumn.length(), 1470min);
  const std::vector<PeriodSpan> expected = {{{autumn.start, autumn.start + 100min}, Period::flat},
                                            {{autumn.start + 100min, autumn.start + 120min}, Period::peak},
                                            {{autumn.start + 120min, autumn.start + 130min}, Period::flat},
                                            {{autumn.start + 130min, autumn.start + 160min}, Period::peak},
                                            {{autumn.start + 160min, autumn.end}, Period::flat}};
  EXPECT_EQ(split(tariff, lord_howe(), autumn), expected);
}

TEST(TariffSchedule, boundaries_are_real_changes_and_always_later) {
  const Tariff tariff = shanghai_summer();
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-06-30T23:00:00+08:00")), utc("2026-07-01T06:00:00+08:00"));
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-07-01T05:59:59.999+08:00")), utc("2026-07-01T06:00:00+08:00"));
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-07-01T06:00:00+08:00")), utc("2026-07-01T08:00:00+08:00"));
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-07-01T07:59:59.999+08:00")), utc("2026-07-01T08:00:00+08:00"));
}

TEST(TariffSchedule, a_tariff_that_never_changes_has_no_boundary) {
  Tariff tariff = plain();
  EXPECT_EQ(next_boundary(tariff, berlin(), utc("2026-01-01T00:00:00Z")), far_future);
  tariff.rules = {daily(0, 24, Period::flat), daily(3, 4, Period::peak)};
  EXPECT_EQ(next_boundary(tariff, berlin(), utc("2026-01-01T00:00:00Z")), far_future);
}

TEST(TariffSchedule, a_boundary_most_of_a_year_ahead_is_found) {
  Tariff tariff = plain();
  tariff.rules = {daily(0, 24, Period::peak, {1, 1}, {1, 31})};
  EXPECT_EQ(next_boundary(tariff, shanghai(), utc("2026-02-01T00:00:00+08:00")), utc("2027-01-01T00:00:00+08:00"));
}

TEST(TariffSchedule, an_empty_interval_has_no_parts) {
  const Instant at = utc("2026-01-01T00:00:00Z");
  EXPECT_TRUE(split(shanghai_summer(), shanghai(), {at, at}).empty());
  EXPECT_TRUE(split(shanghai_summer(), shanghai(), {at, at - 1h}).empty());
}

}  // namespace
}  // namespace bayward

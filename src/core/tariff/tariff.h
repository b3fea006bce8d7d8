// Tariffs by time of use (mission C3): rates per period, and the schedule that says which period the clock on the wall
// is in. Pure values and functions; any thread. What a visit costs by them is core/tariff/price.h.
//
// A tariff that validate() accepts is safe for every function here; others must not reach them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"

namespace bayward {

enum class Period : uint8_t { valley, flat, peak, sharp };
inline constexpr size_t period_count = 4;
std::string_view to_text(Period period);

// Rates are whole ten-thousandths of a minor unit, per kWh or per hour: 1.2345 CNY per kWh is 1'234'500.
struct PeriodRates {
  int64_t valley_e4 = 0;
  int64_t flat_e4 = 0;
  int64_t peak_e4 = 0;
  int64_t sharp_e4 = 0;
  BAYWARD_FIELDS(PeriodRates, valley_e4, flat_e4, peak_e4, sharp_e4)

  int64_t of(Period period) const;
};

struct MonthDay {
  int32_t month = 1;  // 1..12
  int32_t day = 1;    // 1..31; 29 February is allowed and does nothing in a common year
  BAYWARD_FIELDS(MonthDay, month, day)
};

// Every date is exactly one of these: a holiday is never a weekday or weekend too.
namespace day_type {
inline constexpr uint32_t weekday = 1;
inline constexpr uint32_t weekend = 2;  // Saturday, Sunday
inline constexpr uint32_t holiday = 4;
inline constexpr uint32_t any = weekday | weekend | holiday;
}  // namespace day_type

// From start_minute until before end_minute of the wall clock, on days of the season and type. An end before the
// start is on the next day, and then the season and type asked for are those of the day on which the window starts:
// Friday 22:00 to 6:00 for weekdays reaches into Saturday morning.
struct TariffRule {
  MonthDay from{1, 1};                 // both ends belong to the season;
  MonthDay to{12, 31};                 // `to` before `from` goes over the new year
  uint32_t day_types = day_type::any;  // mask
  int32_t start_minute = 0;            // 0..1439
  int32_t end_minute = 1440;           // 1..1440, not the start
  Period period = Period::flat;
  BAYWARD_FIELDS(TariffRule, from, to, day_types, start_minute, end_minute, period)
};

struct Tariff {
  TariffId id;
  std::string name;
  Currency currency;
  PeriodRates energy_rates;                      // per kWh
  PeriodRates parking_rates;                     // per hour
  std::vector<TariffRule> rules;                 // the first that matches wins
  Period default_period = Period::flat;          // where none does
  std::vector<int32_t> holidays;                 // to_days(date), ascending
  int64_t visit_fee_minor = 0;                   // service fee, once per visit
  int64_t service_rate_e4 = 0;                   // service fee per kWh
  int64_t overstay_rate_e4 = 0;                  // per hour
  int32_t overstay_grace_minutes = 0;            // of each overstay, never billed
  int32_t free_parking_minutes = 0;              // of each visit, never billed
  int32_t unit_minutes = 1;                      // parking and overstay are billed by the started unit
  std::optional<int64_t> parking_day_max_minor;  // at most this for parking per local day
  int64_t minimum_minor = 0;                     // at least this for a visit that took place
  int32_t tax_ppm = 0;                           // 190'000: 19 %
  bool prices_include_tax = false;               // of every rate, fee, maximum and minimum above
  BAYWARD_FIELDS(Tariff, id, name, currency, energy_rates, parking_rates, rules, default_period, holidays,
                 visit_fee_minor, service_rate_e4, overstay_rate_e4, overstay_grace_minutes, free_parking_minutes,
                 unit_minutes, parking_day_max_minor, minimum_minor, tax_ppm, prices_include_tax)
};

// The error names the first field out of bounds, as in the JSON form ("rules[2].end_minute"), and what it may be.
Status validate(const Tariff& tariff);

// The period is a function of what the clock on the wall shows, and of nothing else: an hour skipped in spring prices
// nothing, an hour that comes twice in autumn is in its period both times.
Period period_at(const Tariff& tariff, const ZoneRules& zone, Instant at);

// The next instant at which the period is another one. Always later than `after`; far_future when nothing changes
// within limits::priced_days.
Instant next_boundary(const Tariff& tariff, const ZoneRules& zone, Instant after);

struct PeriodSpan {
  Interval interval;
  Period period = Period::flat;
  friend bool operator==(const PeriodSpan&, const PeriodSpan&) = default;
};

// The interval cut at every boundary: in order, without gaps or overlaps, neighbours in different periods. An empty
// interval gives nothing. The caller keeps the interval within limits::priced_days.
std::vector<PeriodSpan> split(const Tariff& tariff, const ZoneRules& zone, const Interval& interval);

}  // namespace bayward

#include "core/tariff/tariff.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace bayward {
namespace {

constexpr int32_t minutes_per_week = 7 * 1440;
constexpr int32_t million = 1'000'000;

// Collects only the first defect: the rest of validate() reads as a list of rules.
class Checks {
 public:
  void within(const std::string& field, int64_t value, int64_t low, int64_t high, std::string_view hint = {}) {
    if (value >= low && value <= high) return;
    refuse(field + " is " + std::to_string(value) + "; give " + std::to_string(low) + " to " + std::to_string(high) +
           std::string(hint));
  }
  void require(bool condition, const std::string& message) {
    if (!condition) refuse(message);
  }
  Status status() const {
    if (first_) return fail(*first_);
    return Done{};
  }

 private:
  void refuse(std::string message) {
    if (!first_) first_ = std::move(message);
  }
  std::optional<std::string> first_;
};

void check_name(Checks& checks, const std::string& name) {
  const auto control = [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; };
  const auto starts_character = [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; };  // UTF-8
  const auto characters = static_cast<size_t>(std::count_if(name.begin(), name.end(), starts_character));
  checks.require(
      !name.empty() && characters <= limits::label_chars,
      "name has " + std::to_string(characters) + " characters; give 1 to " + std::to_string(limits::label_chars));
  checks.require(std::none_of(name.begin(), name.end(), control), "name has a control character; leave it out");
}

void check_rates(Checks& checks, const std::string& field, const PeriodRates& rates) {
  for (const Period period : {Period::valley, Period::flat, Period::peak, Period::sharp}) {
    checks.within(field + "." + std::string(to_text(period)), rates.of(period), 0, limits::rate_e4_max,
                  " ten-thousandths of a minor unit");
  }
}

void check_date(Checks& checks, const std::string& field, const MonthDay& date) {
  checks.within(field + ".month", date.month, 1, 12);
  const int32_t days = date.month == 2                                                             ? 29
                       : date.month == 4 || date.month == 6 || date.month == 9 || date.month == 11 ? 30
                                                                                                   : 31;
  checks.within(field + ".day", date.day, 1, days);
}

void check_rule(Checks& checks, const std::string& field, const TariffRule& rule) {
  check_date(checks, field + ".from", rule.from);
  check_date(checks, field + ".to", rule.to);
  checks.require(rule.day_types != 0 && (rule.day_types & ~day_type::any) == 0,
                 field + ".day_types is " + std::to_string(rule.day_types) +
                     "; give one or more of weekday (1), weekend (2) and holiday (4), added up");
  checks.within(field + ".start_minute", rule.start_minute, 0, 1439);
  checks.within(field + ".end_minute", rule.end_minute, 1, 1440, "; midnight is 1440");
  checks.require(rule.start_minute != rule.end_minute, field + " starts and ends at minute " +
                                                           std::to_string(rule.start_minute) +
                                                           "; give 0 and 1440 for the whole day");
  checks.require(static_cast<size_t>(rule.period) < period_count,
                 field + ".period is unknown; give valley, flat, peak or sharp");
}

void check_schedule(Checks& checks, const Tariff& tariff) {
  checks.require(tariff.rules.size() <= limits::tariff_rules, "rules has " + std::to_string(tariff.rules.size()) +
                                                                  " entries; give at most " +
                                                                  std::to_string(limits::tariff_rules));
  for (size_t i = 0; i < std::min(tariff.rules.size(), limits::tariff_rules); ++i) {
    check_rule(checks, "rules[" + std::to_string(i) + "]", tariff.rules[i]);
  }
  checks.require(static_cast<size_t>(tariff.default_period) < period_count,
                 "default_period is unknown; give valley, flat, peak or sharp");
  checks.require(tariff.holidays.size() <= limits::tariff_holidays,
                 "holidays has " + std::to_string(tariff.holidays.size()) + " entries; give at most " +
                     std::to_string(limits::tariff_holidays));
  const auto not_rising = std::adjacent_find(tariff.holidays.begin(), tariff.holidays.end(), std::greater_equal<>{});
  checks.require(not_rising == tariff.holidays.end(),
                 "holidays are not in order or repeat; give each date once, earliest first");
}

}  // namespace

std::string_view to_text(Period period) {
  switch (period) {
    case Period::valley:
      return "valley";
    case Period::flat:
      return "flat";
    case Period::peak:
      return "peak";
    case Period::sharp:
      return "sharp";
  }
  return "unknown";
}

int64_t PeriodRates::of(Period period) const {
  switch (period) {
    case Period::valley:
      return valley_e4;
    case Period::flat:
      return flat_e4;
    case Period::peak:
      return peak_e4;
    case Period::sharp:
      return sharp_e4;
  }
  BAYWARD_CHECK(false);
  return 0;
}

Status validate(const Tariff& tariff) {
  Checks checks;
  check_name(checks, tariff.name);
  const auto currency = parse_currency(tariff.currency.text());
  checks.require(currency && *currency != Currency{}, "currency is missing; give three capital letters of ISO 4217");
  check_rates(checks, "energy_rates", tariff.energy_rates);
  check_rates(checks, "parking_rates", tariff.parking_rates);
  check_schedule(checks, tariff);
  checks.within("visit_fee_minor", tariff.visit_fee_minor, 0, limits::fee_minor_max);
  checks.within("service_rate_e4", tariff.service_rate_e4, 0, limits::rate_e4_max);
  checks.within("overstay_rate_e4", tariff.overstay_rate_e4, 0, limits::rate_e4_max);
  checks.within("overstay_grace_minutes", tariff.overstay_grace_minutes, 0, minutes_per_week);
  checks.within("free_parking_minutes", tariff.free_parking_minutes, 0, minutes_per_week);
  checks.within("unit_minutes", tariff.unit_minutes, 1, 1440);
  if (tariff.parking_day_max_minor) {
    checks.within("parking_day_max_minor", *tariff.parking_day_max_minor, 1, limits::fee_minor_max,
                  ", or leave it out for no maximum");
  }
  checks.within("minimum_minor", tariff.minimum_minor, 0, limits::fee_minor_max);
  checks.within("tax_ppm", tariff.tax_ppm, 0, million, "; 190000 is 19 %");
  return checks.status();
}

}  // namespace bayward

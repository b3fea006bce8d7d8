// Rules of schedules and prices that hold for any tariff, around every change of the clock.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "core/tariff/examples_for_test.h"
#include "core/tariff/price.h"

namespace bayward {
namespace {

using namespace tariff_examples;

int64_t any(int64_t low, int64_t high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int64_t>(low, high + 1));
}
int32_t any32(int32_t low, int32_t high) {
  return static_cast<int32_t>(any(low, high));
}

TariffRule any_rule() {
  TariffRule rule;
  rule.from = {any32(1, 12), any32(1, 29)};
  rule.to = {any32(1, 12), any32(1, 29)};
  rule.day_types = static_cast<uint32_t>(any(1, day_type::any));
  rule.start_minute = any32(0, 1439);
  rule.end_minute = any32(1, 1440);
  if (rule.end_minute == rule.start_minute) rule.end_minute = rule.start_minute + 1;
  rule.period = static_cast<Period>(any(0, 3));
  return rule;
}

PeriodRates any_rates(int64_t most) {
  return {any(0, most), any(0, most), any(0, most), any(0, most)};
}

Tariff any_tariff(int64_t most) {
  Tariff tariff = plain();
  for (int64_t i = any(0, 6); i > 0; --i) tariff.rules.push_back(any_rule());
  for (int32_t day = to_days(*parse_date("2026-01-01")); day < to_days(*parse_date("2026-12-31"));
       day += any32(1, 200)) {
    tariff.holidays.push_back(day);
  }
  tariff.default_period = static_cast<Period>(any(0, 3));
  tariff.energy_rates = any_rates(most);
  tariff.parking_rates = any_rates(most);
  tariff.visit_fee_minor = any(0, 500);
  tariff.service_rate_e4 = any(0, most);
  tariff.overstay_rate_e4 = any(0, most);
  tariff.overstay_grace_minutes = any32(0, 60);
  tariff.free_parking_minutes = any32(0, 60);
  tariff.unit_minutes = any32(1, 90);
  if (any(0, 1) == 1) tariff.parking_day_max_minor = any(1, 5000);
  tariff.minimum_minor = any(0, 1000);
  tariff.tax_ppm = any32(0, 1'000'000);
  tariff.prices_include_tax = any(0, 1) == 1;
  RC_ASSERT(validate(tariff).ok());
  return tariff;
}

struct Place {
  ZoneRules zone;
  Instant start;
};

// Within days of a change of the clock where there is one, to the millisecond or on the minute.
Place any_place() {
  const auto all = zones();
  Place place{all[static_cast<size_t>(any(0, static_cast<int64_t>(all.size()) - 1))], utc("2026-06-28T00:00:00Z")};
  if (!place.zone.transitions.empty()) place.start = place.zone.transitions[static_cast<size_t>(any(0, 1))].at;
  place.start += any(0, 1) == 1 ? Duration{any(-200'000'000, 200'000'000)} : std::chrono::minutes{any(-3000, 3000)};
  return place;
}

Interval any_interval(const Place& place) {
  const int64_t scale = any(0, 2);
  const int64_t longest = scale == 0 ? 100'000 : scale == 1 ? 20'000'000 : 900'000'000;
  return {place.start, place.start + Duration{any(0, longest)}};
}

Usage any_usage(const Place& place) {
  Usage usage;
  usage.visit_made = any(0, 1) == 1;
  usage.parking = any_interval(place);
  usage.overstay = Interval{usage.parking->end, usage.parking->end + Duration{any(0, 20'000'000)}};
  MeterPoint point{place.start, any(0, 1'000'000'000)};
  for (int64_t i = any(0, 6); i > 0; --i) {
    usage.readings.push_back(point);
    point.at += Duration{any(0, 30'000'000)};
    point.register_milliwh += any(0, 30'000'000);
  }
  return usage;
}

Invoice without_estimate_marks(Invoice invoice) {
  for (InvoiceLine& line : invoice.lines) line.estimated = false;
  return invoice;
}

int64_t quantity_of(const Invoice& invoice, LineKind kind) {
  int64_t sum = 0;
  for (const InvoiceLine& line : invoice.lines) sum += line.kind == kind ? line.quantity : 0;
  return sum;
}

RC_GTEST_PROP(TariffProperty, split_covers_the_interval_exactly_and_agrees_with_the_clock, ()) {
  const Tariff tariff = any_tariff(1'000'000);
  const Place place = any_place();
  const Interval whole = any_interval(place);
  Instant at = whole.start;
  std::optional<Period> before;
  for (const PeriodSpan& span : split(tariff, place.zone, whole)) {
    RC_ASSERT(span.interval.start == at);
    RC_ASSERT(!span.interval.empty());
    RC_ASSERT(before != span.period);
    for (Instant inside = at; inside < span.interval.end; inside += 7min) {
      RC_ASSERT(period_at(tariff, place.zone, inside) == span.period);
    }
    RC_ASSERT(period_at(tariff, place.zone, span.interval.end - Duration{1}) == span.period);
    const Instant boundary = next_boundary(tariff, place.zone, at);
    RC_ASSERT((boundary == span.interval.end || (span.interval.end == whole.end && boundary > whole.end)));
    before = span.period;
    at = span.interval.end;
  }
  RC_ASSERT(at == whole.end);
}

RC_GTEST_PROP(PriceProperty, sums_are_exact_and_nothing_is_negative, ()) {
  const Tariff tariff = any_tariff(limits::rate_e4_max);
  const Place place = any_place();
  const Usage usage = any_usage(place);
  const Invoice invoice = price(tariff, place.zone, usage);
  int64_t sum = 0;
  for (const InvoiceLine& line : invoice.lines) {
    sum += line.amount.minor;
    RC_ASSERT((line.kind == LineKind::daily_maximum ? line.amount.minor < 0 : line.amount.minor >= 0));
    RC_ASSERT(line.quantity > 0);
  }
  RC_ASSERT(sum == invoice.total.minor);
  RC_ASSERT(invoice.net + invoice.tax == invoice.total);
  RC_ASSERT(invoice.net.minor >= 0);
  RC_ASSERT(invoice.tax.minor >= 0);
  const int64_t metered =
      usage.readings.empty() ? 0 : usage.readings.back().register_milliwh - usage.readings.front().register_milliwh;
  RC_ASSERT(quantity_of(invoice, LineKind::energy) == metered);
  RC_ASSERT(!invoice.register_defect);
}

RC_GTEST_PROP(PriceProperty, a_quote_that_comes_true_is_the_invoice, ()) {
  const Tariff tariff = any_tariff(limits::rate_e4_max);
  const Place place = any_place();
  Usage quote = any_usage(place);
  quote.readings.clear();
  quote.estimate = EnergyEstimate{any(0, 100'000'000), any_interval(place)};
  Usage real = quote;
  real.estimate.reset();
  const int64_t start_milliwh = any(0, 1'000'000'000);
  real.readings = {{quote.estimate->charging.start, start_milliwh},
                   {quote.estimate->charging.end, start_milliwh + quote.estimate->milliwh}};
  RC_ASSERT(without_estimate_marks(price(tariff, place.zone, quote)) ==
            without_estimate_marks(price(tariff, place.zone, real)));
}

RC_GTEST_PROP(PriceProperty, more_never_costs_less, ()) {
  const Tariff tariff = any_tariff(limits::rate_e4_max);
  const Place place = any_place();
  const Usage usage = any_usage(place);
  const Money before = price(tariff, place.zone, usage).total;
  Usage longer = usage;
  longer.parking->end += Duration{any(0, 100'000'000)};
  RC_ASSERT(!(price(tariff, place.zone, longer).total < before));
  longer.overstay->end += Duration{any(0, 10'000'000)};
  RC_ASSERT(!(price(tariff, place.zone, longer).total < before));
  const MeterPoint last = longer.readings.empty() ? MeterPoint{place.start, 0} : longer.readings.back();
  longer.readings.push_back({last.at + Duration{any(0, 10'000'000)}, last.register_milliwh + any(0, 10'000'000)});
  RC_ASSERT(!(price(tariff, place.zone, longer).total < before));
}

RC_GTEST_PROP(PriceProperty, readings_on_the_line_between_two_others_change_nothing, ()) {
  Tariff tariff = any_tariff(10'000'000);  // a mWh more or less is below half a minor unit
  const Place place = any_place();
  Usage few;
  const Interval charging = any_interval(place);
  const int64_t milliwh = any(0, 100'000'000);
  few.readings = {{charging.start, 0}, {charging.end, milliwh}};
  Usage many = few;
  for (int64_t i = any(0, 8); i > 0 && !charging.empty(); --i) {
    const int64_t passed = any(0, charging.length().count());
    many.readings.push_back({charging.start + Duration{passed}, milliwh * passed / charging.length().count()});
  }
  std::stable_sort(many.readings.begin(), many.readings.end(), [](const MeterPoint& a, const MeterPoint& b) {
    return std::pair(a.at, a.register_milliwh) < std::pair(b.at, b.register_milliwh);
  });
  std::map<std::pair<LineKind, std::optional<Period>>, int64_t> difference;
  for (const InvoiceLine& line : price(tariff, place.zone, few).lines) {
    difference[{line.kind, line.period}] += line.amount.minor;
  }
  const Invoice invoice = price(tariff, place.zone, many);
  RC_ASSERT(quantity_of(invoice, LineKind::energy) == milliwh);
  for (const InvoiceLine& line : invoice.lines) difference[{line.kind, line.period}] -= line.amount.minor;
  for (const auto& [key, minor] : difference) RC_ASSERT((key.first == LineKind::tax || std::abs(minor) <= 1));
}

RC_GTEST_PROP(PriceProperty, parking_of_a_day_never_exceeds_its_maximum, ()) {
  Tariff tariff = any_tariff(10'000'000);
  tariff.parking_day_max_minor = any(1, 5000);
  const Place place = any_place();
  Usage usage;
  usage.parking = any_interval(place);
  std::map<Date, int64_t> by_day;
  for (const InvoiceLine& line : price(tariff, place.zone, usage).lines) {
    if (line.kind != LineKind::parking && line.kind != LineKind::daily_maximum) continue;
    const Date day = place.zone.local_date(line.interval.start);
    RC_ASSERT(place.zone.day(day).contains(line.interval));
    by_day[day] += line.amount.minor;
  }
  for (const auto& [day, minor] : by_day) RC_ASSERT((0 <= minor && minor <= *tariff.parking_day_max_minor));
}

RC_GTEST_PROP(PriceProperty, any_readings_give_a_bill_within_what_was_read, ()) {
  const Tariff tariff = any_tariff(limits::rate_e4_max);
  const Place place = any_place();
  Usage usage;
  int64_t low = limits::register_milliwh_max;
  int64_t high = 0;
  for (int64_t i = any(0, 12); i > 0; --i) {
    const int64_t milliwh = any(0, 5) == 0 ? *rc::gen::arbitrary<int64_t>() : any(-3, 20) * 1'000'000;
    usage.readings.push_back({place.start + Duration{any(0, 100'000'000)}, milliwh});
    if (milliwh < 0 || milliwh > limits::register_milliwh_max) continue;
    low = std::min(low, milliwh);
    high = std::max(high, milliwh);
  }
  const Invoice invoice = price(tariff, place.zone, usage);
  RC_ASSERT(invoice.total.minor >= 0);
  RC_ASSERT(quantity_of(invoice, LineKind::energy) <= std::max<int64_t>(high - low, 0));
}

}  // namespace
}  // namespace bayward

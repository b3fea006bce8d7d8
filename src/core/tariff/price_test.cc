#include "core/tariff/price.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/binary.h"
#include "base/limits.h"
#include "core/tariff/examples_for_test.h"

namespace bayward {
namespace {

using namespace tariff_examples;

// "energy peak 2350000 x 1200000 = 282", with "~" for estimated.
std::vector<std::string> texts(const Invoice& invoice) {
  std::vector<std::string> out;
  for (const InvoiceLine& line : invoice.lines) {
    std::string text(to_text(line.kind));
    if (line.period) text += " " + std::string(to_text(*line.period));
    text += " " + std::to_string(line.quantity) + " x " + std::to_string(line.rate_e4) + " = " +
            std::to_string(line.amount.minor) + (line.estimated ? " ~" : "");
    out.push_back(text);
  }
  return out;
}
using Lines = std::vector<std::string>;

Interval berlin_day_part(const char* date, int from_hour, int to_hour) {
  const Date day = *parse_date(date);
  return {berlin().at_local(day, from_hour * 60), berlin().at_local(day, to_hour * 60)};
}

int64_t parking_minor(const Tariff& tariff, const Interval& parked) {
  Usage usage;
  usage.parking = parked;
  return price(tariff, berlin(), usage).total.minor;
}

TEST(Price, five_kilowatts_across_three_periods) {
  const Instant start = utc("2026-07-15T11:30:00+08:00");
  Usage usage;
  usage.visit_made = true;
  usage.parking = Interval{start, start + 4h};
  usage.readings = {{start, 1'000'000'000}, {start + 4h, 1'020'000'000}};
  const Invoice invoice = price(shanghai_summer(), shanghai(), usage);
  EXPECT_EQ(texts(invoice),
            (Lines{"parking peak 5400000 x 5000000 = 750", "parking sharp 7200000 x 5000000 = 1000",
                   "parking flat 1800000 x 3000000 = 150", "energy peak 7500000 x 1260000 = 945 ~",
                   "energy sharp 10000000 x 1575000 = 1575 ~", "energy flat 2500000 x 700000 = 175 ~"}));
  EXPECT_EQ(to_text(invoice.total), "45.95 CNY");
  EXPECT_EQ(invoice.lines[3].interval, (Interval{start, start + 210min}));  // 11:30-12:00 and 14:00-15:00
}

TEST(Price, a_reading_at_the_boundary_is_no_estimate) {
  const Instant start = utc("2026-07-15T14:00:00+08:00");
  Usage usage;
  usage.readings = {{start, 0}, {start + 1h, 4'000'000}, {start + 2h, 4'000'000}};
  EXPECT_EQ(texts(price(shanghai_summer(), shanghai(), usage)), (Lines{"energy peak 4000000 x 1260000 = 504"}));
  usage.readings = {{start, 0}, {start + 59min, 4'000'000}, {start + 61min, 4'000'000}};
  EXPECT_EQ(texts(price(shanghai_summer(), shanghai(), usage)), (Lines{"energy peak 4000000 x 1260000 = 504"}));
  usage.readings = {{start, 0}, {start + 59min, 4'000'000}, {start + 61min, 4'000'003}};
  EXPECT_EQ(texts(price(shanghai_summer(), shanghai(), usage)),
            (Lines{"energy peak 4000001 x 1260000 = 504 ~", "energy flat 2 x 700000 = 0 ~"}));
}

TEST(Price, a_line_is_an_estimate_if_any_part_of_it_is) {
  const Instant noon = utc("2026-07-15T12:00:00+08:00");
  Usage usage;
  usage.readings = {{noon - 30min, 0}, {noon + 30min, 2'000'000}, {noon + 2h, 5'000'000}, {noon + 150min, 6'000'000}};
  EXPECT_EQ(texts(price(shanghai_summer(), shanghai(), usage)),
            (Lines{"energy peak 2000000 x 1260000 = 252 ~", "energy sharp 4000000 x 1575000 = 630 ~"}));
}

TEST(Price, all_energy_of_a_25_hour_day) {
  Tariff tariff = plain();
  tariff.rules = {daily(2, 3, Period::peak)};
  const Interval day = berlin().day(*parse_date("2026-10-25"));
  Usage usage;
  usage.estimate = EnergyEstimate{25'000'000, day};
  EXPECT_EQ(texts(price(tariff, berlin(), usage)),
            (Lines{"energy flat 23000000 x 200000 = 460 ~", "energy peak 2000000 x 300000 = 60 ~"}));
}

TEST(Price, each_line_is_rounded_half_up_once) {
  Tariff tariff = plain();
  tariff.energy_rates = {0, 10'000, 0, 0};  // 1 minor per kWh
  const Instant at = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.readings = {{at, 0}, {at + 1h, 499'999}};
  EXPECT_EQ(price(tariff, berlin(), usage).total.minor, 0);
  usage.readings[1].register_milliwh = 500'000;
  EXPECT_EQ(price(tariff, berlin(), usage).total.minor, 1);
  usage.readings[1].register_milliwh = 1'499'999;
  EXPECT_EQ(price(tariff, berlin(), usage).total.minor, 1);
}

TEST(Price, rounding_is_the_same_beyond_64_bits) {
  Tariff tariff = plain();
  tariff.energy_rates.flat_e4 = 9'999'999'999;
  const Instant at = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.readings = {{at, 0}, {at + 1h, 100'005'000'000'000}};
  EXPECT_EQ(price(tariff, berlin(), usage).total.minor, 100'004'999'990'000);
  usage.readings[1].register_milliwh = 100'005'000'000'001;
  EXPECT_EQ(price(tariff, berlin(), usage).total.minor, 100'004'999'990'000);
}

TEST(Price, parking_is_billed_by_the_started_unit_at_the_rate_of_its_start) {
  Tariff tariff = plain();
  tariff.parking_rates = {0, 4'000'000, 8'000'000, 0};  // 4.00 and 8.00 an hour
  tariff.rules = {daily(16, 20, Period::peak)};
  tariff.unit_minutes = 15;
  const Instant start = berlin().at_local(*parse_date("2026-06-01"), 15 * 60 + 50);
  EXPECT_EQ(parking_minor(tariff, {start, start}), 0);
  EXPECT_EQ(parking_minor(tariff, {start, start + 1ms}), 100);
  EXPECT_EQ(parking_minor(tariff, {start, start + 15min}), 100);        // until 16:05, all at the rate of 15:50
  EXPECT_EQ(parking_minor(tariff, {start, start + 15min + 1ms}), 300);  // and a quarter of the peak
  EXPECT_EQ(parking_minor(tariff, {start, start + 30min}), 300);
}

TEST(Price, free_minutes_come_first_and_are_never_billed) {
  Tariff tariff = plain();
  tariff.parking_rates = {0, 6'000'000, 0, 0};  // 0.10 a minute
  tariff.free_parking_minutes = 30;
  const Instant start = utc("2026-06-01T10:00:00Z");
  EXPECT_EQ(parking_minor(tariff, {start, start + 30min}), 0);
  EXPECT_EQ(parking_minor(tariff, {start, start + 30min + 1s}), 10);
  EXPECT_EQ(parking_minor(tariff, {start, start + 60min}), 300);
}

TEST(Price, the_daily_maximum_holds_for_each_local_day) {
  Tariff tariff = plain();
  tariff.parking_rates = {1'000'000, 1'000'000, 2'000'000, 0};  // 1.00, in the peak 2.00
  tariff.rules = {daily(8, 10, Period::peak)};
  tariff.parking_day_max_minor = 500;
  Usage usage;
  usage.parking = {berlin_day_part("2026-06-01", 7, 12).start, berlin_day_part("2026-06-02", 0, 3).end};
  const Invoice invoice = price(tariff, berlin(), usage);
  EXPECT_EQ(texts(invoice), (Lines{"parking flat 54000000 x 1000000 = 1500", "parking peak 7200000 x 2000000 = 400",
                                   "daily_maximum 1 x 0 = -1400", "parking flat 10800000 x 1000000 = 300"}));
  EXPECT_EQ(invoice.total.minor, 800);
  EXPECT_EQ(invoice.lines[2].interval.end, berlin().at_local(*parse_date("2026-06-02"), 0));
}

TEST(Price, a_unit_belongs_to_the_day_it_starts_in) {
  Tariff tariff = plain();
  tariff.parking_rates = {0, 1'000'000, 0, 0};
  tariff.unit_minutes = 90;
  tariff.parking_day_max_minor = 500;
  const Instant start = berlin().at_local(*parse_date("2026-06-01"), 23 * 60);
  EXPECT_EQ(parking_minor(tariff, {start, start + 80min}), 150);
  EXPECT_EQ(parking_minor(tariff, {start, start + 91min}), 300);
}

TEST(Price, a_clock_set_back_over_midnight_starts_no_third_day) {
  // As in St John's until 2011: at 0:01 it is 23:01 again.
  const Instant change = utc("2026-10-25T02:31:00Z");
  const ZoneRules zone{"Test/Back_Over_Midnight", -9000, {{change, -12600}}};
  Tariff tariff = plain();
  tariff.parking_rates = {0, 6'000'000, 0, 0};  // 0.10 a minute
  tariff.parking_day_max_minor = 500;
  Usage usage;
  usage.parking = Interval{change - 31min, change + 10min};  // from 23:30; midnight came after half an hour
  EXPECT_EQ(texts(price(tariff, zone, usage)),
            (Lines{"parking flat 1800000 x 6000000 = 300", "parking flat 660000 x 6000000 = 110"}));
  usage.parking = Interval{change + 10min, change + 130min};  // from the second 23:11, in the day that has begun
  EXPECT_EQ(texts(price(tariff, zone, usage)),
            (Lines{"parking flat 7200000 x 6000000 = 1200", "daily_maximum 1 x 0 = -700"}));
}

TEST(Price, only_overstay_after_the_grace_is_billed) {
  Tariff tariff = plain();
  tariff.overstay_rate_e4 = 6'000'000;
  tariff.overstay_grace_minutes = 10;
  const Instant end = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.overstay = Interval{end, end + 10min};
  EXPECT_TRUE(price(tariff, berlin(), usage).lines.empty());
  usage.overstay->end = end + 25min;
  EXPECT_EQ(texts(price(tariff, berlin(), usage)), (Lines{"overstay 900000 x 6000000 = 150"}));
}

TEST(Price, service_fees_minimum_and_tax_on_top) {
  Tariff tariff = plain();
  tariff.visit_fee_minor = 50;
  tariff.service_rate_e4 = 80'000;
  tariff.minimum_minor = 500;
  tariff.tax_ppm = 190'000;
  const Instant at = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.visit_made = true;
  usage.readings = {{at, 0}, {at + 1h, 10'000'000}};
  const Invoice invoice = price(tariff, berlin(), usage);
  EXPECT_EQ(texts(invoice),
            (Lines{"energy flat 10000000 x 200000 = 200", "visit_fee 1 x 500000 = 50",
                   "service_energy 10000000 x 80000 = 80", "minimum 1 x 0 = 170", "tax 1 x 190000 = 95"}));
  EXPECT_EQ(invoice.net.minor, 500);
  EXPECT_EQ(invoice.tax.minor, 95);
  EXPECT_EQ(invoice.total.minor, 595);
}

TEST(Price, included_tax_is_told_and_not_added) {
  Tariff tariff = plain();
  tariff.visit_fee_minor = 1190;
  tariff.tax_ppm = 190'000;
  tariff.prices_include_tax = true;
  Usage usage;
  usage.visit_made = true;
  const Invoice invoice = price(tariff, berlin(), usage);
  EXPECT_EQ(texts(invoice), (Lines{"visit_fee 1 x 11900000 = 1190"}));
  EXPECT_EQ(invoice.tax.minor, 190);
  EXPECT_EQ(invoice.net.minor, 1000);
  EXPECT_EQ(invoice.total.minor, 1190);
}

TEST(Price, a_visit_that_never_took_place_pays_no_fee_and_no_minimum) {
  Tariff tariff = plain();
  tariff.visit_fee_minor = 50;
  tariff.minimum_minor = 500;
  const Invoice invoice = price(tariff, berlin(), Usage{});
  EXPECT_TRUE(invoice.lines.empty());
  EXPECT_EQ(invoice.total, (Money{0, tariff.currency}));
}

struct RegisterCase {
  const char* what;
  std::vector<int64_t> kwh;
  int64_t billed_kwh;
  bool defect;
};

TEST(Price, registers_that_contradict_themselves) {
  const RegisterCase cases[] = {
      {"rising", {100, 101, 103}, 3, false},
      {"one reading", {100}, 0, false},
      {"a dip", {100, 105, 3, 110}, 10, true},
      {"a spike", {100, 105, 999'999, 110}, 10, true},
      {"a spike between start and stop", {100, 999'999, 110}, 10, true},
      {"stop below start", {100, 90}, 0, true},
      {"a reset", {100, 110, 120, 130, 0, 5}, 30, true},
      {"negative", {-1, 100, 110}, 10, true},
      {"absurd", {100, 110, INT64_MAX / 1'000'000}, 10, true},
      {"all negative", {-5, -4}, 0, true},
  };
  for (const RegisterCase& test : cases) {
    Usage usage;
    Instant at = utc("2026-06-01T10:00:00Z");
    for (const int64_t kwh : test.kwh) usage.readings.push_back({at += 1min, kwh * 1'000'000});
    const Invoice invoice = price(plain(), berlin(), usage);
    EXPECT_EQ(invoice.total.minor, test.billed_kwh * 20) << test.what;
    EXPECT_EQ(invoice.register_defect, test.defect) << test.what;
  }
}

TEST(Price, readings_that_arrive_out_of_order_are_no_defect) {
  const Instant at = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.readings = {{at + 1h, 7'000'000}, {at, 5'000'000}, {at + 2h, 8'000'000}};
  const Invoice invoice = price(plain(), berlin(), usage);
  EXPECT_EQ(invoice.total.minor, 60);
  EXPECT_FALSE(invoice.register_defect);
}

TEST(Price, energy_with_no_time_between_its_readings_is_billed) {
  const Instant at = utc("2026-06-01T10:00:00Z");
  Usage usage;
  usage.readings = {{at, 5'000'000}, {at, 8'000'000}};
  EXPECT_EQ(texts(price(plain(), berlin(), usage)), (Lines{"energy flat 3000000 x 200000 = 60"}));
}

TEST(Price, a_week_of_everything_at_the_highest_rates_fits) {
  Tariff tariff = shanghai_summer();
  const int64_t most = limits::rate_e4_max;
  tariff.energy_rates = tariff.parking_rates = {most, most, most, most};
  tariff.service_rate_e4 = tariff.overstay_rate_e4 = most;
  tariff.tax_ppm = 1'000'000;
  const Interval week{utc("2026-07-01T00:00:00Z"), utc("2026-07-08T00:00:00Z")};
  Usage usage;
  usage.parking = week;
  usage.overstay = week;
  usage.estimate = EnergyEstimate{INT64_MAX, week};
  usage.readings = {{week.start, 0}, {week.end, limits::register_milliwh_max}};
  const Invoice invoice = price(tariff, shanghai(), usage);
  EXPECT_EQ(invoice.net.minor, 4 * limits::register_milliwh_max + 2 * 168 * 1'000'000);
  EXPECT_EQ(invoice.total.minor, 2 * invoice.net.minor);
}

TEST(Price, an_endless_stay_is_billed_to_the_limit_and_flagged) {
  Tariff tariff = plain();
  tariff.parking_rates = {0, 1'000'000, 0, 0};
  const Instant start = utc("1970-01-01T00:00:00Z");
  Usage usage;
  usage.parking = Interval{start, far_future};
  usage.readings = {{start, 0}, {far_future, 1'000'000}};
  const Invoice invoice = price(tariff, berlin(), usage);
  EXPECT_TRUE(invoice.interval_cut);
  EXPECT_EQ(invoice.total.minor, limits::priced_days * 24 * 100 + 20);
  EXPECT_EQ(invoice.lines[1].interval.length(), std::chrono::days{limits::priced_days});
}

TEST(Price, the_invoice_survives_the_journal) {
  const Instant at = utc("2026-07-15T11:30:00+08:00");
  Usage usage;
  usage.parking = Interval{at, at + 4h};
  usage.estimate = EnergyEstimate{20'000'000, *usage.parking};
  const Invoice invoice = price(shanghai_summer(), shanghai(), usage);
  EXPECT_EQ(from_binary<Invoice>(to_binary(invoice)), invoice);
}

}  // namespace
}  // namespace bayward

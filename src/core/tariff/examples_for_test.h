// Zones and tariffs that several tests of this folder share. Only tests include it.
#pragma once

#include <string>
#include <vector>

#include "base/check.h"
#include "core/tariff/price.h"

namespace bayward::tariff_examples {

inline Instant utc(const std::string& text) {
  const auto at = parse_rfc3339(text);
  BAYWARD_CHECK(at.has_value());
  return *at;
}

// 2026 of the tz database.
inline ZoneRules berlin() {
  return {"Europe/Berlin", 3600, {{utc("2026-03-29T01:00:00Z"), 7200}, {utc("2026-10-25T01:00:00Z"), 3600}}};
}
inline ZoneRules lord_howe() {  // half an hour
  return {"Australia/Lord_Howe", 39600, {{utc("2026-04-04T15:00:00Z"), 37800}, {utc("2026-10-03T15:30:00Z"), 39600}}};
}
inline ZoneRules havana() {  // midnight is skipped in spring and comes twice in autumn
  return {"America/Havana", -18000, {{utc("2026-03-08T05:00:00Z"), -14400}, {utc("2026-11-01T05:00:00Z"), -18000}}};
}
inline ZoneRules shanghai() {
  return {"Asia/Shanghai", 28800, {}};
}
inline std::vector<ZoneRules> zones() {
  return {berlin(), lord_howe(), havana(), shanghai()};
}

inline TariffRule daily(int32_t start_hour, int32_t end_hour, Period period, MonthDay from = {1, 1},
                        MonthDay to = {12, 31}) {
  return {from, to, day_type::any, start_hour * 60, end_hour * 60, period};
}

// The shape of Shanghai's two-part time of use (2022): the hours of the whole year, and the coefficients of July to
// September on a base of 0.70 CNY. The coefficients of other months are another tariff of the same hours.
inline Tariff shanghai_summer() {
  Tariff tariff;
  tariff.name = "Shanghai two-part, July to September";
  tariff.currency = *parse_currency("CNY");
  tariff.energy_rates = {280'000, 700'000, 1'260'000, 1'575'000};
  tariff.parking_rates = {1'000'000, 3'000'000, 5'000'000, 5'000'000};
  tariff.rules = {
      daily(12, 14, Period::sharp, {7, 1}, {8, 31}),
      daily(19, 21, Period::sharp, {12, 1}, {1, 31}),
      daily(8, 15, Period::peak, {7, 1}, {9, 30}),
      daily(8, 11, Period::peak, {10, 1}, {6, 30}),
      daily(18, 21, Period::peak),
      daily(22, 6, Period::valley),
  };
  return tariff;
}

// Nothing but energy at 0.10, 0.20, 0.30 and 0.40 EUR per kWh.
inline Tariff plain() {
  Tariff tariff;
  tariff.name = "plain";
  tariff.currency = *parse_currency("EUR");
  tariff.energy_rates = {100'000, 200'000, 300'000, 400'000};
  return tariff;
}

}  // namespace bayward::tariff_examples

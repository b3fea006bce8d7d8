// C3 against tariffs that people pay by: those recorded in BAYWARD_DATA (URDB and acnportal form), each half hour of a
// year with both changes of the clock, and the bill of a charge through it. What the record says is looked up here by
// the clock on the wall, half hour by half hour; the tariff engine gets rules and boundaries.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/tariff/price.h"
#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

using ocpp::Json;

struct Step {
  int32_t minute = 0;   // of the day, from when on ...
  int64_t rate_e4 = 0;  // ... a kWh costs this
  friend bool operator==(const Step&, const Step&) = default;
};

// The rates of a kind of day in a part of the year; the first that fits a day counts.
struct Season {
  MonthDay from;
  MonthDay to;
  uint32_t day_types = day_type::any;
  std::vector<Step> steps;  // ascending, from minute 0 on
};

struct RecordedTariff {
  std::string name;
  std::vector<Season> seasons;
};

bool fits(const Season& season, Date date) {
  const auto key = [](MonthDay day) { return day.month * 100 + day.day; };
  const int32_t day =
      static_cast<int32_t>(static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day()));
  const bool in_season = key(season.from) <= key(season.to) ? key(season.from) <= day && day <= key(season.to)
                                                            : key(season.from) <= day || day <= key(season.to);
  return in_season && (season.day_types & (weekday_index(date) < 5 ? day_type::weekday : day_type::weekend)) != 0;
}

const Season* season_of(const std::vector<Season>& seasons, Date date) {
  const auto found =
      std::find_if(seasons.begin(), seasons.end(), [&](const Season& season) { return fits(season, date); });
  return found == seasons.end() ? nullptr : &*found;
}

int64_t rate_at(const Season& season, int32_t minute) {
  int64_t rate_e4 = 0;
  for (const Step& step : season.steps) {
    if (step.minute <= minute) rate_e4 = step.rate_e4;
  }
  return rate_e4;
}

// Dollars a kWh, to ten-thousandths of a cent.
int64_t rate_e4(const Json& dollars) {
  return dollars.as_number()->scaled(6).value();
}

MonthDay month_day(const std::string& text) {  // "06-01", "9-30"
  const size_t dash = text.find('-');
  return {std::stoi(text.substr(0, dash)), std::stoi(text.substr(dash + 1))};
}

RecordedTariff read_acnportal(const Json& json) {
  RecordedTariff out{*json.find("name")->as_text(), {}};
  for (const Json& part : *json.find("schedule")->as_array()) {
    const std::string& days = *part.find("dow_mask")->as_text();
    Season season{month_day(*part.find("effective_start")->as_text()),
                  month_day(*part.find("effective_end")->as_text()),
                  days == "WEEKDAYS"   ? day_type::weekday
                  : days == "WEEKENDS" ? day_type::weekend
                                       : day_type::any,
                  {}};
    const Json::Array& hours = *part.find("times")->as_array();
    const Json::Array& rates = *part.find("tariffs")->as_array();
    for (size_t i = 0; i < hours.size(); ++i) {
      const auto minute = static_cast<int32_t>(hours[i].as_number()->scaled(1).value() * 6);
      season.steps.push_back({minute, rate_e4(rates.at(i))});
    }
    out.seasons.push_back(season);
  }
  return out;
}

MonthDay last_of(int32_t month) {
  constexpr std::array<int32_t, 12> days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return {month, days.at(static_cast<size_t>(month - 1))};
}

RecordedTariff read_urdb(const Json& json) {
  RecordedTariff out{*json.find("name")->as_text(), {}};
  std::vector<int64_t> rates_e4;
  for (const Json& tiers : *json.find("energyratestructure")->as_array()) {
    const Json& first = tiers.as_array()->at(0);
    const Json* adjustment = first.find("adj");
    rates_e4.push_back(rate_e4(*first.find("rate")) + (adjustment ? rate_e4(*adjustment) : 0));
  }
  for (const auto& [field, day_types] :
       {std::pair("energyweekdayschedule", day_type::weekday), std::pair("energyweekendschedule", day_type::weekend)}) {
    int32_t month = 0;
    for (const Json& row : *json.find(field)->as_array()) {
      ++month;
      Season season{{month, 1}, last_of(month), day_types, {}};
      int32_t hour = 0;
      for (const Json& index : *row.as_array()) {
        const int64_t rate = rates_e4.at(static_cast<size_t>(index.as_number()->scaled(0).value()));
        if (season.steps.empty() || season.steps.back().rate_e4 != rate) season.steps.push_back({hour * 60, rate});
        ++hour;
      }
      const bool goes_on = month > 1 && out.seasons.back().steps == season.steps;
      goes_on ? void(out.seasons.back().to = season.to) : out.seasons.push_back(season);
    }
  }
  return out;
}

std::vector<RecordedTariff> recorded_tariffs() {
  const char* folder = std::getenv("BAYWARD_DATA");
  std::vector<RecordedTariff> out;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(folder ? folder : "") + "/tariffs", none)) {
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    const auto json = ocpp::parse_json(text.str());
    if (!json.ok()) {
      ADD_FAILURE() << entry.path() << ": " << json.error().message;
    } else if (json->find("schedule")) {
      out.push_back(read_acnportal(*json));
    } else {
      const Json* items = json->find("items");
      out.push_back(read_urdb(items ? items->as_array()->at(0) : *json));
    }
  }
  return out;
}

std::set<int64_t> rates_of(const std::vector<Season>& seasons) {
  std::set<int64_t> rates_e4;
  for (const Season& season : seasons) {
    for (const Step& step : season.steps) rates_e4.insert(step.rate_e4);
  }
  return rates_e4;
}

// A tariff has four rates. What has more of them in a year is a tariff for each part of the year.
std::vector<std::vector<Season>> cut_to_four_rates(const std::vector<Season>& seasons) {
  if (rates_of(seasons).size() <= period_count) return {seasons};
  std::map<std::pair<int32_t, int32_t>, std::vector<Season>> parts;
  for (const Season& season : seasons) parts[{season.from.month, season.to.month}].push_back(season);
  std::vector<std::vector<Season>> out;
  for (const auto& [months, part] : parts) out.push_back(part);
  return out;
}

Tariff tariff_of(const std::string& name, const std::vector<Season>& seasons) {
  const std::set<int64_t> all = rates_of(seasons);
  std::vector<int64_t> rates_e4(all.begin(), all.end());
  const auto period_of = [&](int64_t rate) {
    return static_cast<Period>(std::find(rates_e4.begin(), rates_e4.end(), rate) - rates_e4.begin());
  };
  Tariff tariff;
  tariff.name = name.substr(0, 64);
  tariff.currency = *parse_currency("USD");
  for (const Season& season : seasons) {
    for (size_t i = 0; i < season.steps.size(); ++i) {
      const int32_t end = i + 1 < season.steps.size() ? season.steps[i + 1].minute : 1440;
      tariff.rules.push_back(
          {season.from, season.to, season.day_types, season.steps[i].minute, end, period_of(season.steps[i].rate_e4)});
    }
  }
  rates_e4.resize(period_count);
  tariff.energy_rates = {rates_e4[0], rates_e4[1], rates_e4[2], rates_e4[3]};
  return tariff;
}

Instant utc(const char* text) {
  return parse_rfc3339(text).value();
}

ZoneRules los_angeles() {
  return {
      "America/Los_Angeles", -28800, {{utc("2025-03-09T10:00:00Z"), -25200}, {utc("2025-11-02T09:00:00Z"), -28800}}};
}

constexpr auto half_hour = std::chrono::minutes{30};
constexpr int64_t half_hour_milliwh = 3'000'000;  // at 6 kW

// The lines of the bill, by rate: what a charge at 6 kW from `start` on costs by the record. Nothing when the record
// doesn't speak of all of it.
std::optional<std::map<int64_t, int64_t>> energy_by_rate(const std::vector<Season>& seasons, const ZoneRules& zone,
                                                         const Interval& charge) {
  std::map<int64_t, int64_t> milliwh;
  for (Instant at = charge.start; at < charge.end; at += half_hour) {
    const LocalTime local = zone.local(at);
    const Season* season = season_of(seasons, local.date);
    if (!season) return std::nullopt;
    milliwh[rate_at(*season, local.minute)] += half_hour_milliwh;
  }
  return milliwh;
}

void expect_bill(const Tariff& tariff, const ZoneRules& zone, const Interval& charge,
                 const std::map<int64_t, int64_t>& energy) {
  Usage usage;
  const int64_t all = (charge.length() / half_hour) * half_hour_milliwh;
  usage.readings = {{charge.start, 1'000'000}, {charge.end, 1'000'000 + all}};
  usage.visit_made = true;
  const Invoice invoice = price(tariff, zone, usage);
  ASSERT_EQ(invoice.lines.size(), energy.size()) << to_rfc3339(charge.start);
  int64_t total_minor = 0;
  for (const InvoiceLine& line : invoice.lines) {
    ASSERT_TRUE(energy.contains(line.rate_e4)) << to_rfc3339(charge.start);
    EXPECT_EQ(line.quantity, energy.at(line.rate_e4)) << to_rfc3339(charge.start);
    const int64_t minor = (line.quantity / 1000 * line.rate_e4 + 5'000'000) / 10'000'000;
    EXPECT_EQ(line.amount.minor, minor) << to_rfc3339(charge.start);
    total_minor += minor;
  }
  EXPECT_EQ(invoice.total.minor, total_minor);
}

TEST(RecordedTariffs, EveryHalfHourOfAYearIsInItsPeriodAndEveryChargeIsBilledByIt) {
  const std::vector<RecordedTariff> recorded = recorded_tariffs();
  if (recorded.empty()) GTEST_SKIP() << "no recorded tariffs: BAYWARD_DATA is not the folder of the recorded data";
  const ZoneRules zone = los_angeles();
  const Interval year{utc("2025-01-01T08:00:00Z"), utc("2026-01-01T08:00:00Z")};
  for (const RecordedTariff& of : recorded) {
    SCOPED_TRACE(of.name);
    int half_hours = 0;
    for (const std::vector<Season>& seasons : cut_to_four_rates(of.seasons)) {
      ASSERT_LE(rates_of(seasons).size(), period_count);
      const Tariff tariff = tariff_of(of.name, seasons);
      ASSERT_TRUE(validate(tariff).ok()) << validate(tariff).error().message;
      for (Instant at = year.start; at < year.end; at += half_hour) {
        const LocalTime local = zone.local(at);
        const Season* season = season_of(seasons, local.date);
        if (!season) continue;
        ++half_hours;
        ASSERT_EQ(tariff.energy_rates.of(period_at(tariff, zone, at)), rate_at(*season, local.minute))
            << to_rfc3339(at);
      }
      for (Instant start = year.start; start < year.end; start += 5 * half_hour) {
        const Interval charge{start, start + 19 * half_hour};
        if (const auto energy = energy_by_rate(seasons, zone, charge)) expect_bill(tariff, zone, charge, *energy);
        if (HasFatalFailure()) return;
      }
    }
    EXPECT_EQ(half_hours, 365 * 48);
  }
}

}  // namespace
}  // namespace bayward::town

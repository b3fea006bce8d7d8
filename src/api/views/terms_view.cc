// The terms of a site: tariffs, rules, windows and permissions, as people send and read them.
#include <charconv>

#include "api/views/views.h"
#include "base/limits.h"

namespace bayward::api {

using namespace core;

std::string clock_text(int minute) {
  char text[6] = {};
  const int hour = minute / 60;
  text[0] = static_cast<char>('0' + hour / 10);
  text[1] = static_cast<char>('0' + hour % 10);
  text[2] = ':';
  text[3] = static_cast<char>('0' + minute % 60 / 10);
  text[4] = static_cast<char>('0' + minute % 60 % 10);
  return text;
}

std::optional<int16_t> clock_minute(const boost::json::value& value) {
  const auto* text = value.if_string();
  if (!text || text->size() != 5 || (*text)[2] != ':') return std::nullopt;
  int hour = 0;
  int minute = 0;
  const char* digits = text->data();
  if (std::from_chars(digits, digits + 2, hour).ptr != digits + 2) return std::nullopt;
  if (std::from_chars(digits + 3, digits + 5, minute).ptr != digits + 5) return std::nullopt;
  if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
  return static_cast<int16_t>(hour * 60 + minute);
}

namespace {

constexpr std::array<std::string_view, 7> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

constexpr std::array<Word<Period>, period_count> period_words = {
    {{"valley", Period::valley}, {"flat", Period::flat}, {"peak", Period::peak}, {"sharp", Period::sharp}}};

void write_ranges(JsonOut& out, const std::vector<MinuteRange>& ranges) {
  out.array();
  for (const MinuteRange& range : ranges) {
    out.array().value(clock_text(range.start_minute)).value(clock_text(range.end_minute)).end();
  }
  out.end();
}

void write_week(JsonOut& out, const WeekPattern& week) {
  out.object();
  for (size_t day = 0; day < days.size(); ++day) {
    out.name(days[day]);
    write_ranges(out, week[day]);
  }
  out.end();
}

void write_rates(JsonOut& out, const PeriodRates& rates) {
  out.object().field("valley", rates.valley_e4).field("flat", rates.flat_e4);
  out.field("peak", rates.peak_e4).field("sharp", rates.sharp_e4).end();
}

PeriodRates rates_in(Fields& in, std::string_view name) {
  auto given = in.maybe_object(name);
  PeriodRates rates;
  if (!given) return rates;
  const IntegerRange range{0, limits::rate_e4_max};
  rates.valley_e4 = given->maybe_integer("valley", range).value_or(0);
  rates.flat_e4 = given->maybe_integer("flat", range).value_or(0);
  rates.peak_e4 = given->maybe_integer("peak", range).value_or(0);
  rates.sharp_e4 = given->maybe_integer("sharp", range).value_or(0);
  given->finish();
  return rates;
}

MonthDay month_day_in(Fields& in, std::string_view name, MonthDay otherwise) {
  auto given = in.maybe_object(name);
  if (!given) return otherwise;
  MonthDay date;
  date.month = static_cast<int32_t>(given->integer("month", {1, 12}));
  date.day = static_cast<int32_t>(given->integer("day", {1, 31}));
  given->finish();
  return date;
}

TariffRule rule_in(Fields in) {
  TariffRule rule;
  rule.from = month_day_in(in, "from", rule.from);
  rule.to = month_day_in(in, "to", rule.to);
  rule.day_types = static_cast<uint32_t>(in.maybe_integer("day_types", {1, day_type::any}).value_or(rule.day_types));
  rule.start_minute = static_cast<int32_t>(in.maybe_integer("start_minute", {0, 1439}).value_or(rule.start_minute));
  rule.end_minute = static_cast<int32_t>(in.maybe_integer("end_minute", {1, 1440}).value_or(rule.end_minute));
  rule.period = in.maybe_word("period", period_words).value_or(rule.period);
  in.finish();
  return rule;
}

int32_t small(Fields& in, std::string_view name, IntegerRange range, int32_t otherwise) {
  return static_cast<int32_t>(in.maybe_integer(name, range).value_or(otherwise));
}

Duration seconds_in(Fields& in, std::string_view name, Duration otherwise) {
  constexpr int64_t month_s = 31 * 24 * 3600;
  const auto given = in.maybe_integer(name, {0, month_s});
  return given ? Duration{*given * 1000} : otherwise;
}

}  // namespace

void write(JsonOut& out, const Tariff& tariff) {
  out.object().field("tariff", tariff.id).field("name", tariff.name).field("currency", tariff.currency.text());
  out.name("energy_rates");
  write_rates(out, tariff.energy_rates);
  out.name("parking_rates");
  write_rates(out, tariff.parking_rates);
  out.name("rules").array();
  for (const TariffRule& rule : tariff.rules) {
    out.object().name("from").object().field("month", rule.from.month).field("day", rule.from.day).end();
    out.name("to").object().field("month", rule.to.month).field("day", rule.to.day).end();
    out.field("day_types", rule.day_types).field("start_minute", rule.start_minute);
    out.field("end_minute", rule.end_minute).field("period", rule.period).end();
  }
  out.end().field("default_period", tariff.default_period).name("holidays").array();
  for (const int32_t day : tariff.holidays) out.value(from_days(day));
  out.end().field("visit_fee_minor", tariff.visit_fee_minor).field("service_rate_e4", tariff.service_rate_e4);
  out.field("overstay_rate_e4", tariff.overstay_rate_e4);
  out.field("overstay_grace_minutes", tariff.overstay_grace_minutes);
  out.field("free_parking_minutes", tariff.free_parking_minutes).field("unit_minutes", tariff.unit_minutes);
  out.field("parking_day_max_minor", tariff.parking_day_max_minor).field("minimum_minor", tariff.minimum_minor);
  out.field("tax_ppm", tariff.tax_ppm).field("prices_include_tax", tariff.prices_include_tax).end();
}

Tariff tariff_in(Fields& in) {
  Tariff tariff;
  tariff.name = in.text("name", 1, limits::label_chars);
  tariff.currency = in.currency("currency");
  tariff.energy_rates = rates_in(in, "energy_rates");
  tariff.parking_rates = rates_in(in, "parking_rates");
  size_t index = 0;
  for (const auto& element : in.array("rules", limits::tariff_rules)) {
    tariff.rules.push_back(rule_in(in.object_in("rules", index++, element)));
  }
  tariff.default_period = in.maybe_word("default_period", period_words).value_or(Period::flat);
  for (const auto& element : in.array("holidays", limits::tariff_holidays)) {
    const auto* text = element.if_string();
    const auto date = text ? parse_date({text->data(), text->size()}) : std::nullopt;
    if (!date)
      in.refuse("holidays", "must be a list of dates such as \"2026-01-01\"", "必须是日期列表，例如\"2026-01-01\"");
    if (date) tariff.holidays.push_back(to_days(*date));
  }
  const IntegerRange fee{0, limits::fee_minor_max};
  const IntegerRange rate{0, limits::rate_e4_max};
  const IntegerRange week{0, 7 * 1440};
  tariff.visit_fee_minor = in.maybe_integer("visit_fee_minor", fee).value_or(0);
  tariff.service_rate_e4 = in.maybe_integer("service_rate_e4", rate).value_or(0);
  tariff.overstay_rate_e4 = in.maybe_integer("overstay_rate_e4", rate).value_or(0);
  tariff.overstay_grace_minutes = small(in, "overstay_grace_minutes", week, 0);
  tariff.free_parking_minutes = small(in, "free_parking_minutes", week, 0);
  tariff.unit_minutes = small(in, "unit_minutes", {1, 1440}, 1);
  tariff.parking_day_max_minor = in.maybe_integer("parking_day_max_minor", {1, limits::fee_minor_max});
  tariff.minimum_minor = in.maybe_integer("minimum_minor", fee).value_or(0);
  tariff.tax_ppm = small(in, "tax_ppm", {0, 1'000'000}, 0);
  tariff.prices_include_tax = in.maybe_flag("prices_include_tax").value_or(false);
  return tariff;
}

void write(JsonOut& out, const SiteRules& rules) {
  const auto seconds = [&](std::string_view name, Duration length) { out.field(name, length.count() / 1000); };
  out.object().field("slot_unit_s", rules.slot_unit_s);
  seconds("walk_up_hold_s", rules.walk_up_hold);
  seconds("reserve_lead_s", rules.reserve_lead);
  seconds("early_arrival_s", rules.early_arrival);
  seconds("no_show_grace_s", rules.no_show_grace);
  seconds("overstay_grace_s", rules.overstay_grace);
  seconds("reallocation_lead_s", rules.reallocation_lead);
  seconds("free_cancel_before_s", rules.free_cancel_before);
  out.field("late_cancel_ppm", rules.late_cancel_ppm).field("no_show_ppm", rules.no_show_ppm);
  out.field("owner_share_ppm", rules.owner_share_ppm);
  out.field("displaced_compensation_minor", rules.displaced_compensation_minor);
  out.field("tap_starts_walk_up", rules.tap_starts_walk_up).field("walk_up_slots", rules.walk_up_slots);
  seconds("handover_horizon_s", rules.handover_horizon);
  out.field("wrong_parking_fee_minor", rules.wrong_parking_fee_minor);
  seconds("wrong_parking_grace_s", rules.wrong_parking_grace);
  out.end();
}

SiteRules rules_in(Fields& in) {
  SiteRules rules;
  const IntegerRange share{0, 1'000'000};
  rules.slot_unit_s = small(in, "slot_unit_s", {300, 3600}, rules.slot_unit_s);
  rules.walk_up_hold = seconds_in(in, "walk_up_hold_s", rules.walk_up_hold);
  rules.reserve_lead = seconds_in(in, "reserve_lead_s", rules.reserve_lead);
  rules.early_arrival = seconds_in(in, "early_arrival_s", rules.early_arrival);
  rules.no_show_grace = seconds_in(in, "no_show_grace_s", rules.no_show_grace);
  rules.overstay_grace = seconds_in(in, "overstay_grace_s", rules.overstay_grace);
  rules.reallocation_lead = seconds_in(in, "reallocation_lead_s", rules.reallocation_lead);
  rules.free_cancel_before = seconds_in(in, "free_cancel_before_s", rules.free_cancel_before);
  rules.late_cancel_ppm = small(in, "late_cancel_ppm", share, rules.late_cancel_ppm);
  rules.no_show_ppm = small(in, "no_show_ppm", share, rules.no_show_ppm);
  rules.owner_share_ppm = small(in, "owner_share_ppm", share, rules.owner_share_ppm);
  rules.displaced_compensation_minor =
      in.maybe_integer("displaced_compensation_minor", {0, limits::fee_minor_max}).value_or(0);
  rules.tap_starts_walk_up = in.maybe_flag("tap_starts_walk_up").value_or(rules.tap_starts_walk_up);
  rules.walk_up_slots = in.maybe_integer("walk_up_slots", {1, limits::booking_slots_max}).value_or(rules.walk_up_slots);
  rules.handover_horizon = seconds_in(in, "handover_horizon_s", rules.handover_horizon);
  rules.wrong_parking_fee_minor = in.maybe_integer("wrong_parking_fee_minor", {0, 100'000'000}).value_or(0);
  rules.wrong_parking_grace = seconds_in(in, "wrong_parking_grace_s", rules.wrong_parking_grace);
  if (const auto wrong = defect(rules))
    in.refuse("rules", "can't be: " + std::string(*wrong), "不成立：" + std::string(*wrong));
  return rules;
}

std::vector<MinuteRange> ranges_in(Fields& in, std::string_view name) {
  std::vector<MinuteRange> ranges;
  for (const auto& element : in.array(name, 48)) {
    const auto* pair = element.if_array();
    const bool two = pair && pair->size() == 2;
    const auto start = two ? clock_minute((*pair)[0]) : std::nullopt;
    const auto end = two ? clock_minute((*pair)[1]) : std::nullopt;
    if (!start || !end) {
      in.refuse(name, "must be a list of pairs such as [[\"07:00\",\"19:00\"]]",
                "必须是时间对列表，例如[[\"07:00\",\"19:00\"]]");
      return {};
    }
    ranges.push_back({*start, *end});
  }
  return ranges;
}

WeekPattern week_in(Fields& in, std::string_view name) {
  Fields given = in.object(name);
  WeekPattern week;
  for (size_t day = 0; day < days.size(); ++day) week[day] = ranges_in(given, days[day]);
  given.finish();
  return week;
}

void write(JsonOut& out, const Window& window) {
  out.object().field("window", window.id).field("bay", window.bay).name("week");
  write_week(out, window.week);
  out.field("first_date", from_days(window.first_day)).field("last_date", from_days(window.last_day));
  out.name("exceptions").object();
  for (const auto& [day, ranges] : window.exceptions) {
    out.name(to_text(from_days(day)));
    write_ranges(out, ranges);
  }
  out.end().end();
}

void write(JsonOut& out, const Permission& permission, const std::optional<std::string>& holder) {
  out.object().field("permission", permission.id).field("account", permission.account).field("name", holder);
  out.name("bays").array();
  for (const BayId bay : permission.bays) out.value(bay);
  out.end().name("groups").array();
  for (const std::string& group : permission.groups) out.value(group);
  out.end().name("hours");
  write_week(out, permission.hours);
  out.field("first_date", from_days(permission.first_day)).field("last_date", from_days(permission.last_day));
  out.field("slots_per_day", permission.slots_per_day).field("slots_per_week", permission.slots_per_week).end();
}

}  // namespace bayward::api

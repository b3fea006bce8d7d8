#include "bay/agent/profiles.h"

#include <algorithm>
#include <array>

namespace bayward::bay {
namespace {

namespace v201 = ocpp::v201;
using Purpose = v201::ChargingProfilePurposeEnumType;
using Kind = v201::ChargingProfileKindEnumType;

constexpr int64_t composite_periods_max = 1024;  // as ChargingSchedulePeriodType allows

// When the schedule that is in force now began; nothing when the profile has none now.
std::optional<Instant> schedule_start(const ChargingProfile& profile, const v201::ChargingScheduleType& schedule,
                                      const LimitContext& context) {
  if (profile.charging_profile_kind == Kind::relative) return context.transaction_started;
  if (!schedule.start_schedule) return std::nullopt;
  if (profile.charging_profile_kind == Kind::absolute) return schedule.start_schedule;
  const Duration every = profile.recurrency_kind == v201::RecurrencyKindEnumType::weekly ? Duration{7 * 24h} : 24h;
  const Duration since = context.now - *schedule.start_schedule;
  if (since < 0ms) return std::nullopt;
  return context.now - since % every;
}

int32_t to_ma(const ocpp::Decimal& limit, v201::ChargingRateUnitEnumType unit,
              const v201::ChargingSchedulePeriodType& period, const LimitContext& context) {
  const int64_t thousandths = std::clamp<int64_t>(limit.scaled_rounded(3).value_or(0), 0, 1'000'000'000);
  if (unit == v201::ChargingRateUnitEnumType::a) return static_cast<int32_t>(thousandths);
  const int64_t phases = std::clamp<int64_t>(period.number_phases.value_or(context.phases), 1, context.phases);
  return static_cast<int32_t>(thousandths * 1000 / (phases * context.nominal_mv));
}

std::optional<int32_t> limit_of(const ChargingProfile& profile, const LimitContext& context) {
  if (profile.valid_from && context.now < *profile.valid_from) return std::nullopt;
  if (profile.valid_to && context.now >= *profile.valid_to) return std::nullopt;
  if (profile.transaction_id && *profile.transaction_id != context.transaction) return std::nullopt;
  for (const v201::ChargingScheduleType& schedule : profile.charging_schedule) {
    const auto start = schedule_start(profile, schedule, context);
    if (!start || context.now < *start) continue;
    const int64_t at_s = (context.now - *start) / 1s;
    if (schedule.duration && at_s >= *schedule.duration) continue;
    const v201::ChargingSchedulePeriodType* in_force = nullptr;
    for (const v201::ChargingSchedulePeriodType& period : schedule.charging_schedule_period) {
      if (period.start_period <= at_s) in_force = &period;
    }
    if (in_force) return to_ma(in_force->limit, schedule.charging_rate_unit, *in_force, context);
  }
  return std::nullopt;
}

std::optional<int32_t> limit_of(std::span<const ChargingProfile> profiles, Purpose purpose,
                                const LimitContext& context) {
  std::optional<int32_t> out;
  int64_t level = -1;
  for (const ChargingProfile& profile : profiles) {
    if (profile.charging_profile_purpose != purpose || profile.stack_level <= level) continue;
    if (const auto limit = limit_of(profile, context)) {
      out = limit;
      level = profile.stack_level;
    }
  }
  return out;
}

}  // namespace

int32_t offered_ma(std::span<const ChargingProfile> profiles, const LimitContext& context) {
  int32_t out = context.rating_ma;
  const auto lower = [&](std::optional<int32_t> limit) {
    if (limit) out = std::min(out, *limit);
  };
  lower(limit_of(profiles, Purpose::charging_station_external_constraints, context));
  lower(limit_of(profiles, Purpose::charging_station_max_profile, context));
  // A transaction's own profile stands instead of the default one (K01.FR.31).
  const bool running = context.transaction_started.has_value();
  const auto own = running ? limit_of(profiles, Purpose::tx_profile, context) : std::nullopt;
  lower(own ? own : limit_of(profiles, Purpose::tx_default_profile, context));
  return out;
}

std::optional<std::string> defect(const ChargingProfile& profile, const LimitContext& context) {
  if (profile.stack_level < 0 || profile.stack_level > 9) return "stackLevel: 0 to 9";
  if (profile.charging_profile_purpose == Purpose::tx_profile) {
    if (!profile.transaction_id) return "a TxProfile needs its transactionId";  // K01.FR.03
    if (*profile.transaction_id != context.transaction) return "no such transaction";
  } else if (profile.transaction_id) {
    return "only a TxProfile belongs to a transaction";
  }
  const bool recurring = profile.charging_profile_kind == Kind::recurring;
  if (recurring != profile.recurrency_kind.has_value()) return "recurrencyKind goes with Recurring";
  for (const v201::ChargingScheduleType& schedule : profile.charging_schedule) {
    const bool relative = profile.charging_profile_kind == Kind::relative;
    if (relative == schedule.start_schedule.has_value()) {
      return "startSchedule goes with Absolute and Recurring";  // K01.FR.40, .41
    }
    if (schedule.charging_schedule_period.front().start_period != 0)
      return "the first period begins at 0";  // K01.FR.31
    const auto& periods = schedule.charging_schedule_period;
    const bool ascending = std::adjacent_find(periods.begin(), periods.end(), [](const auto& a, const auto& b) {
                             return a.start_period >= b.start_period;
                           }) == periods.end();
    if (!ascending) return "periods ascend";
    if (std::any_of(periods.begin(), periods.end(), [](const auto& p) { return p.limit.negative(); })) {
      return "a limit is at least 0: this bay does not discharge cars";
    }
  }
  return std::nullopt;
}

void install(std::vector<ChargingProfile>& profiles, ChargingProfile profile) {
  std::erase_if(profiles, [&](const ChargingProfile& other) {
    if (other.id == profile.id) return true;
    return other.charging_profile_purpose == profile.charging_profile_purpose &&
           other.stack_level == profile.stack_level && other.transaction_id == profile.transaction_id;
  });
  profiles.push_back(std::move(profile));
}

v201::CompositeScheduleType composite(std::span<const ChargingProfile> profiles, LimitContext context,
                                      int64_t duration_s, v201::ChargingRateUnitEnumType unit) {
  v201::CompositeScheduleType out;
  out.evse_id = 1;
  out.duration = duration_s;
  out.schedule_start = context.now;
  out.charging_rate_unit = unit;
  const Instant start = context.now;
  // Limits change on whole seconds of some schedule; a look a minute is what the lengths in use need.
  const int64_t step_s = std::max<int64_t>(60, duration_s / composite_periods_max + 1);
  std::optional<int32_t> last;
  for (int64_t at = 0; at < std::max<int64_t>(duration_s, 1); at += step_s) {
    context.now = start + std::chrono::seconds{at};
    const int32_t ma = offered_ma(profiles, context);
    if (last == ma) continue;
    last = ma;
    v201::ChargingSchedulePeriodType& period = out.charging_schedule_period.emplace_back();
    period.start_period = at;
    const int64_t milliwatt = int64_t{ma} * context.phases * context.nominal_mv / 1000;
    period.limit = unit == v201::ChargingRateUnitEnumType::a ? ocpp::Decimal::of(ma / 100, -1)
                                                             : ocpp::Decimal::of(milliwatt / 100, -1);
  }
  return out;
}

}  // namespace bayward::bay

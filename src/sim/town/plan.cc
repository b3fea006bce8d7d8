#include "sim/town/plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace bayward::town {
namespace {

// Shares of arrivals by the hour, in per mille, after the figures in shared/data/README.md (ACN-Data and the SAP Labs
// France, Norwegian home and Barnet kerbside sessions): workplace 51 % between 8 and 10 h and 13 % at 13 h; home
// 18-23 h with 9-12 % an hour; kerbside with its peak at 15-18 h.
constexpr std::array<std::array<int, 24>, trip_kinds> arrivals_by_hour = {{
    {0, 0, 0, 0, 0, 10, 30, 80, 270, 240, 60, 35, 40, 130, 40, 20, 15, 10, 10, 5, 5, 0, 0, 0},
    {10, 5, 0, 0, 0, 5, 10, 20, 20, 20, 25, 30, 35, 35, 40, 60, 80, 85, 95, 110, 115, 105, 95, 0},
    {10, 5, 5, 0, 5, 10, 20, 30, 45, 50, 50, 55, 60, 55, 65, 100, 110, 105, 70, 55, 40, 30, 15, 10},
}};

// Stays: median and 90th percentile, from the same README; the shape between is log-normal.
struct Spread {
  double median_h;
  double p90_h;
};
constexpr std::array<Spread, trip_kinds> stays = {{{3.5, 8.4}, {10.5, 19.4}, {6.5, 16.6}}};
// Energy of a session in kWh (README: 21, 25, 14), spread so that a tenth takes more than twice that.
constexpr std::array<double, trip_kinds> energy_kwh = {21, 25, 14};
constexpr double energy_sigma = 0.55;

// Declared against actual departure (README): median 240 min early, p10 535 early, p90 171 late.
struct Knot {
  double share;
  double early_min;
};
constexpr std::array<Knot, 5> early_knots = {{{0.0, 700}, {0.1, 535}, {0.5, 240}, {0.9, -171}, {1.0, -300}}};

constexpr double normal_p90 = 1.2815515655446004;

// Inverse of the standard normal distribution (P. J. Acklam's rational approximation, relative error below 1.2e-9, is
// finer than needed here; Winitzki's inverse error function is good to 0.4 %).
double normal_quantile(double share) {
  const double x = std::clamp(2 * share - 1, -0.999999, 0.999999);
  constexpr double a = 0.147;
  const double log_term = std::log(1 - x * x);
  const double first = 2 / (std::numbers::pi * a) + log_term / 2;
  const double erf_inverse = std::copysign(std::sqrt(std::sqrt(first * first - log_term / a) - first), x);
  return std::numbers::sqrt2 * erf_inverse;
}

Duration minutes(double count) {
  return Duration{static_cast<int64_t>(count * 60'000)};
}

int64_t energy_of(TripKind kind, double share) {
  const double kwh = energy_kwh[static_cast<size_t>(kind)] * std::exp(energy_sigma * normal_quantile(share));
  return static_cast<int64_t>(std::clamp(kwh, 1.0, 80.0) * 1000);
}

Trip plan_trip(Prng& random) {
  Trip trip;
  const uint64_t dice = random.below(100);
  trip.kind = dice < 50 ? TripKind::workplace : dice < 75 ? TripKind::home : TripKind::kerbside;
  trip.arrival = arrival_of(trip.kind, random.uniform());
  trip.stay = std::clamp(stay_of(trip.kind, random.uniform()), Duration{20min}, Duration{20h});
  trip.declared = std::clamp(trip.stay + left_early(random.uniform()), Duration{30min}, Duration{23h});
  trip.energy_wh = random.chance(65, 100) ? energy_of(trip.kind, random.uniform()) : 0;
  trip.lead = random.chance(30, 100) ? Duration{0} : Duration{minutes(30 + 330 * random.uniform())};
  const uint64_t punctuality = random.below(100);
  trip.lateness = punctuality < 15   ? -minutes(8 * random.uniform())
                  : punctuality < 80 ? minutes(8 * random.uniform())
                                     : minutes(8 + 18 * random.uniform());
  trip.never_comes = random.chance(4, 100);
  trip.cancels = random.chance(5, 100);
  trip.wrong_bay = random.chance(2, 100);
  trip.by_card = random.chance(40, 100);
  trip.extends = random.chance(50, 100);
  return trip;
}

}  // namespace

Duration arrival_of(TripKind kind, double share) {
  const auto& hours = arrivals_by_hour[static_cast<size_t>(kind)];
  double left = 0;
  for (const int weight : hours) left += weight;
  left *= share;
  for (size_t hour = 0; hour < hours.size(); ++hour) {
    if (left < hours[hour]) return minutes(60 * (static_cast<double>(hour) + left / hours[hour]));
    left -= hours[hour];
  }
  return 23h;
}

Duration stay_of(TripKind kind, double share) {
  const Spread& spread = stays[static_cast<size_t>(kind)];
  const double sigma = std::log(spread.p90_h / spread.median_h) / normal_p90;
  return minutes(60 * spread.median_h * std::exp(sigma * normal_quantile(share)));
}

Duration left_early(double share) {
  size_t right = 1;
  while (right + 1 < early_knots.size() && early_knots[right].share < share) ++right;
  const Knot& a = early_knots[right - 1];
  const Knot& b = early_knots[right];
  return minutes(a.early_min + (b.early_min - a.early_min) * (share - a.share) / (b.share - a.share));
}

std::vector<Trip> plan_day(Prng& random, size_t trips) {
  std::vector<Trip> day;
  day.reserve(trips);
  for (size_t i = 0; i < trips; ++i) day.push_back(plan_trip(random));
  std::stable_sort(day.begin(), day.end(), [](const Trip& a, const Trip& b) { return a.arrival < b.arrival; });
  return day;
}

}  // namespace bayward::town

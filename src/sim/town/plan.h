// A day's demand: who wants to park when, for how long and with how much energy, drawn from the figures that
// real charging has. Pure: the same seed gives the same day.
#pragma once

#include <cstdint>
#include <vector>

#include "base/prng.h"
#include "base/time.h"

namespace bayward::town {

enum class TripKind : uint8_t { workplace, home, kerbside };
inline constexpr size_t trip_kinds = 3;

struct Trip {
  TripKind kind = TripKind::workplace;
  Duration arrival{};     // since local midnight
  Duration stay{};        // how long the car really stands there
  Duration declared{};    // how long the driver says it will
  int64_t energy_wh = 0;  // 0: only parks
  Duration lead{};        // booked so long before; zero: a walk-up
  Duration lateness{};    // negative: comes early
  bool never_comes = false;
  bool cancels = false;
  bool wrong_bay = false;  // parks in a neighbour's bay first
  bool by_card = false;    // starts and stops at the charger, not with the app
  bool extends = false;    // asks for more time when it gets late
};

// Quantile functions: `share` in [0, 1).
Duration arrival_of(TripKind kind, double share);
Duration stay_of(TripKind kind, double share);
// Declared minus actual departure; negative: the driver stays longer than declared.
Duration left_early(double share);

// `trips` of them, by arrival.
std::vector<Trip> plan_day(Prng& random, size_t trips);

}  // namespace bayward::town

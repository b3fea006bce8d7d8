// A city for benches: sites with bays, chargers, a tariff, windows around the clock and drivers with money, made
// through the engine's own commands.
#pragma once

#include <functional>
#include <vector>

#include "base/prng.h"
#include "engine/engine.h"

namespace bayward::bench {

struct CityPlan {
  uint32_t bays = 100'000;
  uint32_t bays_per_site = 60;
  uint32_t drivers = 10'000;
  Instant start = from_unix_s(1'800'000'000);  // a Friday in January 2027
};

struct Driver {
  AccountId account;
  VehicleId vehicle;
};

struct City {
  std::vector<BayId> bays;
  std::vector<Driver> drivers;
  core::GeoPoint south_west{};
  int32_t extent_e6 = 0;  // a square of this many millionths of a degree
};

// Runs batches until everything submitted is durable in `journal`.
void pump(Engine& engine, Journal& journal, Instant now);

City build_city(Engine& engine, Journal& journal, const CityPlan& plan);

// A random two-hour booking somewhere in the next 30 days.
core::RequestBooking random_booking(const City& city, const CityPlan& plan, Prng& prng);

}  // namespace bayward::bench

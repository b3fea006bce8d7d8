// The sun over a place, a bay's small panel, and the battery that keeps its lamp, camera and radio alive. Pure values.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace bayward::physics {

struct Spot {
  double latitude_deg = 48.1;
  double longitude_deg = 11.6;
};

// Sine of the sun's elevation: below zero at night.
double sun_height(const Spot& spot, Instant at);

// What a flat panel gives, with clouds that come and go by the hour.
double panel_w(const Spot& spot, Instant at, double peak_w, uint64_t weather_seed);

struct BayStore {
  double capacity_wh = 60;
  double charged_wh = 55;
  double charge_max_w = 15;

  double share() const { return charged_wh / capacity_wh; }
};

struct StoreFlow {
  double battery_w = 0;  // into the battery; negative: out of it
  bool fed = true;       // the load got what it needed
};

// The load lives by mains if there is one, else by sun and battery; what the sun gives beyond it is stored.
StoreFlow feed(BayStore& store, double solar_w, double load_w, bool mains, Duration length);

}  // namespace bayward::physics

// A garage as a plan: levels, lanes with their junctions, bays along them, lamps, cameras and the entrance. Made from a
// file of ours (garage_file.h) or from a surveyed lot (lot_file.h). Metres: east and north of the site's origin.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace bayward::town {

struct PlanPoint {
  double east_m = 0;
  double north_m = 0;
};

// Where lanes meet or bend; a lamp stands at some of them.
struct Junction {
  std::string name;
  size_t level = 0;
  PlanPoint at;
  std::string lamp;  // its name; empty: none
};

// Between two junctions, for both directions. On one level, or a ramp.
struct Lane {
  size_t from = 0;
  size_t to = 0;
  double metres = 0;
};

struct GarageBay {
  std::string label;  // as painted
  size_t level = 0;
  PlanPoint at;  // its middle
  size_t lane = 0;
  PlanPoint door;          // where one leaves the lane for it
  double door_metres = 0;  // from the lane's beginning
};

struct GarageCamera {
  std::string name;
  size_t junction = 0;
};

struct Garage {
  std::string name;
  std::vector<std::string> levels;  // the entrance's first
  std::vector<Junction> junctions;
  std::vector<Lane> lanes;
  std::vector<GarageBay> bays;
  std::vector<GarageCamera> cameras;
  size_t entrance = 0;  // a junction

  const GarageBay* find_bay(std::string_view label) const;
};

// For the makers of garages: each says what is wrong.
// Puts the bay at the nearest lane of its level.
Status add_bay(Garage& garage, std::string label, size_t level, PlanPoint at);
void add_lane(Garage& garage, size_t from, size_t to);
// Bounds of base/limits.h, no label twice, every bay can be reached from the entrance.
Status check_garage(const Garage& garage);

// The way from the entrance to a bay: the junctions passed, in order, then the bay's door and its middle.
struct Route {
  std::vector<size_t> junctions;
  struct Leg {
    PlanPoint to;
    size_t level = 0;
    double metres = 0;  // from the start of the route to here
  };
  std::vector<Leg> legs;  // the first is the entrance, at 0
  double metres() const { return legs.back().metres; }
};
std::optional<Route> route_to(const Garage& garage, const GarageBay& bay);

// A car on its way: it pulls away, keeps walking pace, slows down and stops; continuous in place and speed.
struct Drive {
  double speed_max_m_s = 2.8;  // 10 km/h
  double accelerates_m_s2 = 1.2;
};
struct CarPlace {
  PlanPoint at;
  size_t level = 0;
  double heading_deg = 0;  // 0 north, 90 east
  double metres = 0;       // driven
};
Duration driving_time(const Route& route, const Drive& drive);
// Before 0: at the entrance; after the end: in the bay.
CarPlace place_after(const Route& route, const Drive& drive, Duration since_entrance);

}  // namespace bayward::town

#include "sim/town/garages/garage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/limits.h"

namespace bayward::town {
namespace {

double distance(PlanPoint a, PlanPoint b) {
  return std::hypot(b.east_m - a.east_m, b.north_m - a.north_m);
}

PlanPoint between(PlanPoint a, PlanPoint b, double share) {
  return {a.east_m + (b.east_m - a.east_m) * share, a.north_m + (b.north_m - a.north_m) * share};
}

// The share of the way from a to b where one is nearest to p.
double nearest_share(PlanPoint a, PlanPoint b, PlanPoint p) {
  const double east = b.east_m - a.east_m;
  const double north = b.north_m - a.north_m;
  const double squared = east * east + north * north;
  if (squared == 0) return 0;
  return std::clamp(((p.east_m - a.east_m) * east + (p.north_m - a.north_m) * north) / squared, 0.0, 1.0);
}

struct Tree {
  std::vector<double> metres;
  std::vector<size_t> before;  // on the way from the entrance
};

// Dijkstra over a few dozen junctions: the plain form.
Tree ways_from_entrance(const Garage& garage) {
  constexpr double far = std::numeric_limits<double>::infinity();
  Tree tree{std::vector<double>(garage.junctions.size(), far), std::vector<size_t>(garage.junctions.size())};
  std::vector<bool> done(garage.junctions.size());
  tree.metres[garage.entrance] = 0;
  for (;;) {
    size_t here = garage.junctions.size();
    for (size_t i = 0; i < garage.junctions.size(); ++i) {
      if (!done[i] && tree.metres[i] < far && (here == garage.junctions.size() || tree.metres[i] < tree.metres[here]))
        here = i;
    }
    if (here == garage.junctions.size()) return tree;
    done[here] = true;
    for (const Lane& lane : garage.lanes) {
      if (lane.from != here && lane.to != here) continue;
      const size_t there = lane.from == here ? lane.to : lane.from;
      if (tree.metres[here] + lane.metres >= tree.metres[there]) continue;
      tree.metres[there] = tree.metres[here] + lane.metres;
      tree.before[there] = here;
    }
  }
}

// Metres driven so long after pulling away, over a way of `total`: up, along, down.
double metres_after(double total, const Drive& drive, double seconds) {
  const double ramp_s =
      std::min(drive.speed_max_m_s / drive.accelerates_m_s2, std::sqrt(total / drive.accelerates_m_s2));
  const double speed = ramp_s * drive.accelerates_m_s2;
  const double ramp_m = speed * ramp_s / 2;
  const double along_s = speed > 0 ? (total - 2 * ramp_m) / speed : 0;
  if (seconds <= 0) return 0;
  if (seconds < ramp_s) return drive.accelerates_m_s2 * seconds * seconds / 2;
  if (seconds < ramp_s + along_s) return ramp_m + speed * (seconds - ramp_s);
  const double left_s = 2 * ramp_s + along_s - seconds;
  return left_s <= 0 ? total : total - drive.accelerates_m_s2 * left_s * left_s / 2;
}

}  // namespace

const GarageBay* Garage::find_bay(std::string_view label) const {
  const auto found = std::find_if(bays.begin(), bays.end(), [&](const GarageBay& bay) { return bay.label == label; });
  return found == bays.end() ? nullptr : &*found;
}

void add_lane(Garage& garage, size_t from, size_t to) {
  garage.lanes.push_back({from, to, distance(garage.junctions.at(from).at, garage.junctions.at(to).at)});
}

Status add_bay(Garage& garage, std::string label, size_t level, PlanPoint at) {
  if (garage.bays.size() >= limits::bays_per_site) return fail("more bays than a site may have");
  GarageBay bay{std::move(label), level, at, garage.lanes.size(), {}, 0};
  double best = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < garage.lanes.size(); ++i) {
    const Lane& lane = garage.lanes[i];
    const Junction& from = garage.junctions[lane.from];
    const Junction& to = garage.junctions[lane.to];
    if (from.level != level || to.level != level) continue;
    const double share = nearest_share(from.at, to.at, at);
    const PlanPoint door = between(from.at, to.at, share);
    if (distance(door, at) >= best) continue;
    best = distance(door, at);
    bay.lane = i;
    bay.door = door;
    bay.door_metres = share * lane.metres;
  }
  if (bay.lane == garage.lanes.size()) return fail("bay " + bay.label + ": no lane on its level");
  garage.bays.push_back(std::move(bay));
  return Done{};
}

Status check_garage(const Garage& garage) {
  if (garage.junctions.empty() || garage.entrance >= garage.junctions.size()) return fail("no entrance");
  if (garage.junctions.size() > limits::garage_junctions || garage.lanes.size() > limits::garage_junctions * 4)
    return fail("more than " + std::to_string(limits::garage_junctions) + " junctions, or lanes between them");
  std::set<std::string_view> names;
  const Tree tree = ways_from_entrance(garage);
  for (const GarageBay& bay : garage.bays) {
    if (!names.insert(bay.label).second) return fail("bay " + bay.label + " is there twice");
    if (std::isinf(tree.metres[garage.lanes[bay.lane].from]))
      return fail("bay " + bay.label + " cannot be reached from the entrance: a lane is missing");
  }
  return Done{};
}

std::optional<Route> route_to(const Garage& garage, const GarageBay& bay) {
  const Tree tree = ways_from_entrance(garage);
  const Lane& lane = garage.lanes.at(bay.lane);
  const double by_from = tree.metres[lane.from] + bay.door_metres;
  const double by_to = tree.metres[lane.to] + lane.metres - bay.door_metres;
  if (std::isinf(std::min(by_from, by_to))) return std::nullopt;
  Route route;
  for (size_t here = by_from <= by_to ? lane.from : lane.to;; here = tree.before[here]) {
    route.junctions.push_back(here);
    if (here == garage.entrance) break;
  }
  std::reverse(route.junctions.begin(), route.junctions.end());
  const auto add = [&route](PlanPoint to, size_t level) {
    const double before = route.legs.empty() ? 0 : route.legs.back().metres;
    const double more = route.legs.empty() ? 0 : distance(route.legs.back().to, to);
    route.legs.push_back({to, level, before + more});
  };
  for (const size_t junction : route.junctions) add(garage.junctions[junction].at, garage.junctions[junction].level);
  add(bay.door, bay.level);
  add(bay.at, bay.level);
  return route;
}

Duration driving_time(const Route& route, const Drive& drive) {
  const double ramp_s =
      std::min(drive.speed_max_m_s / drive.accelerates_m_s2, std::sqrt(route.metres() / drive.accelerates_m_s2));
  const double speed = ramp_s * drive.accelerates_m_s2;
  const double along_s = speed > 0 ? (route.metres() - speed * ramp_s) / speed : 0;
  return Duration{static_cast<int64_t>(std::ceil(1000 * (2 * ramp_s + along_s)))};
}

CarPlace place_after(const Route& route, const Drive& drive, Duration since_entrance) {
  const double metres = metres_after(route.metres(), drive, static_cast<double>(since_entrance.count()) / 1000);
  size_t next = 1;
  while (next + 1 < route.legs.size() && route.legs[next].metres < metres) ++next;
  const Route::Leg& a = route.legs[next - 1];
  const Route::Leg& b = route.legs[next];
  const double length = b.metres - a.metres;
  const double share = length > 0 ? std::clamp((metres - a.metres) / length, 0.0, 1.0) : 1;
  const double turn = std::atan2(b.to.east_m - a.to.east_m, b.to.north_m - a.to.north_m) * 180 / 3.141592653589793;
  return {between(a.to, b.to, share), share < 0.5 ? a.level : b.level, turn < 0 ? turn + 360 : turn, metres};
}

}  // namespace bayward::town

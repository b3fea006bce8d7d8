#include "sim/town/garages/lot_file.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/limits.h"
#include "ocpp/rpc/json.h"

namespace bayward::town {
namespace {

using ocpp::Json;

struct Area {
  std::string id;
  int64_t rows = 0;
  int64_t columns = 0;
  double west = 0, south = 0, east = 0, north = 0;
};

std::optional<double> metres(const Json& json) {
  const auto mm = json.as_number() ? json.as_number()->scaled(3) : std::nullopt;
  if (!mm || *mm < 0 || *mm > 10'000'000) return std::nullopt;
  return static_cast<double>(*mm) / 1000;
}

std::optional<std::vector<PlanPoint>> points(const Json* json) {
  if (!json || !json->as_array()) return std::nullopt;
  std::vector<PlanPoint> out;
  for (const Json& pair : *json->as_array()) {
    if (!pair.as_array() || pair.as_array()->size() != 2) return std::nullopt;
    const auto east = metres((*pair.as_array())[0]);
    const auto north = metres((*pair.as_array())[1]);
    if (!east || !north) return std::nullopt;
    out.push_back({*east, *north});
  }
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<int64_t> whole(const Json* json) {
  return json && json->as_number() ? json->as_number()->scaled(0) : std::nullopt;
}

Result<Area> read_area(const Json& json) {
  Area area;
  if (const Json* id = json.find("id"); id && id->as_text()) area.id = *id->as_text();
  const auto rows = whole(json.find("rows"));
  const auto columns = whole(json.find("cols"));
  const auto corners = points(json.find("bounds"));
  if (area.id.empty() || !rows || *rows < 1 || *rows > 2 || !columns || *columns < 1 || *columns > 1000 || !corners)
    return fail("areas: each has an id, rows 1 or 2, cols, and bounds as corners in metres");
  area.rows = *rows;
  area.columns = *columns;
  const auto by_east = [](PlanPoint a, PlanPoint b) { return a.east_m < b.east_m; };
  const auto by_north = [](PlanPoint a, PlanPoint b) { return a.north_m < b.north_m; };
  area.west = std::min_element(corners->begin(), corners->end(), by_east)->east_m;
  area.east = std::max_element(corners->begin(), corners->end(), by_east)->east_m;
  area.south = std::min_element(corners->begin(), corners->end(), by_north)->north_m;
  area.north = std::max_element(corners->begin(), corners->end(), by_north)->north_m;
  return area;
}

// The middles of the strips that no interval covers.
std::vector<double> strips(std::vector<std::pair<double, double>> covered) {
  std::sort(covered.begin(), covered.end());
  std::vector<double> out;
  double until = covered.front().second;
  for (const auto& [begin, end] : covered) {
    if (begin > until) out.push_back((begin + until) / 2);
    until = std::max(until, end);
  }
  return out;
}

// A lattice of aisles (west to east) and cross lanes; the entrance's line is joined to the nearest aisle.
void lay_lanes(Garage& garage, const std::vector<Area>& areas, const std::vector<PlanPoint>& entrance) {
  std::vector<std::pair<double, double>> by_north;
  std::vector<std::pair<double, double>> by_east;
  double west = areas.front().west;
  double east = areas.front().east;
  for (const Area& area : areas) {
    by_north.emplace_back(area.south, area.north);
    if (area.rows == 2) by_east.emplace_back(area.west, area.east);
    west = std::min(west, area.west);
    east = std::max(east, area.east);
  }
  const std::vector<double> aisles = strips(by_north);
  std::set<double> crossings{west, east};
  if (!by_east.empty()) {
    for (const double cross : strips(by_east)) crossings.insert(cross);
  }
  const PlanPoint way_in = entrance.back();
  const auto nearest = std::min_element(aisles.begin(), aisles.end(), [&](double a, double b) {
    return std::abs(a - way_in.north_m) < std::abs(b - way_in.north_m);
  });
  for (const PlanPoint& at : entrance) {
    garage.junctions.push_back({"entrance " + std::to_string(garage.junctions.size() + 1), 0, at, ""});
    if (garage.junctions.size() > 1) add_lane(garage, garage.junctions.size() - 2, garage.junctions.size() - 1);
  }
  const size_t way_in_at = garage.junctions.size() - 1;
  std::vector<size_t> above;
  for (auto aisle = aisles.begin(); aisle != aisles.end(); ++aisle) {
    std::set<double> stops = crossings;
    if (aisle == nearest) stops.insert(way_in.east_m);
    std::vector<size_t> here;
    size_t before = 0;
    for (const double stop : stops) {
      const size_t at = garage.junctions.size();
      const std::string name = std::to_string(aisle - aisles.begin() + 1) + "/" + std::to_string(here.size() + 1);
      garage.junctions.push_back({name, 0, {stop, *aisle}, "lamp-" + name});
      if (stop != *stops.begin()) add_lane(garage, before, at);
      if (aisle == nearest && stop == way_in.east_m) add_lane(garage, way_in_at, at);
      if (crossings.contains(stop)) here.push_back(at);
      before = at;
    }
    for (size_t i = 0; i < above.size(); ++i) add_lane(garage, above[i], here[i]);
    above = here;
  }
}

Status paint_bays(Garage& garage, const Area& area) {
  const double wide = (area.east - area.west) / static_cast<double>(area.columns);
  const double deep = (area.north - area.south) / static_cast<double>(area.rows);
  for (int64_t row = 0; row < area.rows; ++row) {
    for (int64_t column = 0; column < area.columns; ++column) {
      const PlanPoint at{area.west + wide * (static_cast<double>(column) + 0.5),
                         area.north - deep * (static_cast<double>(row) + 0.5)};
      std::string label = area.id + std::to_string(row * area.columns + column + 1);
      if (Status added = add_bay(garage, std::move(label), 0, at); !added) return added;
    }
  }
  return Done{};
}

}  // namespace

Result<Garage> read_lot(std::string_view text) {
  const auto json = ocpp::parse_json(text);
  if (!json) return fail("the lot is no JSON: " + json.error().message);
  const Json* list = json->find("areas");
  const auto entrance = points(json->find("entrance"));
  if (!list || !list->as_array() || list->as_array()->empty() || list->as_array()->size() > limits::garage_areas)
    return fail("the lot has no \"areas\", or more than " + std::to_string(limits::garage_areas));
  if (!entrance || entrance->size() > limits::garage_areas) return fail("the lot's \"entrance\" is a line of points");
  std::vector<Area> areas;
  for (const Json& item : *list->as_array()) {
    auto area = read_area(item);
    if (!area) return Failure{area.error()};
    areas.push_back(*std::move(area));
  }
  Garage garage;
  garage.name = "lot";
  garage.levels = {"0"};
  if (strips([&] {
        std::vector<std::pair<double, double>> all;
        all.reserve(areas.size());
        for (const Area& area : areas) all.emplace_back(area.south, area.north);
        return all;
      }())
          .empty())
    return fail("the lot has no strip between its rows where a lane could be");
  lay_lanes(garage, areas, *entrance);
  for (const Area& area : areas) {
    if (const Status painted = paint_bays(garage, area); !painted) return Failure{painted.error()};
  }
  if (const Status good = check_garage(garage); !good) return Failure{good.error()};
  return garage;
}

}  // namespace bayward::town

#include "sim/town/garages/garage_file.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "ocpp/rpc/json.h"
#include "sim/town/garages/two_floors_text.h"

namespace bayward::town {
namespace {

using ocpp::Json;

constexpr size_t floor_bays = 30;  // of the garage that comes with the program
constexpr double metres_max = 10'000;

const Json::Array& items(const Json& json, std::string_view name) {
  static const Json::Array none;
  const Json* found = json.find(name);
  return found && found->as_array() ? *found->as_array() : none;
}

std::string word(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  return found && found->as_text() ? *found->as_text() : std::string();
}

std::optional<int64_t> whole(const Json& json, std::string_view name) {
  const Json* found = json.find(name);
  return found && found->as_number() ? found->as_number()->scaled(0) : std::nullopt;
}

std::optional<PlanPoint> point(const Json& json, std::string_view name) {
  const Json::Array& pair = items(json, name);
  if (pair.size() != 2) return std::nullopt;
  PlanPoint out;
  double* const into[] = {&out.east_m, &out.north_m};
  for (size_t i = 0; i < 2; ++i) {
    const auto mm = pair[i].as_number() ? pair[i].as_number()->scaled(3) : std::nullopt;
    if (!mm || std::abs(static_cast<double>(*mm)) > metres_max * 1000) return std::nullopt;
    *into[i] = static_cast<double>(*mm) / 1000;
  }
  return out;
}

class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  Result<Garage> read() {
    garage_.name = word(json_, "name");
    Status done = read_levels();
    if (done) done = read_junctions();
    if (done) done = read_lanes();
    if (done) done = read_rows();
    if (done) done = read_cameras();
    if (done) done = find_junction(word(json_, "entrance"), "entrance", &garage_.entrance);
    if (done) done = check_garage(garage_);
    if (!done) return Failure{done.error()};
    return std::move(garage_);
  }

 private:
  Status find_junction(const std::string& name, const char* where, size_t* found) const {
    const auto at = junctions_.find(name);
    if (at == junctions_.end()) return fail(std::string(where) + ": there is no junction \"" + name + "\"");
    *found = at->second;
    return Done{};
  }

  Status find_level(const Json& json, size_t* found) const {
    const std::string name = word(json, "level");
    const auto at = std::find(garage_.levels.begin(), garage_.levels.end(), name);
    if (at == garage_.levels.end()) return fail("there is no level \"" + name + "\" in \"levels\"");
    *found = static_cast<size_t>(at - garage_.levels.begin());
    return Done{};
  }

  Status read_levels() {
    for (const Json& level : items(json_, "levels")) {
      if (!level.as_text()) return fail("levels: texts are expected");
      garage_.levels.push_back(*level.as_text());
    }
    return garage_.levels.empty() ? Status(fail("\"levels\" is missing or empty")) : Status(Done{});
  }

  Status read_junctions() {
    for (const Json& item : items(json_, "junctions")) {
      Junction junction{word(item, "name"), 0, {}, word(item, "lamp")};
      if (garage_.junctions.size() >= limits::garage_junctions) return fail("too many junctions");
      if (Status level = find_level(item, &junction.level); !level) return level;
      const auto at = point(item, "at");
      if (!at) return fail("junction \"" + junction.name + "\": \"at\" is [east, north] in metres");
      junction.at = *at;
      if (!junctions_.emplace(junction.name, garage_.junctions.size()).second)
        return fail("junction \"" + junction.name + "\" is there twice");
      garage_.junctions.push_back(std::move(junction));
    }
    return Done{};
  }

  Status read_lanes() {
    for (const Json& pair : items(json_, "lanes")) {
      const Json::Array* ends = pair.as_array();
      if (!ends || ends->size() != 2 || !(*ends)[0].as_text() || !(*ends)[1].as_text())
        return fail("lanes: pairs of junctions' names are expected");
      size_t from = 0;
      size_t to = 0;
      if (Status found = find_junction(*(*ends)[0].as_text(), "lanes", &from); !found) return found;
      if (Status found = find_junction(*(*ends)[1].as_text(), "lanes", &to); !found) return found;
      if (garage_.lanes.size() >= limits::garage_junctions * 4) return fail("too many lanes");
      add_lane(garage_, from, to);
    }
    return Done{};
  }

  Status read_rows() {
    for (const Json& row : items(json_, "rows")) {
      const auto first = whole(row, "first");
      const auto count = whole(row, "count");
      const auto from = point(row, "from");
      const auto pace = point(row, "step");
      size_t level = 0;
      if (Status found = find_level(row, &level); !found) return found;
      if (!first || !count || !from || !pace || *first < 0 || *first > 9999 || *count < 1 ||
          *count > static_cast<int64_t>(limits::bays_per_site))
        return fail("rows: \"first\", \"count\", \"from\" and \"step\" are expected, as in garage_file.h");
      for (int64_t i = 0; i < *count; ++i) {
        std::string digits = std::to_string(*first + i);
        if (digits.size() < 2) digits.insert(0, "0");
        const auto steps = static_cast<double>(i);
        const PlanPoint at{from->east_m + pace->east_m * steps, from->north_m + pace->north_m * steps};
        if (Status added = add_bay(garage_, word(row, "prefix") + digits, level, at); !added) return added;
      }
    }
    return Done{};
  }

  Status read_cameras() {
    for (const Json& item : items(json_, "cameras")) {
      GarageCamera camera{word(item, "name"), 0};
      Status found = find_junction(word(item, "junction"), "cameras", &camera.junction);
      if (!found) return found;
      garage_.cameras.push_back(std::move(camera));
    }
    return Done{};
  }

  const Json& json_;
  Garage garage_;
  std::map<std::string, size_t> junctions_;
};

// A copy of the lowest floor below it, joined by a ramp between their south-east junctions.
void dig_floor(Garage& garage) {
  const size_t last = garage.levels.size() - 1;
  garage.levels.push_back(std::to_string(-static_cast<int64_t>(last) - 1));
  const char letter = static_cast<char>('A' + last + 1);
  std::map<size_t, size_t> copy_of;
  const size_t junctions = garage.junctions.size();
  const size_t lanes = garage.lanes.size();
  for (size_t i = 0; i < junctions; ++i) {
    Junction junction = garage.junctions[i];
    if (junction.level != last) continue;
    junction.level = last + 1;
    junction.name[0] = letter;
    if (!junction.lamp.empty()) junction.lamp[5] = letter;  // lamp-B1
    copy_of[i] = garage.junctions.size();
    garage.junctions.push_back(std::move(junction));
  }
  for (size_t i = 0; i < lanes; ++i) {
    const Lane lane = garage.lanes[i];
    if (copy_of.contains(lane.from) && copy_of.contains(lane.to))
      add_lane(garage, copy_of[lane.from], copy_of[lane.to]);
  }
  const auto [above, below] = *copy_of.rbegin();
  add_lane(garage, above, below);
  for (size_t i = garage.bays.size() - floor_bays, end = garage.bays.size(); i < end; ++i) {
    GarageBay bay = garage.bays[i];
    std::string label = bay.label;
    label[0] = letter;
    BAYWARD_CHECK(add_bay(garage, std::move(label), last + 1, bay.at).ok());
  }
}

}  // namespace

Result<Garage> read_garage(std::string_view text) {
  const auto json = ocpp::parse_json(text);
  if (!json) return fail("the garage is no JSON: " + json.error().message);
  return Reader(*json).read();
}

Garage two_floors(size_t bays) {
  Garage garage = *read_garage(two_floors_text);
  while (garage.bays.size() < bays) dig_floor(garage);
  const size_t floors = garage.bays.size() / floor_bays;
  std::vector<GarageBay> kept;
  for (size_t i = 0; i < garage.bays.size(); ++i) {
    const size_t floor = i / floor_bays;
    if (i % floor_bays < bays / floors + (floor < bays % floors ? 1 : 0)) kept.push_back(garage.bays[i]);
  }
  garage.bays = std::move(kept);
  return garage;
}

}  // namespace bayward::town

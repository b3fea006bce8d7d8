#include "sim/town/site/site_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>

#include "base/json_text.h"
#include "sim/picture/bay_picture.h"

namespace bayward::town {
namespace {

constexpr double metres_per_degree = 111'320;
constexpr double fence_margin_m = 80;

// A basic string of TOML is written as one of JSON.
std::string toml_text(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string fixed(double value, int digits) {
  std::array<char, 48> out{};
  std::snprintf(out.data(), out.size(), "%.*f", digits, value);
  return out.data();
}

class Writer {
 public:
  Writer(const Garage& garage, const SitePlan& plan) : garage_(garage), plan_(plan) {}

  std::string text() {
    head();
    for (const SiteBay& bay : plan_.bays) add_bay(bay);
    for (const SiteBay& bay : plan_.bays) add_camera(bay);
    for (size_t i = 0; i < garage_.junctions.size(); ++i) add_junction(i);
    for (const Lane& lane : garage_.lanes) add_lane(name_of(lane.from), name_of(lane.to), lane.metres);
    for (const SiteBay& bay : plan_.bays) add_way_to(bay);
    add_lamps();
    table("[[garage.pod]]");
    key("name", toml_text(town_pod));
    return std::move(out_);
  }

 private:
  void table(std::string_view name) { out_ += std::string(name) + "\n"; }
  void key(std::string_view name, const std::string& value) { out_ += std::string(name) + " = " + value + "\n"; }
  void secret(std::string_view name, const char* file) { key(name, toml_text((plan_.directory / file).string())); }
  std::string name_of(size_t junction) const { return node_name(garage_.junctions[junction]); }
  std::string door(const std::string& path) const {
    return toml_text("http://127.0.0.1:" + std::to_string(plan_.door_port) + path);
  }

  double latitude(double north_m) const { return plan_.latitude_e6 / 1e6 + north_m / metres_per_degree; }
  double longitude(double east_m) const {
    const double shrink = std::cos(plan_.latitude_e6 / 1e6 * std::numbers::pi / 180);
    return plan_.longitude_e6 / 1e6 + east_m / (metres_per_degree * shrink);
  }
  std::string corner(double east_m, double north_m) const {
    return "[" + fixed(latitude(north_m), 7) + ", " + fixed(longitude(east_m), 7) + "]";
  }

  void head() {
    table("[site]");
    key("data_directory", toml_text((plan_.directory / "site").string()));
    key("port", "0");
    table("[upstream]");
    key("url", toml_text("ws://127.0.0.1:" + std::to_string(plan_.platform_port) + "/ocpp"));
    key("retry_max_s", "1");
    key("answer_timeout_s", "10");
    table("[controller]");
    key("identity", toml_text(controller_identity));
    secret("password_file", "controller.password");
    table("[garage]");
    key("site", toml_text(plan_.site));
    key("name", toml_text(plan_.name));
    secret("key_file", "site.key");
    secret("field_token_file", "field.token");
    key("page_url", toml_text("http://127.0.0.1"));
    key("time_zone", toml_text("Europe/Berlin"));
    key("movers", "[" + toml_text(plan_.mover) + "]");
    std::string levels;  // lowest first; a garage of ours has the entrance's first
    for (size_t i = garage_.levels.size(); i-- > 0;) levels += toml_text(garage_.levels[i]) + (i > 0 ? ", " : "");
    key("levels", "[" + levels + "]");
    key("poles", "[" + toml_text(town_pole) + ", " + toml_text(other_pole) + "]");
    const double far = fence_margin_m;
    key("fence", "[" + corner(-far, -far) + ", " + corner(far * 2, -far) + ", " + corner(far * 2, far * 2) + ", " +
                     corner(-far, far * 2) + "]");
  }

  void add_bay(const SiteBay& bay) {
    const GarageBay* place = garage_.find_bay(bay.label);
    table("[[garage.bay]]");
    key("bay", toml_text(bay.bay));
    key("label", toml_text(bay.label));
    key("level", toml_text(garage_.levels[place->level]));
    key("latitude", fixed(latitude(place->at.north_m), 7));
    key("longitude", fixed(longitude(place->at.east_m), 7));
    key("station", toml_text(bay.station));
    key("evse", std::to_string(bay.evse));
    key("connector", toml_text("iec_62196_t2"));
    key("camera", toml_text(bay.label));
    key("view", view());
  }
  // Where the bay is in its camera's picture: the same for all.
  static std::string view() {
    std::string out;
    for (const auto& corner : picture::bay_view().corners) {
      out += (out.empty() ? "[" : ", [") + fixed(corner.x_e4 / 1e4, 4) + ", " + fixed(corner.y_e4 / 1e4, 4) + "]";
    }
    return "[" + out + "]";
  }
  void add_camera(const SiteBay& bay) {
    table("[[garage.camera]]");
    key("name", toml_text(bay.label));
    key("url", door("/cameras/" + bay.label + ".jpg"));
  }
  void add_node(const std::string& name, const char* kind, const PlanPoint& at, size_t level) {
    table("[[garage.node]]");
    key("name", toml_text(name));
    key("kind", toml_text(kind));
    key("east_m", fixed(at.east_m, 1));
    key("north_m", fixed(at.north_m, 1));
    key("level", toml_text(garage_.levels[level]));
  }
  void add_junction(size_t index) {
    const Junction& junction = garage_.junctions[index];
    const bool entrance = index == garage_.entrance;
    add_node(node_name(junction), entrance ? "entrance" : "junction", junction.at, junction.level);
    key("sensor", entrance ? "false" : "true");
    if (entrance) key("plate_camera", toml_text(entrance_camera));
  }
  void add_lane(const std::string& from, const std::string& to, double metres) {
    table("[[garage.lane]]");
    key("from", toml_text(from));
    key("to", toml_text(to));
    key("length_m", fixed(metres, 1));
  }
  // A bay's door is on a lane, so it is reached from both ends; through it nobody drives, that way is never shorter.
  void add_way_to(const SiteBay& bay) {
    const GarageBay* place = garage_.find_bay(bay.label);
    const Lane& lane = garage_.lanes[place->lane];
    const double in = std::hypot(place->at.east_m - place->door.east_m, place->at.north_m - place->door.north_m);
    add_node(bay.label, "bay", place->at, place->level);
    key("bay", toml_text(bay.bay));
    add_lane(name_of(lane.from), bay.label, std::max(0.1, place->door_metres + in));
    add_lane(name_of(lane.to), bay.label, std::max(0.1, lane.metres - place->door_metres + in));
  }
  void add_lamps() {
    table("[garage.sms]");
    key("url", door("/cgi-bin/sendsms"));
    key("user", toml_text("site"));
    table("[garage.modbus]");
    key("host", toml_text("127.0.0.1"));
    key("port", std::to_string(plan_.lamps_port));
    for (size_t i = 0; i < plan_.lamps.size(); ++i) {
      table("[[garage.modbus.lamp]]");
      key("name", toml_text(plan_.lamps[i]));
      key("register", std::to_string(i));
    }
  }

  const Garage& garage_;
  const SitePlan& plan_;
  std::string out_;
};

Status write(const std::filesystem::path& file, const std::string& content) {
  std::ofstream out(file);
  out << content << "\n";
  out.close();
  return out ? Status(Done{}) : fail("cannot write " + file.string());
}

}  // namespace

std::string node_name(const Junction& junction) {
  std::string name = junction.lamp.empty() ? junction.name : junction.lamp;
  const auto may_stand = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !may_stand(c); }, '-');
  return name;
}

std::vector<std::string> lamps_of(const Garage& garage, const std::vector<SiteBay>& bays) {
  std::vector<std::string> out;
  for (const Junction& junction : garage.junctions) {
    if (!junction.lamp.empty()) out.push_back(junction.lamp);
  }
  for (const SiteBay& bay : bays) out.push_back("bay." + bay.bay);
  return out;
}

Result<std::filesystem::path> write_site_config(const Garage& garage, const SitePlan& plan,
                                                const SiteSecrets& secrets) {
  const std::filesystem::path file = plan.directory / "site.toml";
  for (const SiteBay& bay : plan.bays) {
    if (!garage.find_bay(bay.label)) return fail("bay " + bay.label + " is not in the garage's plan");
  }
  const std::array<std::pair<const char*, const std::string*>, 3> files = {
      {{"controller.password", &secrets.controller_password},
       {"site.key", &secrets.site_key},
       {"field.token", &secrets.field_token}}};
  for (const auto& [name, content] : files) {
    if (const Status written = write(plan.directory / name, *content); !written) return Failure{written.error()};
  }
  if (const Status written = write(file, Writer(garage, plan).text()); !written) return Failure{written.error()};
  return file;
}

}  // namespace bayward::town

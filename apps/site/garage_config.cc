#include "garage_config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "base/limits.h"
#include "net/time_zones.h"
#include "ports/normalise.h"
#include "site/access/atomic_file.h"

namespace bayward {
namespace {

// One table of the file. The first thing wrong is kept for all of them; an unknown key is wrong.
class Table {
 public:
  Table(const toml::table* table, std::string name, std::optional<std::string>& wrong)
      : table_(table), name_(std::move(name)), wrong_(wrong) {}
  ~Table() {
    if (table_ == nullptr || wrong_) return;
    for (const auto& [key, value] : *table_) {
      if (!known_.contains(std::string(key.str()))) say(std::string(key.str()), "unknown key");
    }
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  bool there() const { return table_ != nullptr; }
  bool has(const std::string& key) const { return table_ != nullptr && table_->contains(key); }

  template <class T>
  T get(const std::string& key, T otherwise) {
    known_.insert(key);
    if (!has(key)) return otherwise;
    if (const auto value = (*table_)[key].value_exact<T>()) return *value;
    say(key, "wrong type");
    return otherwise;
  }
  std::string text(const std::string& key, std::string otherwise = {}) {
    return get<std::string>(key, std::move(otherwise));
  }
  std::string needed(const std::string& key) {
    if (!has(key)) say(key, "is missing");
    return text(key);
  }
  int64_t number(const std::string& key, int64_t otherwise, int64_t low, int64_t high) {
    const auto value = get<int64_t>(key, otherwise);
    if (value < low || value > high) say(key, fmt::format("must be {} to {}", low, high));
    return std::clamp(value, low, high);
  }
  double real(const std::string& key, double otherwise, double low, double high) {
    known_.insert(key);
    if (!has(key)) return otherwise;
    const auto value = (*table_)[key].value<double>();
    if (!value || !(*value >= low && *value <= high))
      say(key, fmt::format("must be a number from {} to {}", low, high));
    return value ? std::clamp(*value, low, high) : otherwise;
  }
  std::vector<std::string> texts(const std::string& key) {
    known_.insert(key);
    std::vector<std::string> out;
    for (const toml::node& one : array(key)) {
      if (const auto value = one.value_exact<std::string>()) {
        out.push_back(*value);
      } else {
        say(key, "must be a list of texts");
      }
    }
    return out;
  }
  std::vector<double> reals(const toml::node& node, const std::string& key) {
    std::vector<double> out;
    if (!node.is_array()) say(key, "must be a list of numbers");
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& one : *list) {
        const auto value = one.value<double>();
        if (!value) say(key, "must be a list of numbers");
        out.push_back(value.value_or(0));
      }
    }
    return out;
  }
  const toml::array& array(const std::string& key) {
    static const toml::array none;
    known_.insert(key);
    if (!has(key)) return none;
    const toml::array* list = (*table_)[key].as_array();
    if (list == nullptr) say(key, "must be a list");
    return list == nullptr ? none : *list;
  }
  Table table(const std::string& key) {
    known_.insert(key);
    const toml::table* inner = has(key) ? (*table_)[key].as_table() : nullptr;
    if (has(key) && inner == nullptr) say(key, "must be a section");
    return {inner, name_ + '.' + key, wrong_};
  }
  // Calls `each` with every table of [[name.key]].
  template <class Each>
  void tables(const std::string& key, Each each) {
    size_t index = 0;
    for (const toml::node& one : array(key)) {
      const toml::table* inner = one.as_table();
      if (inner == nullptr) say(key, "must be a list of sections, [[...]]");
      Table entry(inner, fmt::format("{}.{}[{}]", name_, key, index++), wrong_);
      if (inner != nullptr) each(entry);
    }
  }
  // The content of the file that the key names, without the line end.
  std::string secret(const std::string& key, size_t bytes_min) {
    const std::string file = text(key);
    if (file.empty()) return {};
    const Result<std::string> content = site::read_file(file, 4096);
    if (!content.ok()) {
      say(key, content.error().message);
      return {};
    }
    std::string out = *content;
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
    if (out.size() < bytes_min) say(key, fmt::format("{} must have at least {} characters", file, bytes_min));
    return out;
  }
  WebAddress address(const std::string& key) {
    const Result<WebAddress> url = parse_web_address(needed(key));
    if (!url) say(key, url.error().message);
    return url ? *url : WebAddress{};
  }
  void say(const std::string& key, const std::string& what) {
    if (!wrong_) wrong_ = fmt::format("{}.{}: {}", name_, key, what);
  }

 private:
  const toml::table* table_;
  const std::string name_;
  std::optional<std::string>& wrong_;
  std::set<std::string> known_;
};

int32_t e7(double degrees) {
  return static_cast<int32_t>(std::lround(degrees * 1e7));
}

BayId bay_of(Table& in, const std::string& key) {
  const std::string text = in.needed(key);
  const auto bay = parse_id<BayId>(text);
  if (!bay && !text.empty()) in.say(key, "must be an id such as bay-100000001");
  return bay.value_or(BayId{});
}

void read_bay(Table& in, GarageConfig& out) {
  site::BayBoard::Entry entry;
  entry.state.bay = bay_of(in, "bay");
  entry.state.label = in.needed("label");
  entry.state.level = in.text("level");
  entry.state.latitude_e7 = e7(in.real("latitude", 0, -90, 90));
  entry.state.longitude_e7 = e7(in.real("longitude", 0, -180, 179.9999999));
  entry.state.connector = in.text("connector");
  entry.state.power_max_w = static_cast<int32_t>(in.number("power_max_w", 0, 0, 1'000'000));
  entry.station = in.text("station");
  entry.evse = static_cast<int>(in.number("evse", 1, 1, limits::connectors_per_station));
  const std::string camera = in.text("camera");
  const toml::array& corners = in.array("view");
  if (!camera.empty()) {
    site::BayCamera seen{.camera = camera};
    if (!corners.empty() && corners.size() != 4) in.say("view", "must be four corners [x, y]");
    for (size_t i = 0; i < std::min<size_t>(corners.size(), 4); ++i) {
      const std::vector<double> corner = in.reals(corners[i], "view");
      if (corner.size() != 2) {
        in.say("view", "must be four corners [x, y]");
        continue;
      }
      seen.view.corners[i] = {static_cast<int>(std::lround(std::clamp(corner[0], -1.0, 2.0) * 10000)),
                              static_cast<int>(std::lround(std::clamp(corner[1], -1.0, 2.0) * 10000))};
    }
    const Status good = site::check_view(seen.view);
    if (!good) in.say("view", good.error().message);
    out.setup.cameras[entry.state.bay] = seen;
  }
  out.bays.push_back(std::move(entry));
}

void read_plan(Table& garage, GarageConfig& out) {
  core::GaragePlan plan{.levels = garage.texts("levels")};
  garage.tables("node", [&](Table& in) {
    core::GarageNode node{.name = in.needed("name")};
    const std::string kind = in.text("kind", "junction");
    if (kind == "entrance") {
      node.kind = core::GarageNodeKind::entrance;
    } else if (kind == "bay") {
      node.kind = core::GarageNodeKind::bay;
      node.bay = bay_of(in, "bay");
    } else if (kind != "junction") {
      in.say("kind", "must be entrance, junction or bay");
    }
    node.east_dm = static_cast<int32_t>(std::lround(in.real("east_m", 0, -20'000, 20'000) * 10));
    node.north_dm = static_cast<int32_t>(std::lround(in.real("north_m", 0, -20'000, 20'000) * 10));
    node.level = in.needed("level");
    node.sensor = in.get<bool>("sensor", false);
    if (const std::string camera = in.text("plate_camera"); !camera.empty()) out.setup.entrances[camera] = node.name;
    plan.nodes.push_back(std::move(node));
  });
  garage.tables("lane", [&](Table& in) {
    plan.lanes.push_back({.from = in.needed("from"),
                          .to = in.needed("to"),
                          .one_way = in.get<bool>("one_way", false),
                          .length_dm = static_cast<int32_t>(std::lround(in.real("length_m", 0, 0, 10'000) * 10))});
  });
  out.setup.guide.speed_dm_per_s = static_cast<int32_t>(garage.number("speed_km_h", 10, 3, 50) * 10'000 / 3600);
  if (plan.nodes.empty()) return;
  Result<core::GarageGraph> graph = core::GarageGraph::build(plan);
  if (!graph) return garage.say("node", graph.error().message);
  out.setup.graph = std::move(*graph);
}

void read_lamps(Table& garage, GarageConfig& out) {
  Table modbus = garage.table("modbus");
  if (modbus.there()) {
    site::ModbusLampsConfig config;
    config.host = modbus.text("host");
    config.port = static_cast<uint16_t>(modbus.number("port", 502, 1, 65535));
    config.device = modbus.text("device");
    config.baud = static_cast<int>(modbus.number("baud", 19200, 1200, 115200));
    modbus.tables("lamp", [&](Table& in) {
      config.lamps[in.needed("name")] = {.unit = static_cast<int>(in.number("unit", 1, 1, 247)),
                                         .address = static_cast<uint16_t>(in.number("register", 0, 0, 65535))};
    });
    out.modbus = std::move(config);
  }
  Table mqtt = garage.table("mqtt");
  if (!mqtt.there()) return;
  site::MqttLampsConfig config;
  config.host = mqtt.needed("host");
  config.port = static_cast<uint16_t>(mqtt.number("port", 1883, 1, 65535));
  config.prefix = mqtt.text("prefix", "bayward");
  config.client_id = mqtt.text("client_id", "bayward-site");
  config.user = mqtt.text("user");
  config.password = mqtt.secret("password_file", 1);
  config.ca_file = mqtt.text("ca_file");
  config.lamps = mqtt.texts("lamps");
  out.mqtt = std::move(config);
}

void read_pods(Table& garage, GarageConfig& out) {
  out.setup.poles = garage.texts("poles");
  std::vector<core::GeoPoint> corners;
  for (const toml::node& node : garage.array("fence")) {
    const std::vector<double> corner = garage.reals(node, "fence");
    if (corner.size() != 2 || std::abs(corner[0]) > 90 || std::abs(corner[1]) > 180) {
      garage.say("fence", "must be corners [latitude, longitude]");
      continue;
    }
    corners.push_back(
        {static_cast<int32_t>(std::lround(corner[0] * 1e6)), static_cast<int32_t>(std::lround(corner[1] * 1e6))});
  }
  garage.tables("pod", [&](Table& in) {
    const std::string name = in.needed("name");
    if (!name.empty() && !site::valid_qr_name(name)) in.say("name", "must be 1 to 32 of a-z 0-9 -");
    out.setup.pods.push_back(name);
    const std::string network = in.text("network");
    const std::string psk_file = in.text("psk_file");
    const std::string control = in.text("control");
    if (!network.empty()) out.setup.wifi.networks[name] = network;
    if (psk_file.empty() != control.empty()) in.say("psk_file", "goes together with control");
    if (!psk_file.empty()) out.setup.access_points.push_back({name, psk_file, control});
  });
  if (out.setup.pods.size() > limits::pods_per_site || out.setup.poles.size() > limits::poles_per_site ||
      out.setup.access_points.size() > limits::wifi_access_points) {
    garage.say("pod", "there are too many");
  }
  if (out.setup.pods.empty()) return;
  Result<site::Geofence> fence = site::Geofence::create(std::move(corners));
  if (!fence) return garage.say("fence", fence.error().message);
  out.setup.fence = std::move(*fence);
}

std::vector<std::string> phones(Table& garage, const std::string& key) {
  std::vector<std::string> out;
  for (const std::string& text : garage.texts(key)) {
    const auto phone = normalise_phone(text);
    if (!phone) garage.say(key, "must be phone numbers with their country, +86...");
    out.push_back(phone.value_or(""));
  }
  return out;
}

void read_garage(Table& garage, GarageConfig& out, Instant now) {
  const std::string id = garage.needed("site");
  const auto site = parse_id<SiteId>(id);
  if (!site && !id.empty()) garage.say("site", "must be an id such as site-1");
  site::GarageSetup& setup = out.setup;
  setup.lan.site = setup.wifi.site = site.value_or(SiteId{});
  setup.lan.site_name = garage.text("name", "Bayward");
  setup.lan.site_key = setup.wifi.site_key = garage.secret("key_file", 32);
  if (setup.lan.site_key.empty()) garage.say("key_file", "is missing: a file with at least 32 random characters");
  setup.lan.cloud_url = garage.text("cloud_url");
  out.page_url = garage.text("page_url");
  setup.wifi.portal_url = garage.text("portal_url", out.page_url);
  setup.field_token = garage.secret("field_token_file", 16);
  setup.radius_users = garage.text("radius_users");
  setup.look.camera_limit = std::chrono::milliseconds(garage.number("camera_limit_ms", 3000, 200, 30'000));
  const std::string zone = garage.text("time_zone", "UTC");
  const Result<ZoneRules> rules =
      net::load_zone(zone, now - std::chrono::hours{24}, now + std::chrono::hours{24 * 365 * 5});
  if (!rules) {
    garage.say("time_zone", rules.error().message);
  } else {
    setup.wifi.zone = *rules;
  }
  out.movers = phones(garage, "movers");
  out.staff = phones(garage, "staff");
  garage.tables("bay", [&](Table& in) { read_bay(in, out); });
  garage.tables("camera", [&](Table& in) {
    out.cameras[in.needed("name")] = {
        .snapshot = in.address("url"), .user = in.text("user"), .password = in.secret("password_file", 1)};
  });
  Table sms = garage.table("sms");
  if (sms.there()) {
    out.sms = {.address = sms.address("url"), .user = sms.text("user"), .password = sms.secret("password_file", 1)};
  }
  read_plan(garage, out);
  read_lamps(garage, out);
  read_pods(garage, out);
  for (const auto& [bay, camera] : setup.cameras) {
    if (!out.cameras.contains(camera.camera))
      garage.say("bay", "camera '" + camera.camera + "' is not in [[garage.camera]]");
  }
}

}  // namespace

Result<WebAddress> parse_web_address(std::string_view url) {
  WebAddress out;
  const std::string whole(url);
  out.tls = url.starts_with("https://");
  if (!out.tls && !url.starts_with("http://")) return fail("'" + whole + "' must begin with http:// or https://");
  url.remove_prefix(out.tls ? 8 : 7);
  const size_t slash = url.find('/');
  std::string_view authority = url.substr(0, slash);
  out.target = slash == std::string_view::npos ? "/" : std::string(url.substr(slash));
  out.port = out.tls ? 443 : 80;
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view port = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc{} || end != port.data() + port.size() || out.port == 0)
      return fail("'" + whole + "' has no valid port");
    authority = authority.substr(0, colon);
  }
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']') {
    authority = authority.substr(1, authority.size() - 2);
  }
  if (authority.empty() || authority.find_first_of("@ []") != std::string_view::npos) {
    return fail("'" + whole + "' has no valid host");
  }
  out.host = authority;
  return out;
}

Result<std::optional<GarageConfig>> read_garage_config(const std::filesystem::path& file, Instant now) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}: line {}: {}", file.string(), error.source().begin.line, error.description()));
  }
  if (!root.contains("garage")) return std::optional<GarageConfig>();
  const toml::table* section = root["garage"].as_table();
  if (section == nullptr) return fail(file.string() + ": garage: must be a section, [garage]");
  std::optional<std::string> wrong;
  GarageConfig out;
  {
    Table garage(section, "garage", wrong);
    read_garage(garage, out, now);
  }
  if (wrong) return fail(file.string() + ": " + *wrong);
  return std::optional<GarageConfig>(std::move(out));
}

}  // namespace bayward

#include "sim/town/site/site_side.h"

#include <cmath>

#include "site/lan/qr_code.h"

namespace bayward::town {
namespace {

constexpr Duration handed_over_within{20s};  // of the machine
constexpr Duration sms_within{10s};          // the same
constexpr int64_t camera_is_sure = 96;
constexpr size_t code_digits = 6;

// When a car has driven so far.
Duration passes_after(const Route& route, const Drive& drive, double metres) {
  Duration low{0};
  Duration high = driving_time(route, drive);
  while (high - low > 10ms) {
    const Duration middle = low + (high - low) / 2;
    (place_after(route, drive, middle).metres < metres ? low : high) = middle;
  }
  return high;
}

}  // namespace

SiteSide::SiteSide(net::IoContext& io, TownTime& time, Street& street, const Garage& garage, FieldDoor::Look look)
    : io_(io), time_(time), street_(street), garage_(garage), look_(std::move(look)) {}

Result<std::filesystem::path> SiteSide::prepare(const std::filesystem::path& directory, uint16_t platform_port,
                                                Community& community) {
  SitePlan plan;
  plan.directory = directory;
  plan.platform_port = platform_port;
  plan.site = site_ = community.site();
  plan.name = garage_.name;
  plan.mover = mover_ = community.property().phone;
  plan.latitude_e6 = Community::latitude_e6;
  plan.longitude_e6 = Community::longitude_e6;
  for (const Place& place : street_.places()) plan.bays.push_back({place.bay, place.label, place.station, place.evse});
  plan.lamps = lamps_of(garage_, plan.bays);
  auto lamps = TownLamps::start(io_, plan.lamps);
  if (!lamps) return Failure{lamps.error()};
  auto door = FieldDoor::open(io_, look_);
  if (!door) return Failure{door.error()};
  lamps_ = *std::move(lamps);
  door_ = *std::move(door);
  plan.lamps_port = lamps_->port();
  plan.door_port = door_->port();
  secrets_ = {community.controller_password(), new_password() + new_password() + new_password(),
              new_password() + new_password()};
  return write_site_config(garage_, plan, secrets_);
}

void SiteSide::connect(uint16_t site_port) {
  port_ = site_port;
  field_ = std::make_unique<ApiClient>(io_, "127.0.0.1", site_port, counters_);
  field_->use_token(secrets_.field_token);
}

Task<std::string> SiteSide::wait_until_in_charge() {
  const Instant limit = time_.now() + time_.in_real_time(handed_over_within);
  while (time_.now() < limit) {
    const ApiAnswer health = co_await field_->call(HttpMethod::get, "/health", std::nullopt);
    const Json& controller = member(health.body, "controller");
    const auto slots_until = instant_of(controller, "slots_until");
    const bool* connected = member(controller, "connected").as_boolean();
    if (connected && *connected && slots_until && *slots_until > time_.now()) co_return std::string();
    co_await pause(time_, time_.in_real_time(100ms));
  }
  co_return std::string("the platform has not handed its slots to bayward-site");
}

Task<std::string> SiteSide::car_comes(std::string plate, std::string label) {
  ++gate_.cars;
  const Instant began = time_.now();
  const ApiAnswer read = co_await field_says(
      "/plates",
      object({{"camera", text(entrance_camera)}, {"plate", text(plate)}, {"confidence", number(camera_is_sure)}}));
  const std::string result = read.ok() ? text_of(read.body, "result") : read.why();
  if (result == "guided") ++gate_.guided;
  if (result == "no_booking") ++gate_.no_booking;
  scope_.start(drive_past_sensors(std::move(label), began));
  co_return result;
}

Task<> SiteSide::drive_in(std::string plate, std::string label) {
  (void)co_await car_comes(std::move(plate), std::move(label));
}

Task<> SiteSide::drive_past_sensors(std::string label, Instant began) {
  const GarageBay* bay = garage_.find_bay(label);
  const auto route = bay ? route_to(garage_, *bay) : std::nullopt;
  if (!route) co_return;
  for (size_t i = 1; i < route->junctions.size(); ++i) {
    co_await until(time_, began + passes_after(*route, {}, route->legs[i].metres));
    (void)co_await field_says("/passed",
                              object({{"junction", text(node_name(garage_.junctions[route->junctions[i]]))}}));
  }
}

std::unique_ptr<LanGuest> SiteSide::new_guest() {
  return std::make_unique<LanGuest>(io_, port_, counters_);
}

Task<std::string> SiteSide::log_in(LanGuest& guest, std::string phone) {
  const auto since = std::chrono::steady_clock::now();
  const ApiAnswer session = co_await guest.post("/session", object({}));
  if (!session.ok()) co_return "no session on the local network: " + session.why();
  guest.client().use_token(text_of(session.body, "session"));
  const ApiAnswer asked = co_await guest.post("/phone", object({{"phone", text(phone)}}));
  if (!asked.ok()) co_return "no SMS code: " + asked.why();
  const Instant limit = time_.now() + time_.in_real_time(sms_within);
  FieldDoor& door = *door_;
  co_await door.arrived.until(
      time_, [&door, &phone, since] { return door.last_sms(phone, since) != nullptr; }, limit);
  const Sms* sms = door.last_sms(phone, since);
  const size_t colon = sms ? sms->text.find(": ") : std::string::npos;
  if (colon == std::string::npos) co_return std::string("the SMS with the code did not come");
  const std::string code = sms->text.substr(colon + 2, code_digits);
  const ApiAnswer proved = co_await guest.post("/phone/code", object({{"code", text(code)}}));
  co_return proved.ok() ? std::string() : "the code was not taken: " + proved.why();
}

std::string SiteSide::pod_code() const {
  return site::make_qr_code(secrets_.site_key, site::QrKind::pod, parse_id<SiteId>(site_).value_or(SiteId{}), town_pod);
}

std::vector<std::string> SiteSide::lamps_on_way(const std::string& label, const std::string& bay) const {
  std::vector<std::string> out;
  const GarageBay* there = garage_.find_bay(label);
  const auto route = there ? route_to(garage_, *there) : std::nullopt;
  if (!route) return out;
  for (const size_t junction : route->junctions) {
    if (!garage_.junctions[junction].lamp.empty()) out.push_back(garage_.junctions[junction].lamp);
  }
  out.push_back("bay." + bay);
  return out;
}

core::GeoPoint SiteSide::place(double east_m, double north_m) const {
  constexpr double e6_per_metre = 1e6 / 111'320;
  return {Community::latitude_e6 + static_cast<int32_t>(std::lround(north_m * e6_per_metre)),
          Community::longitude_e6 + static_cast<int32_t>(std::lround(east_m * e6_per_metre))};
}

}  // namespace bayward::town

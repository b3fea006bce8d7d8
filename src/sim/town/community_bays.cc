// What stands in the community's garage: of every six bays two are ours (the real agent, field.h), two have chargers of
// others, OCPP 1.6 and 2.0.1 in turn, and two a household socket, ten on one 2.0.1 controller with their sensors. The
// last six bays with chargers are the community's shared piles.
#include <algorithm>

#include "sim/town/community.h"

namespace bayward::town {
namespace {

constexpr int64_t socket_w = 2'300;
constexpr size_t sockets_per_controller = 10;
constexpr size_t shared_piles = 6;

enum class Kind : uint8_t { charger, socket, own };
Kind kind_of(size_t bay) {
  switch (bay % 6) {
    case 2:
    case 5:
      return Kind::own;
    case 1:
    case 4:
      return Kind::socket;
    default:
      return Kind::charger;
  }
}

}  // namespace

size_t Community::own_bays(const Garage& garage) {
  size_t own = 0;
  for (size_t bay = 0; bay < garage.bays.size(); ++bay) own += kind_of(bay) == Kind::own ? 1 : 0;
  return own;
}

Community::Owner* Community::next_owner() {
  const auto others = owners_.size() - 1;  // the first is the community
  return &*std::next(owners_.begin(), static_cast<std::ptrdiff_t>(1 + owners_turn_++ % others));
}

Task<bool> Community::build_bays() {
  std::vector<size_t> chargers;
  std::vector<size_t> sockets;
  std::vector<size_t> own;
  std::vector<size_t> powered;
  for (size_t bay = 0; bay < garage_.bays.size(); ++bay) {
    const Kind kind = kind_of(bay);
    (kind == Kind::own ? own : kind == Kind::socket ? sockets : chargers).push_back(bay);
    if (kind != Kind::socket) powered.push_back(bay);
  }
  const size_t piles_from = powered.size() > shared_piles ? powered[powered.size() - shared_piles] : 0;
  std::vector<bool> shared;
  shared.reserve(chargers.size());
  for (const size_t bay : chargers) shared.push_back(bay >= piles_from);
  if (!co_await build_chargers(chargers, shared) || !co_await build_sockets(sockets)) co_return false;
  for (const size_t bay : own) {
    if (!co_await build_own(bay, bay >= piles_from)) co_return false;
  }
  co_return true;
}

// One or two EVSEs a station.
Task<bool> Community::build_chargers(std::vector<size_t> bays, std::vector<bool> shared) {
  size_t post_number = 0;
  for (size_t made = 0; made < bays.size();) {
    const OcppVersion version = ++post_number % 2 == 0 ? OcppVersion::v201 : OcppVersion::v16;
    const size_t evses = std::min<size_t>(1 + (post_number / 2) % 2, bays.size() - made);
    const bool fast = post_number % 9 == 0;
    Post* post = nullptr;
    const std::vector<int64_t> power_w(evses, fast ? 50'000 : post_number % 3 == 0 ? 22'000 : 11'000);
    const std::string identity = "ANGER-" + std::to_string(100 + post_number);
    if (!co_await build_post(version, identity, power_w, &post)) co_return false;
    for (size_t i = 0; i < evses; ++i, ++made) {
      Stall stall;
      stall.bay = bays[made];
      stall.station = post->identity;
      stall.identity = identity;
      stall.evse = static_cast<int32_t>(i) + 1;
      stall.shared = shared[made];
      stall.owner = stall.shared ? &owners_.front() : next_owner();
      stall.side = Street::side_of(*post, stall.evse);
      if (!co_await build_bay(std::move(stall))) co_return false;
    }
  }
  co_return true;
}

Task<bool> Community::build_sockets(std::vector<size_t> bays) {
  for (size_t made = 0; made < bays.size();) {
    const size_t sockets = std::min(sockets_per_controller, bays.size() - made);
    Post* post = nullptr;
    const std::string identity = "ANGER-S" + std::to_string(1 + made / sockets_per_controller);
    if (!co_await build_post(OcppVersion::v201, identity, std::vector<int64_t>(sockets, socket_w), &post))
      co_return false;
    for (size_t i = 0; i < sockets; ++i, ++made) {
      Stall stall;
      stall.bay = bays[made];
      stall.station = post->identity;
      stall.identity = identity;
      stall.evse = static_cast<int32_t>(i) + 1;
      stall.owner = next_owner();
      stall.side = Street::side_of(*post, stall.evse);
      if (!co_await build_bay(std::move(stall))) co_return false;
    }
  }
  co_return true;
}

Task<bool> Community::build_own(size_t bay, bool shared) {
  const GarageBay& place = garage_.bays[bay];
  OwnBayConfig config;
  config.identity = "BAY-" + place.label;
  config.label = place.label;
  config.address = "Am Anger 1, level " + garage_.levels[place.level];
  config.rating_ma = bay % 4 == 1 ? 32'000 : 16'000;
  config.first_register_wh = static_cast<int64_t>(random_.below(9'000'000));
  config.seed = random_.next();
  Station station;
  if (!co_await build_station(config.identity, &station)) co_return false;
  const std::string identity = config.identity;
  auto own = field_.build(std::move(config), station.password, {place.level, place.at.east_m, place.at.north_m});
  if (!own) {
    trouble_ = own.error().message;
    co_return false;
  }
  Stall stall;
  stall.bay = bay;
  stall.station = station.id;
  stall.identity = identity;
  stall.shared = shared;
  stall.owner = shared ? &owners_.front() : next_owner();
  stall.side = *std::move(own);
  co_return co_await build_bay(std::move(stall));
}

Task<bool> Community::build_station(std::string identity, Station* station) {
  const ApiAnswer answer =
      co_await operator_->post("/sites/" + site_ + "/stations", object({{"identity", text(identity)}}));
  station->id = text_of(answer.body, "station");
  station->password = text_of(answer.body, "password");
  co_return check(answer, "station " + identity);
}

Task<bool> Community::build_post(OcppVersion version, std::string identity, std::vector<int64_t> power_w, Post** post) {
  Station station;
  if (!co_await build_station(identity, &station)) co_return false;
  ChargePointConfig config;
  config.identity = identity;
  config.evse_power_w = std::move(power_w);
  config.first_register_wh = static_cast<int64_t>(random_.below(9'000'000));
  *post = &street_.add_post(version, std::move(config), station.password);
  (*post)->identity = station.id;
  co_return true;
}

Task<bool> Community::build_bay(Stall stall) {
  const GarageBay& where = garage_.bays[stall.bay];
  Place place;
  place.label = where.label;
  place.station = stall.identity;
  place.evse = stall.evse;
  if (const auto route = route_to(garage_, where)) place.way_in = driving_time(*route, {});
  const Json charger = object({{"station", text(stall.station)},
                               {"evse", number(stall.evse)},
                               {"connector", text("iec_62196_t2")},
                               {"power_max_w", number(stall.side->power_max_w())}});
  const ApiAnswer answer = co_await operator_->post("/sites/" + site_ + "/bays",
                                                    object({{"label", text(place.label)},
                                                            {"owner", text(stall.owner->account)},
                                                            {"shared_pile", boolean(stall.shared)},
                                                            {"group", text(stall.shared ? "piles" : "")},
                                                            {"level", text(garage_.levels[where.level])},
                                                            {"east_m", number(static_cast<int64_t>(where.at.east_m))},
                                                            {"north_m", number(static_cast<int64_t>(where.at.north_m))},
                                                            {"charger", charger}}));
  if (!check(answer, "bay " + place.label)) co_return false;
  place.bay = text_of(answer.body, "bay");
  stall.owner->bays.push_back(place.bay);
  place.side = std::move(stall.side);
  street_.add_place(std::move(place));
  co_return true;
}

}  // namespace bayward::town

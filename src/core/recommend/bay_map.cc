#include "core/recommend/bay_map.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bayward::core {
namespace {

void assign(uint64_t& bits, size_t bay, bool value) {
  const uint64_t mask = uint64_t{1} << (bay % 64);
  bits = value ? bits | mask : bits & ~mask;
}

}  // namespace

void BayMap::put(BayIndex bay, const BayInfo& info, bool in_service) {
  if (bay >= places_.size()) {
    places_.resize(bay + size_t{1});
    words_.resize(bay / 64 + 1);
    stations_.resize(bay + size_t{1});
    clear_.resize(bay + size_t{1});
  }
  serve(bay, info.charger ? info.charger->station : StationId{});
  east_sum_dm_ += info.east_dm - places_[bay].east_dm;
  north_sum_dm_ += info.north_dm - places_[bay].north_dm;
  places_[bay] = {info.east_dm, info.north_dm};
  clear_[bay] = info.clear;
  Word& word = words_[bay / 64];
  const ConnectorType connector = info.charger ? info.charger->connector : ConnectorType::none;
  for (size_t type = 0; type < connector_types; ++type) {
    assign(word.with_connector[type], bay, type == static_cast<size_t>(connector));
  }
  assign(word.in_service, bay, in_service);
  assign(word.shared, bay, info.shared_pile);
  extent_m_ = std::max(extent_m_, std::hypot(info.east_dm, info.north_dm) / 10);
}

Side BayMap::part(size_t bay) const {
  const Place place = places_[bay];
  const int64_t across = east_sum_dm_ * place.north_dm - north_sum_dm_ * place.east_dm;  // to the left
  const int64_t along = east_sum_dm_ * place.east_dm + north_sum_dm_ * place.north_dm;
  constexpr int64_t tan_20_thousandths = 364;
  if (std::abs(across) * 1000 <= along * tan_20_thousandths) return Side::middle;
  return across > 0 ? Side::left : Side::right;
}

void BayMap::serve(BayIndex bay, StationId station) {
  const StationId before = std::exchange(stations_[bay], station);
  if (before == station) return;
  if (before) std::erase(by_station_[number_in_site(before)], bay);
  if (!station) return;
  if (by_station_.size() <= number_in_site(station)) by_station_.resize(number_in_site(station) + size_t{1});
  std::vector<BayIndex>& served = by_station_[number_in_site(station)];
  served.insert(std::upper_bound(served.begin(), served.end(), bay), bay);
}

const std::vector<BayIndex>& BayMap::served_by(StationId station) const {
  static const std::vector<BayIndex> none;
  return number_in_site(station) < by_station_.size() ? by_station_[number_in_site(station)] : none;
}

std::vector<BayIndex> BayMap::within(BayIndex from, int32_t radius_dm) const {
  std::vector<BayIndex> out;
  const Place middle = places_[from];
  for (size_t bay = 0; bay < places_.size(); ++bay) {
    const int64_t east = int64_t{places_[bay].east_dm} - middle.east_dm;
    const int64_t north = int64_t{places_[bay].north_dm} - middle.north_dm;
    if (east * east + north * north > int64_t{radius_dm} * radius_dm) continue;
    out.push_back(static_cast<BayIndex>(bay));
  }
  return out;
}

uint64_t BayMap::fitting(size_t word, ConnectorType connector, bool charger_needed) const {
  const Word& bays = words_[word];
  const uint64_t without = bays.with_connector[0];
  const uint64_t chargers =
      connector == ConnectorType::none ? ~without : bays.with_connector[static_cast<size_t>(connector)];
  return bays.in_service & (charger_needed ? chargers : chargers | without);
}

}  // namespace bayward::core

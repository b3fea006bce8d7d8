#include "core/recommend/bay_map.h"

#include <algorithm>
#include <cmath>

namespace bayward::core {
namespace {

void assign(std::vector<uint64_t>& bits, size_t bay, bool value) {
  const uint64_t mask = uint64_t{1} << (bay % 64);
  bits[bay / 64] = value ? bits[bay / 64] | mask : bits[bay / 64] & ~mask;
}

}  // namespace

void BayMap::put(BayIndex bay, const BayInfo& info, bool in_service) {
  if (bay >= places_.size()) {
    const size_t words = bay / 64 + 1;
    places_.resize(bay + size_t{1});
    for (auto& bits : with_connector_) bits.resize(words);
    in_service_.resize(words);
    shared_.resize(words);
  }
  places_[bay] = {info.east_dm, info.north_dm};
  const ConnectorType connector = info.charger ? info.charger->connector : ConnectorType::none;
  for (size_t type = 0; type < with_connector_.size(); ++type) {
    assign(with_connector_[type], bay, type == static_cast<size_t>(connector));
  }
  assign(in_service_, bay, in_service);
  assign(shared_, bay, info.shared_pile);
  extent_m_ = std::max(extent_m_, std::hypot(info.east_dm, info.north_dm) / 10);
}

uint64_t BayMap::fitting(size_t word, ConnectorType connector, bool charger_needed) const {
  const uint64_t without = with_connector_[0][word];
  const uint64_t chargers =
      connector == ConnectorType::none ? ~without : with_connector_[static_cast<size_t>(connector)][word];
  return in_service_[word] & (charger_needed ? chargers : chargers | without);
}

}  // namespace bayward::core

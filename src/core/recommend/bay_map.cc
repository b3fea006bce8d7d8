#include "core/recommend/bay_map.h"

#include <algorithm>
#include <cmath>

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
  }
  places_[bay] = {info.east_dm, info.north_dm};
  Word& word = words_[bay / 64];
  const ConnectorType connector = info.charger ? info.charger->connector : ConnectorType::none;
  for (size_t type = 0; type < connector_types; ++type) {
    assign(word.with_connector[type], bay, type == static_cast<size_t>(connector));
  }
  assign(word.in_service, bay, in_service);
  assign(word.shared, bay, info.shared_pile);
  extent_m_ = std::max(extent_m_, std::hypot(info.east_dm, info.north_dm) / 10);
}

uint64_t BayMap::fitting(size_t word, ConnectorType connector, bool charger_needed) const {
  const Word& bays = words_[word];
  const uint64_t without = bays.with_connector[0];
  const uint64_t chargers =
      connector == ConnectorType::none ? ~without : bays.with_connector[static_cast<size_t>(connector)];
  return bays.in_service & (charger_needed ? chargers : chargers | without);
}

}  // namespace bayward::core

#include "core/recommend/bay_map.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>

namespace bayward::core {
namespace {

BayInfo info_at(int32_t east_dm, int32_t north_dm, StationId station = {}) {
  BayInfo info;
  info.east_dm = east_dm;
  info.north_dm = north_dm;
  if (station) info.charger = Charger{station, 1, ConnectorType::iec_62196_t2, 11'000};
  return info;
}

TEST(BayMap, FindsWhatIsNearAsTheCrowFlies) {
  BayMap map;
  map.put(0, info_at(0, 0), true);
  map.put(1, info_at(90, 120), true);
  map.put(2, info_at(90, 121), true);
  map.put(3, info_at(-150, 0), false);
  EXPECT_EQ(map.within(0, 150), (std::vector<BayIndex>{0, 1, 3}));
}

TEST(BayMap, KnowsWhichBaysAStationServesHoweverTheyChange) {
  EXPECT_TRUE(rc::check([] {
    BayMap map;
    std::map<BayIndex, StationId> naive;
    const SiteId site{1};
    for (int i = 0; i < 60; ++i) {
      const auto bay = static_cast<BayIndex>(*rc::gen::inRange(0, 12));
      const auto number = static_cast<uint32_t>(*rc::gen::inRange(0, 4));
      const StationId station = number == 0 ? StationId{} : site_scoped<StationId>(site, number);
      for (BayIndex before = 0; before <= bay; ++before) {
        if (!naive.contains(before)) map.put(before, info_at(0, 0), true);
        naive.try_emplace(before);
      }
      map.put(bay, info_at(0, 0, station), true);
      naive[bay] = station;
    }
    for (uint32_t number = 1; number < 6; ++number) {
      std::vector<BayIndex> expected;
      for (const auto& [bay, station] : naive) {
        if (station == site_scoped<StationId>(site, number)) expected.push_back(bay);
      }
      RC_ASSERT(map.served_by(site_scoped<StationId>(site, number)) == expected);
    }
  }));
}

}  // namespace
}  // namespace bayward::core

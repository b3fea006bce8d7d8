#include "core/recommend/search.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "core/world_for_test.h"

namespace bayward::core {
namespace {

// The search measures within a site on a plane, this here on the globe.
double slack(double metres) {
  return 1 + metres * 0.001;
}

// Every bay up to `radius_m`, one by one.
std::vector<Offer> brute_force(const State& state, const SearchRequest& request, double radius_m, Instant now) {
  std::vector<Offer> all;
  for (uint64_t number = 1; number <= state.site_count(); ++number) {
    const Site& site = *state.site(SiteId{number});
    for (const Bay& bay : site.bays) {
      if (request.charger_needed && !bay.info.charger) continue;
      Wish wish = request.wish;
      wish.span = site.calendar.interval_of(site.calendar.touching(wish.span));
      const double metres = distance_m(request.destination, shifted(site.place, bay.info.east_dm, bay.info.north_dm));
      if (metres > radius_m || unavailable(site, bay, wish, now)) continue;
      all.push_back({bay.id, wish.span, metres, Money{}, {}});
    }
  }
  std::sort(all.begin(), all.end(), [](const Offer& a, const Offer& b) {
    return a.distance_m != b.distance_m ? a.distance_m < b.distance_m : a.bay < b.bay;
  });
  return all;
}

void random_town(World& world) {
  const int sites = *rc::gen::inRange(1, 6);
  for (int i = 0; i < sites; ++i) {
    const GeoPoint place{52'520'000 + *rc::gen::inRange(-30'000, 30'000),
                         13'405'000 + *rc::gen::inRange(-50'000, 50'000)};
    const SiteId site{world.make(DefineSite{"S" + std::to_string(i), place, World::euro(), tariff_examples::berlin(),
                                            SiteRules{}, world.community})};
    world.make(PublishTariff{site, World::tariff(), true});
    const StationId station{world.make(RegisterStation{site, "X-" + std::to_string(i)})};
    const int bays = *rc::gen::inRange(1, 12);
    for (int b = 0; b < bays; ++b) {
      BayInfo info;
      info.label = std::to_string(b);
      info.owner = world.owner;
      info.east_dm = *rc::gen::inRange(-2'000, 2'000);
      info.north_dm = *rc::gen::inRange(-2'000, 2'000);
      if (b % 2 == 0) {
        info.charger = Charger{station, static_cast<uint16_t>(b + 1), ConnectorType::iec_62196_t2, 11'000};
      }
      const BayId bay{world.make(DefineBay{site, info})};
      if (*rc::gen::inRange(0, 4) != 0) world.publish(bay, 0, 1440);
      if (*rc::gen::inRange(0, 3) == 0) world.tell(world.wish(world.driver, bay, world.now + 1h, 2h));
      if (*rc::gen::inRange(0, 6) == 0) world.tell(RecordOccupancy{bay, true, world.now});
    }
  }
}

TEST(Search, FindsTheSameAsLookingAtEveryBay) {
  EXPECT_TRUE(rc::check([] {
    World world;
    random_town(world);
    SearchRequest request;
    request.destination = {52'520'000 + *rc::gen::inRange(-30'000, 30'000),
                           13'405'000 + *rc::gen::inRange(-50'000, 50'000)};
    request.radius_m = *rc::gen::element(300.0, 2000.0, 9000.0);
    request.results_max = *rc::gen::element<size_t>(1, 3, 20, 100);
    request.charger_needed = *rc::gen::arbitrary<bool>();
    const Instant start = world.now + *rc::gen::element<Duration>(0min, 1h, 2h, 48h);
    request.wish.span = {start, start + *rc::gen::element<Duration>(15min, 1h, 5h)};
    const auto found = search(world.state, request, world.now);
    const double radius = request.radius_m;
    const auto surely = brute_force(world.state, request, radius - slack(radius), world.now);
    const auto perhaps = brute_force(world.state, request, radius + slack(radius), world.now);
    RC_ASSERT(found.size() >= std::min(surely.size(), request.results_max));
    RC_ASSERT(found.size() <= std::min(perhaps.size(), request.results_max));
    for (size_t i = 0; i < found.size(); ++i) {
      RC_ASSERT(std::abs(found[i].distance_m - perhaps[i].distance_m) < slack(radius));
      if (i > 0) RC_ASSERT(found[i - 1].distance_m <= found[i].distance_m);
      const auto same = [&](const Offer& offer) { return offer.bay == found[i].bay && offer.span == found[i].span; };
      RC_ASSERT(std::count_if(perhaps.begin(), perhaps.end(), same) == 1);
      RC_ASSERT(std::count_if(found.begin(), found.end(), same) == 1);
    }
  }));
}

TEST(Search, CheapestFirstAndEveryOfferSaysWhyItStandsThere) {
  World world;
  Tariff dear = World::tariff();
  dear.parking_rates = {9'000'000, 9'000'000, 9'000'000, 9'000'000};
  const TariffId tariff{world.make(PublishTariff{world.site, dear, false})};
  BayInfo info = world.the_site().bay(world.bays[0])->info;
  info.tariff = tariff;
  world.make(ChangeBay{world.bays[0], info});
  SearchRequest request;
  request.destination = {52'520'000, 13'405'000};
  request.order = SearchOrder::cheapest;
  request.wish.span = {world.now + 1h, world.now + 2h};
  const auto offers = search(world.state, request, world.now);
  ASSERT_EQ(offers.size(), 3u) << "the shared pile needs a permission";
  EXPECT_EQ(offers[0].bay, world.bays[1]);
  EXPECT_EQ(offers[0].price.minor, 200);
  EXPECT_EQ(offers[2].bay, world.bays[0]);
  EXPECT_EQ(offers[2].price.minor, 900);
  EXPECT_EQ(offers[2].reasons, std::vector<RankReason>{RankReason::nearest});
  EXPECT_EQ(offers[0].reasons, std::vector<RankReason>{RankReason::cheapest});
}

TEST(Search, OddRequestsFindNothingOrAreCutToTheLimits) {
  World world;
  SearchRequest request;
  request.destination = {52'520'000, 13'405'000};
  request.wish.span = {world.now + 2h, world.now + 1h};
  EXPECT_TRUE(search(world.state, request, world.now).empty());
  request.wish.span = {world.now + 1h, world.now + 24h * 400};
  EXPECT_TRUE(search(world.state, request, world.now).empty());
  request.wish.span = {world.now - 24h * 400, world.now};
  EXPECT_TRUE(search(world.state, request, world.now).empty());
  request.wish.span = {world.now + 1h, world.now + 2h};
  request.results_max = 0;
  EXPECT_TRUE(search(world.state, request, world.now).empty());
  request.results_max = 1'000'000;
  request.destination = {0, 0};
  EXPECT_TRUE(search(world.state, request, world.now).empty());
}

// A7
TEST(Availability, EveryNoHasItsReason) {
  World world;
  const Site& site = world.the_site();
  const Bay& bay = *site.bay(world.bays[0]);
  Wish soon;
  soon.span = {world.now, world.now + 1h};
  Wish later = soon;
  later.span = {world.now + 5h, world.now + 6h};
  const auto why = [&](const Wish& wish) {
    const auto reason = unavailable(site, bay, wish, world.now);
    return reason ? std::string(to_text(*reason)) : "free";
  };
  EXPECT_EQ(why(soon), "free");
  world.tell(RecordConnectorStatus{bay.id, ConnectorStatus::faulted});
  EXPECT_EQ(why(soon), "out_of_service");
  EXPECT_EQ(why(later), "free") << "it may be repaired by then";
  world.tell(RecordConnectorStatus{bay.id, ConnectorStatus::available});
  world.tell(RecordStationLink{world.station, false});
  EXPECT_EQ(why(soon), "free") << "to park without charging";
  soon.energy_milliwh = 1;
  EXPECT_EQ(why(soon), "station_offline");
  world.tell(RecordOccupancy{bay.id, true, world.now});
  EXPECT_EQ(why(soon), "bay_occupied");
  world.make(SetBayService{bay.id, false});
  EXPECT_EQ(why(later), "out_of_service");
}

}  // namespace
}  // namespace bayward::core

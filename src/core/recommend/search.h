// A5: free bays near a destination, ranked, with price, walking distance and the reasons for the rank.
//
// Sites are visited outwards from the destination; within a site the calendar's rows of the asked slots are ANDed with
// the bays' attributes, so only bays that are free in the calendar are looked at one by one.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/recommend/availability.h"
#include "core/state.h"

namespace bayward::core {

enum class SearchOrder : uint8_t { nearest, cheapest };

struct SearchRequest {
  GeoPoint destination;
  Wish wish;                // span: whole slots of 15 minutes fit every site; a site with other slots rounds outwards
  double radius_m = 2000;   // as the crow flies
  size_t results_max = 20;  // at most limits::search_results
  bool charger_needed = false;
  SearchOrder order = SearchOrder::nearest;
  bool with_price = true;  // false: offers carry no quote
  DrivingHabits habits;    // A6: with the driver's consent
};

// Why an offer stands where it does.
enum class RankReason : uint8_t {
  nearest,
  cheapest,
  charger_fits,
  seen_empty,
  own_permission,
  clear_side,  // A6: on the side that the car has been scraped on
  usual_part,  // A6: of the garage
};
std::string_view to_text(RankReason reason);

struct Offer {
  BayId bay;
  Interval span;          // as it would be booked
  double distance_m = 0;  // from the destination, straight
  Money price;            // in all, with the energy asked for
  std::vector<RankReason> reasons;
};

std::vector<Offer> search(const State& state, const SearchRequest& request, Instant now);

}  // namespace bayward::core

// What is asked of all bays of a site at once, packed so that the bays themselves aren't touched: where they lie, which
// station serves which and, as bitsets in the order of the calendar's rows, what kind they are. Derived from the site's
// bays.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/calendar/slot_calendar.h"
#include "core/site/site.h"

namespace bayward::core {

class BayMap {
 public:
  struct Place {
    int32_t east_dm = 0;
    int32_t north_dm = 0;
  };

  void put(BayIndex bay, const BayInfo& info, bool in_service);

  Place place(size_t bay) const { return places_[bay]; }
  // The bays at most so far away as the crow flies, `from` among them, in order; on whatever storey.
  std::vector<BayIndex> within(BayIndex from, int32_t radius_dm) const;
  // In which part of the garage it lies, seen from the entrance (A6): more than 20 degrees to one side of the middle of
  // all bays, or neither.
  Side part(size_t bay) const;
  // Sides that are clear.
  SideSet clear(size_t bay) const { return clear_[bay]; }
  // The bays that a station of this site serves, in order.
  const std::vector<BayIndex>& served_by(StationId station) const;
  // No bay is farther from the site's place.
  double extent_m() const { return extent_m_; }
  // Bays in service, 64 from bay 64 * word on, with a connector that fits (`none`: any; a bay without a charger fits
  // unless one is needed).
  uint64_t fitting(size_t word, ConnectorType connector, bool charger_needed) const;
  uint64_t shared(size_t word) const { return words_[word].shared; }
  size_t words() const { return words_.size(); }
  // Asks the processor for what a search will read first.
  void prefetch() const {
    __builtin_prefetch(words_.data());
    __builtin_prefetch(places_.data());
  }

 private:
  // Of 64 bays, side by side because a search reads them together.
  struct Word {
    uint64_t in_service = 0;
    uint64_t shared = 0;
    std::array<uint64_t, connector_types> with_connector{};  // `none`: without a charger
  };

  void serve(BayIndex bay, StationId station);

  std::vector<Place> places_;
  std::vector<Word> words_;
  std::vector<SideSet> clear_;
  int64_t east_sum_dm_ = 0;  // of all places
  int64_t north_sum_dm_ = 0;
  std::vector<StationId> stations_;                // by bay
  std::vector<std::vector<BayIndex>> by_station_;  // by the station's number in the site
  double extent_m_ = 0;
};

}  // namespace bayward::core

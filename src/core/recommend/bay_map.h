// What a search needs of a site's bays, packed so that it doesn't touch the bays themselves: where they lie and, as
// bitsets in the order of the calendar's rows, what kind they are. Derived from the site's bays.
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

  std::vector<Place> places_;
  std::vector<Word> words_;
  double extent_m_ = 0;
};

}  // namespace bayward::core

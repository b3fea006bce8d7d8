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
  uint64_t shared(size_t word) const { return shared_[word]; }
  size_t words() const { return in_service_.size(); }

 private:
  std::vector<Place> places_;
  std::array<std::vector<uint64_t>, connector_types> with_connector_;  // `none`: without a charger
  std::vector<uint64_t> in_service_;
  std::vector<uint64_t> shared_;
  double extent_m_ = 0;
};

}  // namespace bayward::core

#include "core/booking/displace.h"

#include <algorithm>
#include <bit>

#include "core/booking/bill.h"
#include "core/recommend/availability.h"

namespace bayward::core {
namespace {

struct FreeBay {
  int64_t distance = 0;  // squared
  BayIndex bay = 0;
  friend auto operator<=>(const FreeBay&, const FreeBay&) = default;
};

// The nearest first, without looking at the bays themselves: an alarm waits for this.
std::vector<FreeBay> free_bays(const Site& site, const Bay& from, const SlotRange& slots) {
  std::vector<FreeBay> found;
  const BayMap::Place middle = site.map.place(Site::index(from.id));
  for (size_t word = 0; word < site.map.words(); ++word) {
    for (uint64_t bits = site.calendar.free_bays(slots, word); bits != 0; bits &= bits - 1) {
      const auto bay = static_cast<BayIndex>(word * 64 + static_cast<size_t>(std::countr_zero(bits)));
      const int64_t east = int64_t{site.map.place(bay).east_dm} - middle.east_dm;
      const int64_t north = int64_t{site.map.place(bay).north_dm} - middle.north_dm;
      found.push_back({east * east + north * north, bay});
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The price may not rise by being moved; of those that fit, the nearest to the first bay.
const Bay* best_other_bay(const Site& site, const Bay& from, const Booking& booking, const std::vector<BayId>& given,
                          Instant now) {
  Wish wish;
  wish.account = booking.account;
  wish.span = {std::max(booking.span.start, site.calendar.start_of(site.calendar.slot_at(now))), booking.span.end};
  wish.energy_milliwh = booking.energy_estimate_milliwh;
  wish.connector = from.info.charger ? from.info.charger->connector : ConnectorType::none;
  // Slots before now are in the past for everybody, the calendar still has to have them: the booking keeps its span.
  for (const FreeBay& free : free_bays(site, from, site.calendar.touching(booking.span))) {
    const Bay& bay = site.bays[free.bay];
    const Tariff* tariff = site.tariff_of(bay);
    if (bay.id == from.id || !tariff || std::find(given.begin(), given.end(), bay.id) != given.end()) continue;
    // A controller is not asked here: it may give the other bay to somebody else at this moment.
    if (unavailable(site, bay, wish, now) || not_ours(site, booking.span)) continue;
    if (booking.hold < quote(site, *tariff, booking.span, booking.energy_estimate_milliwh).total) continue;
    return &bay;
  }
  return nullptr;
}

}  // namespace

std::vector<Event> displace(const Site& site, const Bay& bay, Instant now) {
  std::vector<Event> events;
  std::vector<BayId> given;  // to an earlier booking of this very decision
  for (const auto& [start, id] : site.agenda[Site::index(bay.id)]) {
    if (start > now + site.rules.reallocation_lead) break;
    const Booking& booking = site.bookings.get(id);
    if (booking.phase != BookingPhase::confirmed) continue;
    if (const Bay* other = best_other_bay(site, bay, booking, given, now)) {
      events.push_back(BookingMoved{id, bay.id, other->id});
      given.push_back(other->id);
    } else {
      events.push_back(end_booking(site, booking, BookingEnd::displaced, now));
    }
  }
  return events;
}

}  // namespace bayward::core

#include "core/booking/displace.h"

#include <algorithm>

#include "core/booking/bill.h"
#include "core/recommend/availability.h"

namespace bayward::core {
namespace {

// The price may not rise by being moved; of those that fit, the nearest to the first bay.
const Bay* best_other_bay(const Site& site, const Bay& from, const Booking& booking, const std::vector<BayId>& given,
                          Instant now) {
  Wish wish;
  wish.account = booking.account;
  wish.span = {std::max(booking.span.start, site.calendar.start_of(site.calendar.slot_at(now))), booking.span.end};
  wish.energy_milliwh = booking.energy_estimate_milliwh;
  wish.connector = from.info.charger ? from.info.charger->connector : ConnectorType::none;
  const Bay* best = nullptr;
  int64_t best_distance = 0;
  for (const Bay& bay : site.bays) {
    const Tariff* tariff = site.tariff_of(bay);
    if (bay.id == from.id || !tariff || std::find(given.begin(), given.end(), bay.id) != given.end()) continue;
    const int64_t east = bay.info.east_dm - from.info.east_dm;
    const int64_t north = bay.info.north_dm - from.info.north_dm;
    const int64_t distance = east * east + north * north;
    if (best && distance >= best_distance) continue;
    // Slots before now are in the past for everybody, the calendar still has to have them: the booking keeps its span.
    if (!site.calendar.free(Site::index(bay.id), site.calendar.touching(booking.span))) continue;
    // A controller is not asked here: it may give the other bay to somebody else at this moment.
    if (unavailable(site, bay, wish, now) || not_ours(site, booking.span)) continue;
    if (booking.hold < quote(site, *tariff, booking.span, booking.energy_estimate_milliwh).total) continue;
    best = &bay;
    best_distance = distance;
  }
  return best;
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

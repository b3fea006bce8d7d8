#include "core/booking/due.h"

#include <algorithm>

#include "base/zone.h"
#include "core/state.h"

namespace bayward::core {
namespace {

Instant due_of_active(const Site& site, const Booking& booking) {
  if (booking.overstay_told) return far_future;
  const Instant graced = booking.span.end + site.rules.overstay_grace;
  const Booking* next = site.next_booking(booking.bay, booking.span.end);
  return next && next->span.start < graced ? booking.span.end : graced;
}

}  // namespace

Instant next_due(const Site& site, const Booking& booking, Instant now) {
  switch (booking.phase) {
    case BookingPhase::awaiting_funds:
    case BookingPhase::settling:
      return now + saga_retry;
    case BookingPhase::confirmed:
      if (!booking.announced) return booking.span.start - site.rules.reserve_lead;
      if (booking.kind == BookingKind::walk_up) return booking.made_at + site.rules.walk_up_hold;
      return std::min(booking.span.start + site.rules.no_show_grace, booking.span.end);
    case BookingPhase::active:
      return booking.left_at != Instant{} ? booking.due : due_of_active(site, booking);
    case BookingPhase::closed:
      return far_future;
  }
  return far_future;
}

}  // namespace bayward::core

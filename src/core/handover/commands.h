// Commands between the platform and a site's controller.
#pragma once

#include <cstdint>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/booking/booking.h"

namespace bayward::core {

// A controller is changed or taken away only when no slot is its own any more.
struct AssignController {
  SiteId site;
  StationId controller;  // none: take it away
  BAYWARD_FIELDS(AssignController, site, controller)
};
// Raises the watermark to now and the site's horizon, while the controller is connected.
struct HandOver {
  SiteId site;
  BAYWARD_FIELDS(HandOver, site)
};
enum class GrantKind : uint8_t {
  hold,    // a booking: `span` is what is wanted, up to `granted_until` it is granted
  extend,  // of the booking `booking`, to `span.end`
  free,    // the hold with the number `of` is over: nobody came
};
// An entry of the controller's log, whether it was asked for by the platform or decided on the spot. In order, each
// number once: one that is in the books already changes nothing.
struct TakeGrant {
  SiteId site;
  uint64_t log = 0;
  uint64_t number = 0;
  GrantKind kind{};
  BayId bay;
  AccountId account;
  VehicleId vehicle;  // none: the account's first
  BookingKind booking_kind = BookingKind::walk_up;
  Interval span;
  Instant granted_until{};
  int64_t energy_estimate_milliwh = 0;
  BookingId booking;
  uint64_t of = 0;
  BAYWARD_FIELDS(TakeGrant, site, log, number, kind, bay, account, vehicle, booking_kind, span, granted_until,
                 energy_estimate_milliwh, booking, of)
};

}  // namespace bayward::core

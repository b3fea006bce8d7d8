// What happens between the platform and a site's controller. Kept for years: fields are only appended.
#pragma once

#include <cstdint>
#include <optional>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/refusal.h"

namespace bayward::core {

// From now on this station speaks for the site; none: nobody does. Its log begins anew.
struct ControllerAssigned {
  StationId controller;
  BAYWARD_FIELDS(ControllerAssigned, controller)
};
struct SlotsHandedOver {
  Instant watermark{};
  BAYWARD_FIELDS(SlotsHandedOver, watermark)
};
// The next entry of the controller's log is in the books: as this booking, or refused.
struct GrantTaken {
  uint64_t number = 0;
  BookingId booking;
  std::optional<Refusal> refusal;
  BAYWARD_FIELDS(GrantTaken, number, booking, refusal)
};

}  // namespace bayward::core

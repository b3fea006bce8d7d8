// When a booking next needs attention, by its phase.
#pragma once

#include "core/booking/booking.h"

namespace bayward::core {

struct Site;

inline constexpr Duration saga_retry{30s};         // an unanswered step of the saga is sent again after this
inline constexpr int32_t saga_tries = 5;           // a hold that is never answered gives the slots back after so many
inline constexpr Duration last_reading_wait{24h};  // a car that left is billed at the latest so long after

// `now` is the time of the event that changed the booking.
Instant next_due(const Site& site, const Booking& booking, Instant now);

}  // namespace bayward::core

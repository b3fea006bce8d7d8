// What a booking costs at each of its ends, and the quote before it. All through the one pricing function.
#pragma once

#include <vector>

#include "core/state.h"

namespace bayward::core {

// The price if everything goes as booked; also what the wallet sets aside.
Invoice quote(const Site& site, const Tariff& tariff, const Interval& span, int64_t energy_milliwh);

// The bill as it would be if the car left at `at`: live cost while it is there, invoice when it has left.
Invoice bill_visit(const Site& site, const Booking& booking, Instant at);

// A10: the fee for a booking that ended without a visit; zero when the rule says so.
Invoice bill_end(const Site& site, const Booking& booking, BookingEnd end, Instant at);

// The slots a leaving car has used: up to the end of the one it left in.
Instant used_until(const Site& site, const Booking& booking, Instant left_at);

// The event that ends a booking, with its bill and shares.
BookingEnded end_booking(const Site& site, const Booking& booking, BookingEnd end, Instant at);

}  // namespace bayward::core

#pragma once

#include "core/decide.h"

namespace bayward::core {

// What would refuse any booking of this account at this bay: open debts, too many bookings, no tariff.
std::optional<Refusal> refused_for_account(const Site& site, const Bay& bay, const Account& account);

struct BookingWish {
  BookingKind kind{};
  Interval span;
  int64_t energy_estimate_milliwh = 0;
};
// The event that makes the booking; every check has been made.
BookingRequested make_booking(const Site& site, const Bay& bay, const Account& account, const Vehicle& vehicle,
                              const BookingWish& wish);

// The event that extends it, or why not. Who gives the slots is the caller's to ask.
Result<BookingExtended, Refusal> make_extension(const State& state, const Booking& booking, Instant end, Instant now);

Decided decide(const State&, const Actor&, const RequestBooking&, Instant now);
Decided decide(const State&, const Actor&, const CancelBooking&, Instant now);
Decided decide(const State&, const Actor&, const ExtendBooking&, Instant now);
Decided decide(const State&, const Actor&, const ConfirmBooking&, Instant now);
Decided decide(const State&, const Actor&, const ConfirmSettlement&, Instant now);
Decided decide(const State&, const Actor&, const BillBooking&, Instant now);

// Booking::due has passed: the next step of its saga, its announcement, a no-show, an overstay.
std::vector<Event> pass_booking(const Site& site, const Booking& booking, Instant now);

}  // namespace bayward::core

#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const RequestBooking&, Instant now);
Decided decide(const State&, const Actor&, const CancelBooking&, Instant now);
Decided decide(const State&, const Actor&, const ExtendBooking&, Instant now);
Decided decide(const State&, const Actor&, const ConfirmBooking&, Instant now);
Decided decide(const State&, const Actor&, const ConfirmSettlement&, Instant now);
Decided decide(const State&, const Actor&, const BillBooking&, Instant now);
Decided decide(const State&, const Actor&, const PassDeadline&, Instant now);

}  // namespace bayward::core

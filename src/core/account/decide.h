#pragma once

#include "core/decide.h"

namespace bayward::core {

Decided decide(const State&, const Actor&, const OpenAccount&, Instant now);
Decided decide(const State&, const Actor&, const ChangeRoles&, Instant now);
Decided decide(const State&, const Actor&, const AddVehicle&, Instant now);
Decided decide(const State&, const Actor&, const RemoveVehicle&, Instant now);
Decided decide(const State&, const Actor&, const AddToken&, Instant now);
Decided decide(const State&, const Actor&, const RemoveToken&, Instant now);
Decided decide(const State&, const Actor&, const CreditWallet&, Instant now);
Decided decide(const State&, const Actor&, const RecordPayout&, Instant now);
Decided decide(const State&, const Actor&, const RefundBooking&, Instant now);
Decided decide(const State&, const Actor&, const HoldFunds&, Instant now);
Decided decide(const State&, const Actor&, const CaptureFunds&, Instant now);
Decided decide(const State&, const Actor&, const CreditOwner&, Instant now);

// What a refund posts, and what money that came in posts under its reference; shared with disputes and payments.
Result<BookingRefunded, Refusal> refund_of(const Account& account, BookingId booking, const Money& amount);
Result<LedgerPosted, Refusal> credit_of(const Account& account, const Money& amount, const std::string& reference);

}  // namespace bayward::core

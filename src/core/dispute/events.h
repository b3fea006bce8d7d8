// What happens to disputes, in the account's stream. Kept for years: fields are only appended.
#pragma once

#include "base/fields.h"
#include "core/dispute/dispute.h"

namespace bayward::core {

struct DisputeOpened {
  BookingId booking;
  DisputeReason reason{};
  BAYWARD_FIELDS(DisputeOpened, booking, reason)
};
// A refund is posted by BookingRefunded in the same record.
struct DisputeDecided {
  BookingId booking;
  DisputePhase phase{};  // refunded or stands
  Money refund;
  AccountId by;
  BAYWARD_FIELDS(DisputeDecided, booking, phase, refund, by)
};

}  // namespace bayward::core

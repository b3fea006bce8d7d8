// What happens to payments, in the account's stream. Kept for years: fields are only appended.
#pragma once

#include "base/fields.h"
#include "core/payment/top_up.h"

namespace bayward::core {

struct TopUpBegun {
  PaymentId payment;
  Money amount;
  BAYWARD_FIELDS(TopUpBegun, payment, amount)
};
// Paid: LedgerPosted in the same record has the money.
struct TopUpEnded {
  PaymentId payment;
  TopUpPhase phase{};
  Money amount;
  BAYWARD_FIELDS(TopUpEnded, payment, phase, amount)
};

}  // namespace bayward::core

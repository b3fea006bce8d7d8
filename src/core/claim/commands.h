// Commands about claims against wrong parkers.
#pragma once

#include "base/fields.h"
#include "core/claim/claim.h"

namespace bayward::core {

// By the office.
struct SettleClaim {
  BookingId claim;
  bool paid = false;  // else waived
  BAYWARD_FIELDS(SettleClaim, claim, paid)
};
// A step of the saga; safe to repeat.
struct ChargeClaim {
  AccountId account;
  BookingId claim;
  Money fee;
  BAYWARD_FIELDS(ChargeClaim, account, claim, fee)
};

}  // namespace bayward::core

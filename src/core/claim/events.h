// What happens to claims against wrong parkers, in the site's stream; the money of one is FundsCaptured in the
// account's stream, in the same record. Kept for years: fields are only appended.
#pragma once

#include "base/fields.h"
#include "core/claim/claim.h"

namespace bayward::core {

struct WrongParkingClaimed {
  Claim claim;
  BAYWARD_FIELDS(WrongParkingClaimed, claim)
};
struct ClaimSettled {
  BookingId claim;
  ClaimPhase phase{};  // paid or waived
  AccountId by;
  BAYWARD_FIELDS(ClaimSettled, claim, phase, by)
};

}  // namespace bayward::core

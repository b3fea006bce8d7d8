// May this token charge here, now (B3, B4)? One answer for Authorize and for the start of a transaction, in both
// versions. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/command.h"
#include "core/state.h"
#include "stations/token.h"
#include "stations/wanted.h"

namespace bayward::stations {

enum class Standing : uint8_t {
  accepted,
  unknown,     // nobody we know
  blocked,     // the token is
  elsewhere,   // has a booking now, at another bay
  concurrent,  // is charging at another bay
  not_now,     // the bay is kept for somebody else, closed or can't be used
  no_credit,   // the wallet can't hold the price of a walk-up
  busy,        // not decided: try again
};

struct Judgement {
  Standing standing = Standing::unknown;
  AccountId account;
  // Not accepted as it is, but a tap at a free bay is a walk-up request (A9): accepted once this is.
  std::optional<core::RequestBooking> walk_up;
};

// Without an EVSE (Authorize of 1.6 doesn't say) the best answer of all bays of the station.
Judgement judge(const core::State& state, StationId station, const std::vector<StationBay>& bays,
                std::optional<uint16_t> evse, const Presented& presented, Instant at);

// What the refusal of a walk-up means to the driver at the reader.
Standing standing_after(core::Refusal refusal);

}  // namespace bayward::stations

// B3, B4: whose car is it, and may it be here?
#pragma once

#include "core/state.h"

namespace bayward::core {

struct Identity {
  IdentityVia via{};
  Fingerprint fingerprint;  // plate or token
  AccountId account;        // none: nobody we know
};

struct Match {
  Verdict verdict = Verdict::unknown;
  BookingId booking;  // the one that is met, or that is in the way
};

// By plate, only the vehicle that was booked is the holder; by token or app, the account that booked.
Match match(const Site& site, const Bay& bay, const Identity& identity, Instant at);

// Fills in the account that a fingerprint belongs to.
Identity resolve(const State& state, IdentityVia via, Fingerprint fingerprint);

}  // namespace bayward::core

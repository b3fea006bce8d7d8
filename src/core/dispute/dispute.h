// A10, C4: a driver disputes what a booking cost. It is in the account's stream, beside what was captured for the
// booking, so that deciding it and paying back are one record. The words of both sides are in the vault.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fields.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward::core {

enum class DisputeReason : uint8_t {
  wrong_amount,
  overstay,  // the car had left, or could not
  no_show,   // the driver came, or the bay could not be used
  charging,  // less energy came than was billed, or none
  not_me,    // somebody else parked, or the plate was misread
  other,
};
std::string_view to_text(DisputeReason reason);
std::optional<DisputeReason> parse_dispute_reason(std::string_view text);

enum class DisputePhase : uint8_t {
  open,
  refunded,  // in whole or in part
  stands,    // the bill is right
};
std::string_view to_text(DisputePhase phase);

// How long after the bill it can be disputed.
inline constexpr Duration dispute_window{14 * 24h};

struct Dispute {
  DisputePhase phase = DisputePhase::open;
  DisputeReason reason{};
  Instant opened_at{};
  Instant decided_at{};
  AccountId decided_by;
  Money refund;
  BAYWARD_FIELDS(Dispute, phase, reason, opened_at, decided_at, decided_by, refund)
};

}  // namespace bayward::core

// C4: money that a person puts into the own wallet through a payment provider. The provider's word that it was paid is
// the only thing that credits it (core/payment/decide.h); what was asked for is kept so that the person sees it
// waiting.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fields.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward::core {

enum class TopUpPhase : uint8_t { waiting, paid, failed };
std::string_view to_text(TopUpPhase phase);

// A waiting one that is older makes room for new ones; should it be paid after all, it still counts.
inline constexpr Duration top_up_lapses_after{24h};
inline constexpr int64_t top_up_max_minor = 1'000'000;

struct TopUp {
  PaymentId id;
  Money amount;  // paid: what was really paid
  TopUpPhase phase = TopUpPhase::waiting;
  Instant begun_at{};
  Instant ended_at{};
  BAYWARD_FIELDS(TopUp, id, amount, phase, begun_at, ended_at)
};

}  // namespace bayward::core

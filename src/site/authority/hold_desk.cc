#include "site/authority/hold_desk.h"

#include <algorithm>

namespace bayward::authority {

using core::Refusal;
using site::HoldRefusal;

HoldRefusal hold_refusal(Refusal refusal) {
  switch (refusal) {
    case Refusal::unknown_bay:
      return HoldRefusal::unknown_bay;
    case Refusal::slot_taken:
      return HoldRefusal::taken;
    case Refusal::outside_window:
      return HoldRefusal::not_allowed;
    case Refusal::too_many_bookings:
      return HoldRefusal::too_many;
    case Refusal::beyond_horizon:
    case Refusal::in_the_past:
      return HoldRefusal::not_ours_now;
    default:
      return HoldRefusal::unavailable;
  }
}

void LanHoldDesk::hold(site::HoldRequest request, Answered answered) {
  post_([this, request = std::move(request), answered = std::move(answered)] {
    Wish wish;
    wish.ask = "lan-" + std::to_string(request.request);
    wish.phone = request.phone;
    wish.bay = request.bay;
    const auto given = controller_.give(wish);
    if (!given) return answered(Failure{hold_refusal(given.error())});
    const auto& holds = controller_.book().holds;
    const auto hold =
        std::find_if(holds.begin(), holds.end(), [&](const OwnHold& one) { return one.number == given->grant.number; });
    const Instant until = hold == holds.end() ? given->at + controller_.book().briefing.walk_up_hold : hold->until;
    answered(site::Hold{"hold-" + std::to_string(given->grant.number), until});
  });
}

}  // namespace bayward::authority

// What the garage asks about the bookings that the platform has briefed, with the platform there or away: whose car is
// this (ExpectedCars, B1), who may move pods, whose booking is this phone's (People). The garage's thread, which is the
// controller's.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/handover/briefing.h"
#include "site/entrance/entrance_desk.h"
#include "site/lan/people.h"

namespace bayward::authority {

// Who comes earlier than this is told nothing: the bay is somebody else's until then.
inline constexpr Duration guided_before = 30min;

// The claim of the car with this plate, as normalise_plate() spells it: one that runs, or the next that begins soon.
const core::BriefedClaim* claim_of_plate(const core::Briefing& briefing, std::string_view plate, Instant now,
                                         BayId* bay);
const core::BriefedClaim* claim_of_phone(const core::Briefing& briefing, std::string_view phone, Instant now);
// Every live booking with its bay.
std::vector<site::CarToGuide> all_claims(const core::Briefing& briefing);

class NearBookings final : public site::ExpectedCars, public site::People {
 public:
  // `briefing` gives the last one. Who may move pods and who is staff is the configuration's to say: `configured`.
  NearBookings(std::function<const core::Briefing&()> briefing, site::People& configured)
      : briefing_(std::move(briefing)), configured_(configured) {}

  std::optional<site::CarToGuide> expected(const std::string& plate, Instant now) override;
  bool may_move_pods(std::string_view phone, Instant now) override { return configured_.may_move_pods(phone, now); }
  bool is_staff(std::string_view phone) override { return configured_.is_staff(phone); }
  std::optional<BookingId> booking_of(std::string_view phone, Instant now) override;

 private:
  std::function<const core::Briefing&()> briefing_;
  site::People& configured_;
};

}  // namespace bayward::authority

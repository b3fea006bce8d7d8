#include "site/authority/near_bookings.h"

namespace bayward::authority {
namespace {

using core::BriefedBay;
using core::BriefedClaim;
using core::Briefing;

// The first of those that match and have not ended, if it begins soon.
template <class Matches>
const BriefedClaim* next_claim(const Briefing& briefing, Instant now, BayId* bay, Matches matches) {
  const BriefedClaim* best = nullptr;
  for (const BriefedBay& one : briefing.bays) {
    for (const BriefedClaim& claim : one.claims) {
      const bool due = claim.held.start <= now + guided_before && now < claim.held.end;
      if (!due || !matches(claim) || (best && best->held.start <= claim.held.start)) continue;
      best = &claim;
      if (bay) *bay = one.bay;
    }
  }
  return best;
}

}  // namespace

const BriefedClaim* claim_of_plate(const Briefing& briefing, std::string_view plate, Instant now, BayId* bay) {
  if (plate.empty()) return nullptr;
  return next_claim(briefing, now, bay, [plate](const BriefedClaim& claim) { return claim.plate == plate; });
}

const BriefedClaim* claim_of_phone(const Briefing& briefing, std::string_view phone, Instant now) {
  if (phone.empty()) return nullptr;
  return next_claim(briefing, now, nullptr, [phone](const BriefedClaim& claim) { return claim.phone == phone; });
}

std::vector<site::CarToGuide> all_claims(const Briefing& briefing) {
  std::vector<site::CarToGuide> out;
  for (const BriefedBay& bay : briefing.bays) {
    for (const BriefedClaim& claim : bay.claims) out.push_back({claim.booking, bay.bay});
  }
  return out;
}

std::optional<site::CarToGuide> NearBookings::expected(const std::string& plate, Instant now) {
  BayId bay;
  const BriefedClaim* claim = claim_of_plate(briefing_(), plate, now, &bay);
  if (!claim) return std::nullopt;
  return site::CarToGuide{claim->booking, bay};
}

std::optional<BookingId> NearBookings::booking_of(std::string_view phone, Instant now) {
  const BriefedClaim* claim = claim_of_phone(briefing_(), phone, now);
  return claim ? std::optional(claim->booking) : std::nullopt;
}

}  // namespace bayward::authority

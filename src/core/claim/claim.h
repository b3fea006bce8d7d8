// B3, A8: what a wrong parker owes the site, by the site's rules (SiteRules::wrong_parking_fee_minor). A car whose
// plate belongs to an account pays at once; one that nobody knows is on record until the office has settled it
// elsewhere.
//
// A claim is billed once, paid from a wallet and disputed like a booking's bill, so it has a number among the bookings:
// one with the top bit set, which no booking ever reaches.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward::core {

inline constexpr uint32_t claim_bit = 0x8000'0000;
constexpr bool is_claim(BookingId id) {
  return (number_in_site(id) & claim_bit) != 0;
}
constexpr BookingId claim_id(SiteId site, uint32_t number) {
  return site_scoped<BookingId>(site, claim_bit | number);
}

enum class ClaimPhase : uint8_t {
  charged,  // from the wallet of the plate's account, perhaps as a debt
  open,     // nobody's plate: for the office to settle
  paid,     // elsewhere, says the office
  waived,   // by the office
};
std::string_view to_text(ClaimPhase phase);

struct Claim {
  BookingId id;
  ClaimPhase phase = ClaimPhase::open;
  IncidentId incident;
  BayId bay;
  Fingerprint vehicle;
  AccountId account;  // none: nobody's plate
  Money fee;
  Instant from{};
  Instant until{};
  AccountId settled_by;
  BAYWARD_FIELDS(Claim, id, phase, incident, bay, vehicle, account, fee, from, until, settled_by)
};

}  // namespace bayward::core

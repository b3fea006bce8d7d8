#include "core/visit/identify.h"

#include <algorithm>

namespace bayward::core {
namespace {

bool held_by(const Booking& booking, const Identity& identity) {
  return identity.via == IdentityVia::plate ? booking.plate == identity.fingerprint && identity.fingerprint
                                            : identity.account && booking.account == identity.account;
}

// Its time is now: from a little before the start, and for a car that is there also after the end. A station that was
// offline tells of a session after the car has left.
bool current(const Site& site, const Booking& booking, Instant at) {
  if (booking.phase == BookingPhase::active) return booking.left_at == Instant{} || at < booking.left_at;
  return booking.phase == BookingPhase::confirmed && booking.span.start - site.rules.early_arrival <= at &&
         at < booking.slots_end;
}

bool has_current_elsewhere(const Site& site, const Identity& identity, Instant at) {
  const std::vector<BookingId>* live = site.live_of_account.find(identity.account);
  return live && std::any_of(live->begin(), live->end(),
                             [&](BookingId id) { return current(site, site.bookings.get(id), at); });
}

}  // namespace

Match match(const Site& site, const Bay& bay, const Identity& identity, Instant at) {
  BookingId in_the_way;
  for (const auto& [start, id] : site.agenda[Site::index(bay.id)]) {
    if (start > at + site.rules.reallocation_lead) break;
    const Booking& booking = site.bookings.get(id);
    if (!current(site, booking, at)) continue;
    if (held_by(booking, identity)) return {Verdict::holder, id};
    if (!in_the_way) in_the_way = id;
  }
  if (identity.account && identity.account == bay.info.owner && !in_the_way) return {Verdict::owner, {}};
  if (identity.account && has_current_elsewhere(site, identity, at)) return {Verdict::wrong_bay, in_the_way};
  if (in_the_way) return {Verdict::reserved, in_the_way};
  return {identity.account ? Verdict::no_booking : Verdict::unknown, {}};
}

Identity resolve(const State& state, IdentityVia via, Fingerprint fingerprint) {
  const auto& index = via == IdentityVia::plate ? state.account_of_plate : state.account_of_token;
  const auto found = index.find(fingerprint);
  return {via, fingerprint, found == index.end() ? AccountId{} : found->second};
}

}  // namespace bayward::core

// A visit: one vehicle in one bay, from being recognised until the bay is seen empty (B3).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"

namespace bayward::core {

enum class VisitKind : uint8_t {
  booked,
  owner,  // the bay's owner in the own bay
};
std::string_view to_text(VisitKind kind);

struct Visit {
  VisitId id;
  BayId bay;
  VisitKind kind = VisitKind::booked;
  BookingId booking;  // none for an owner
  AccountId account;
  Instant began_at{};
  BAYWARD_FIELDS(Visit, id, bay, kind, booking, account, began_at)
};

// How a vehicle or its driver said who it is (B4).
enum class IdentityVia : uint8_t { plate, token, app };
std::string_view to_text(IdentityVia via);

// What the platform makes of it.
enum class Verdict : uint8_t {
  holder,      // of the booking whose time it is: visit begins, power may flow
  owner,       // of the bay, and no booking is in the way
  reserved,    // the bay is kept for somebody else: "this bay is reserved"
  wrong_bay,   // the account has a booking now, at another bay: "wrong bay"
  no_booking,  // known, but nothing booked here: may ask for a walk-up
  unknown,     // nobody we know
};
std::string_view to_text(Verdict verdict);
inline bool gives_power(Verdict verdict) {
  return verdict == Verdict::holder || verdict == Verdict::owner;
}

}  // namespace bayward::core

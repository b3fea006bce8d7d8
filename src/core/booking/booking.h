// A booking: one account's claim on a run of slots of one bay, from the request until the money is settled.
//
//   awaiting_funds ──hold──▶ confirmed ──arrival──▶ active ──departure──▶ settling ──capture──▶ closed
//        │                      │  cancel, no-show, displaced ───────────────▲
//        └──refused, timed out──┴──────────────────────────────────────────────────────────────▶ closed
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"

namespace bayward::core {

enum class BookingKind : uint8_t {
  advance,
  walk_up,  // A9: begins now, frees itself after SiteRules::walk_up_hold unless the driver arrives
};
std::string_view to_text(BookingKind kind);

enum class BookingPhase : uint8_t { awaiting_funds, confirmed, active, settling, closed };
std::string_view to_text(BookingPhase phase);

enum class BookingEnd : uint8_t {
  none,       // not ended
  completed,  // the car left
  cancelled,  // by the driver or by staff
  no_show,
  expired,    // a walk-up nobody came for
  displaced,  // A8: the bay was blocked and no other fitted
  no_funds,   // the wallet couldn't hold the price
  withdrawn,  // the site took the bay out of service
  timed_out,  // the wallet did not answer
};
std::string_view to_text(BookingEnd end);

struct Booking {
  BookingId id;
  AccountId account;
  VehicleId vehicle;
  Fingerprint plate;
  BayId bay;
  BookingKind kind = BookingKind::advance;
  BookingPhase phase = BookingPhase::awaiting_funds;
  BookingEnd end = BookingEnd::none;
  Interval span;        // as booked; whole slots
  Instant slots_end{};  // slots are held until here: span.end, or earlier after an early leave
  Instant made_at{};
  Instant due{};  // next deadline; far_future: none
  Money hold;     // what the account set aside
  int64_t energy_estimate_milliwh = 0;
  bool announced = false;  // the window has opened: a device reservation is wanted
  bool overstay_told = false;
  VisitId visit;
  Money charged;  // once settling ...
  Money tax;      // ... of which tax
  Money owner_share;
  Money compensation;       // to the driver
  PermissionId permission;  // whose quota it uses
  int32_t tries = 0;        // of the open saga step
  Instant left_at{};        // the car has left, the bill waits for the last reading
  AccountId owner;          // once settling: who gets owner_share, whoever has the bay since
  uint64_t grant = 0;       // its number in the site controller's log; 0: the platform sold it
  BAYWARD_FIELDS(Booking, id, account, vehicle, plate, bay, kind, phase, end, span, slots_end, made_at, due, hold,
                 energy_estimate_milliwh, announced, overstay_told, visit, charged, tax, owner_share, compensation,
                 permission, tries, left_at, owner, grant)

  // It holds slots and the bay is kept for it.
  bool live() const { return phase <= BookingPhase::active; }
};

// The token a charging station knows the booking by: "BW" and up to 16 hexadecimal digits, so it fits both the 20
// characters of OCPP 1.6 IdToken and the character set of 2.0.1 IdTokenType.
std::string booking_token(BookingId booking);

}  // namespace bayward::core

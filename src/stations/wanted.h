// What a station's devices should be doing, read from the business state each time anew: reservations, starts and stops
// by remote, and who may charge when the link is down (A4). Pure; what to do about it is reconcile.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/charging/session.h"
#include "core/state.h"

namespace bayward::stations {

// A bay and the EVSE (OCPP 1.6: connector) that serves it.
struct StationBay {
  uint16_t evse = 0;
  BayId bay;
};

// OCPP can't book the future: only a booking whose time is near (Booking::announced) becomes a device reservation.
struct WantedReservation {
  BookingId booking;
  uint16_t evse = 0;
  AccountId account;
  Instant expiry{};
};
struct WantedStart {
  BookingId booking;
  uint16_t evse = 0;
  AccountId account;
  Instant until{};
};
struct WantedStop {
  SessionId session;
  core::SessionKey key;
  uint16_t evse = 0;
};
// May charge here today: the owner at any time, a holder with the booking's own token and the account's in the
// booking's slots.
struct Listed {
  AccountId account;
  BookingId booking;  // none: the owner
  Instant from{};
  Instant expiry{};
  std::vector<Fingerprint> cards;  // the account's, all of them
  friend bool operator==(const Listed&, const Listed&) = default;
};

struct Wanted {
  std::vector<WantedReservation> reservations;
  std::vector<WantedStart> starts;
  std::vector<WantedStop> stops;
  std::vector<Listed> listed;  // owners first, then by time
};

// Every bay with a charger of this station; ascending by EVSE.
std::vector<StationBay> bays_of(const core::State& state, StationId station);

// `bays` may be out of date: those that are no longer at this station are passed over.
Wanted wanted_of(const core::State& state, StationId station, const std::vector<StationBay>& bays);
// Only the list: it changes seldom and costs more. Needs the local day of `now`.
std::vector<Listed> listed_of(const core::State& state, StationId station, const std::vector<StationBay>& bays,
                              Instant now);

// 31 bits that name it to the station (OCPP 1.6 reservationId and transactionId are int32).
inline int64_t device_number(uint32_t number_in_site) {
  return number_in_site & 0x7fffffff;
}

}  // namespace bayward::stations

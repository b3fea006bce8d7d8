// What happens to bookings, visits and charging. Kept for years: fields are only appended.
#pragma once

#include <cstdint>
#include <vector>

#include "base/fields.h"
#include "core/booking/booking.h"
#include "core/charging/session.h"
#include "core/tariff/price.h"
#include "core/visit/visit.h"

namespace bayward::core {

// The slots are taken from here on; the money is asked for next.
struct BookingRequested {
  BookingId booking;
  AccountId account;
  VehicleId vehicle;
  Fingerprint plate;
  BayId bay;
  BookingKind kind{};
  Interval span;
  int64_t energy_estimate_milliwh = 0;
  Money hold;
  PermissionId permission;  // whose quota is used, for a shared pile
  uint64_t grant = 0;       // number in the site controller's log; 0: sold by the platform
  Instant granted_until{};  // the slots before were the controller's to give
  BAYWARD_FIELDS(BookingRequested, booking, account, vehicle, plate, bay, kind, span, energy_estimate_milliwh, hold,
                 permission, grant, granted_until)
};
struct BookingConfirmed {
  BookingId booking;
  BAYWARD_FIELDS(BookingConfirmed, booking)
};
struct BookingExtended {
  BookingId booking;
  Instant end{};
  Money hold;  // the new sum set aside
  BAYWARD_FIELDS(BookingExtended, booking, end, hold)
};
// The start is near: the station is to hold the bay for it (OCPP can't book the future).
struct BookingAnnounced {
  BookingId booking;
  BAYWARD_FIELDS(BookingAnnounced, booking)
};
// A8.
struct BookingMoved {
  BookingId booking;
  BayId from;
  BayId to;
  BAYWARD_FIELDS(BookingMoved, booking, from, to)
};
struct OverstayBegan {
  BookingId booking;
  BAYWARD_FIELDS(OverstayBegan, booking)
};
// The car is gone, but a session is still open or the station is offline: the slots are free, the bill waits until
// `due`.
struct BookingLeft {
  BookingId booking;
  Instant left_at{};
  Instant slots_end{};
  Instant due{};
  BAYWARD_FIELDS(BookingLeft, booking, left_at, slots_end, due)
};
// The claim is over; slots from `slots_end` on are free again; `invoice` is what it costs (zero for some ends).
struct BookingEnded {
  BookingId booking;
  BookingEnd end{};
  Instant slots_end{};
  Invoice invoice;
  Money owner_share;
  Money compensation;  // to the driver, from the platform
  AccountId owner;     // of the bay at that time: who gets the share
  BAYWARD_FIELDS(BookingEnded, booking, end, slots_end, invoice, owner_share, compensation, owner)
};
// A step of its saga has not been answered in time and is sent again.
struct DeadlineRenewed {
  BookingId booking;
  Instant due{};
  BAYWARD_FIELDS(DeadlineRenewed, booking, due)
};
// Every account concerned has posted.
struct BookingSettled {
  BookingId booking;
  BAYWARD_FIELDS(BookingSettled, booking)
};

struct VehicleIdentified {
  BayId bay;
  IdentityVia via{};
  Fingerprint identity;
  AccountId account;  // whose it is, if known
  Verdict verdict{};
  BAYWARD_FIELDS(VehicleIdentified, bay, via, identity, account, verdict)
};
struct VisitBegan {
  Visit visit;
  BAYWARD_FIELDS(VisitBegan, visit)
};
struct VisitEnded {
  VisitId visit;
  BayId bay;
  Instant at{};
  BAYWARD_FIELDS(VisitEnded, visit, bay, at)
};

// The driver asked by app: the station is to start (RemoteStart, RequestStart) until `until`.
struct ChargingWanted {
  BayId bay;
  BookingId booking;
  AccountId account;
  Instant until{};
  BAYWARD_FIELDS(ChargingWanted, bay, booking, account, until)
};
// The station has not: who asked is told.
struct ChargingLapsed {
  BayId bay;
  BookingId booking;
  AccountId account;
  BAYWARD_FIELDS(ChargingLapsed, bay, booking, account)
};
struct SessionStarted {
  SessionId session;
  SessionKey key;
  StationId station;
  uint16_t evse = 1;
  BayId bay;
  BookingId booking;
  AccountId account;
  MeterPoint start;
  BAYWARD_FIELDS(SessionStarted, session, key, station, evse, bay, booking, account, start)
};
struct SessionMetered {
  SessionId session;
  std::vector<MeterPoint> readings;
  BAYWARD_FIELDS(SessionMetered, session, readings)
};
struct SessionStopWanted {
  SessionId session;
  BAYWARD_FIELDS(SessionStopWanted, session)
};
struct SessionStopped {
  SessionId session;
  MeterPoint stop;
  bool register_defect = false;
  BAYWARD_FIELDS(SessionStopped, session, stop, register_defect)
};

}  // namespace bayward::core

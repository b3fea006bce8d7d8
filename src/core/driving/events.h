// What happens to a driver's record of driving, in the account's stream. No plate, no date, no side of an accident:
// those can be erased, the journal can't. Kept for years: fields are only appended.
#pragma once

#include "base/fields.h"
#include "core/driving/driving.h"

namespace bayward::core {

struct DrivingConsentChanged {
  bool consented = false;
  BAYWARD_FIELDS(DrivingConsentChanged, consented)
};
struct AccidentRecorded {
  AccidentMark accident;
  AccountId by;  // who put it in; none: a program
  BAYWARD_FIELDS(AccidentRecorded, accident, by)
};
// Withdrawn, expired, or one too many: its text is erased.
struct AccidentForgotten {
  uint32_t number = 0;
  BAYWARD_FIELDS(AccidentForgotten, number)
};
// Somebody else than the driver has looked at the texts.
struct AccidentsRead {
  AccountId by;
  BAYWARD_FIELDS(AccidentsRead, by)
};
// A visit has ended, in this part of the garage.
struct ParkingNoted {
  BookingId booking;
  Side part{};
  BAYWARD_FIELDS(ParkingNoted, booking, part)
};

}  // namespace bayward::core

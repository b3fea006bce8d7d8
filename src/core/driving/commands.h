// Commands about a driver's record of driving.
#pragma once

#include "base/fields.h"
#include "core/driving/driving.h"

namespace bayward::core {

// By the driver. Withdrawn, everything that was kept is forgotten.
struct SetDrivingConsent {
  AccountId account;
  bool consented = false;
  BAYWARD_FIELDS(SetDrivingConsent, account, consented)
};
// From the police's record, by an operator. Refused with no_consent for a plate of nobody and of somebody who has not
// agreed alike, so that it doesn't tell whose plates are known. The subject has the account in its high half and the
// number of the accident in its low half.
struct RecordAccident {
  Fingerprint plate;
  Fingerprint reference;  // of the police's own number
  Instant happened_at{};
  BAYWARD_FIELDS(RecordAccident, plate, reference, happened_at)
};
// Before an operator is shown what they were.
struct ReadAccidents {
  AccountId account;
  BAYWARD_FIELDS(ReadAccidents, account)
};
// A step of the saga. Repeated, a visit counts twice, which changes no habit.
struct NoteParking {
  AccountId account;
  BookingId booking;
  Side part{};
  BAYWARD_FIELDS(NoteParking, account, booking, part)
};

}  // namespace bayward::core

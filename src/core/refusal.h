// Why a command was refused: a closed list. The order is the order of precedence: decide() checks from the top, so the
// same request is always refused for the same reason. Numbers are stored with idempotency keys: append only.
#pragma once

#include <cstdint>
#include <string_view>

namespace bayward::core {

enum class Refusal : uint8_t {
  invalid,  // a value outside its documented range
  unknown_site,
  unknown_bay,
  unknown_station,
  unknown_account,
  unknown_vehicle,  // not a vehicle of this account
  unknown_booking,
  unknown_thing,   // window, permission, tariff, session, incident
  not_yours,       // it exists and belongs to somebody else
  already_exists,  // plate, phone, token or station identity in use
  limit_reached,   // a documented bound of src/base/limits.h
  bad_interval,    // empty, backwards, or not on slot boundaries
  too_long,
  in_the_past,
  beyond_horizon,
  outside_window,  // the owner doesn't share the bay in all of it
  slot_taken,
  bay_occupied,    // free in the calendar, but a car stands in it
  out_of_service,  // charger faulted or unavailable, open incident
  station_offline,
  charger_unfit,
  no_permission,  // shared pile, no permission for these hours
  quota_exhausted,
  debt_outstanding,
  insufficient_funds,
  too_many_bookings,
  wrong_phase,  // too late or too early for this step
  no_tariff,
  idempotency_conflict,  // same key, other body
  overloaded,            // inbox full: try again
  storage_unavailable,   // journal can't be written: try again later
  // These come after every reason of the booking's own, whatever their number.
  site_offline,  // slots this near are the site controller's, and it can't be asked
  site_decides,  // it can: ask it, and take its grant
  no_consent,    // the driver has not agreed to it, or there is none
};

// The word used in problem documents and logs: "slot_taken".
std::string_view to_text(Refusal refusal);

}  // namespace bayward::core

// Something at a bay that is wrong and that somebody must hear of.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"

namespace bayward::core {

enum class IncidentKind : uint8_t {
  wrong_vehicle,          // B3, A8: a car that doesn't belong stands in the bay
  unauthorised_charging,  // a station started without asking, or for somebody else
  overstay,               // A10
  station_silent,         // D8: no link for longer than the site allows
};
std::string_view to_text(IncidentKind kind);

struct Incident {
  IncidentId id;
  IncidentKind kind{};
  BayId bay;
  BookingId booking;    // the booking concerned, if any
  Fingerprint vehicle;  // who, if recognised
  Instant opened_at{};
  BAYWARD_FIELDS(Incident, id, kind, bay, booking, vehicle, opened_at)
};

}  // namespace bayward::core

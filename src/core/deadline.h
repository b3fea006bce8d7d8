// Time limits live in the state; no timer of the operating system decides anything.
#pragma once

#include <compare>
#include <cstdint>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"

namespace bayward::core {

enum class DeadlineKind : uint8_t {
  day,       // the site's next local midnight
  booking,   // Booking::due; subject: the booking
  charging,  // a wanted start lapses; subject: the bay
  incident,  // Incident::due(): an escalation, or quiet for long enough; subject: the incident
  delivery,  // Delivery::due: the next try; subject: the delivery
  silence,   // a station has been offline for long; subject: the station
  watch,     // WatchOrder::due(): it begins or expires; of no site; subject: the order
  accident,  // DrivingRecord::due(): one expires; of no site; subject: the account
};

struct Deadline {
  Instant at{};
  SiteId site;
  DeadlineKind kind{};
  uint64_t subject = 0;
  BAYWARD_FIELDS(Deadline, at, site, kind, subject)

  friend auto operator<=>(const Deadline&, const Deadline&) = default;
};

}  // namespace bayward::core

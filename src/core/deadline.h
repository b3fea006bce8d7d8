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

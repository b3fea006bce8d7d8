// Who decides about near slots (design "Authority when the link is down"): those that begin before the watermark belong
// to the site's controller, later ones to the platform. What the controller has decided it keeps in a numbered log, and
// the platform takes the log into the books in order, each number once.
//
// Always holds: the watermark never retreats; below it the platform sells nothing that is not in the controller's log.
#pragma once

#include <cstdint>

#include "base/fields.h"
#include "base/ids.h"
#include "base/time.h"
#include "core/refusal.h"

namespace bayward::core {

struct Handover {
  StationId controller;  // none: the platform decides about every slot
  uint64_t log = 0;      // counts controllers: a new one begins its log anew
  Instant watermark{};
  uint64_t taken = 0;    // of the controller's log, this number and all before are in the books
  uint64_t refused = 0;  // the last number that could not become what it says, and why
  Refusal refused_for{};
  BAYWARD_FIELDS(Handover, controller, log, watermark, taken, refused, refused_for)
};

}  // namespace bayward::core

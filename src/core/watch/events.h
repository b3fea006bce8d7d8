// What happens to watch orders, in the platform's own stream, and what was looked up where, in the site's. Kept for
// years: fields are only appended.
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "core/watch/watch.h"

namespace bayward::core {

struct WatchOrderPlaced {
  WatchOrder order;  // without plates: WatchPlatesAdded brings them
  BAYWARD_FIELDS(WatchOrderPlaced, order)
};
struct WatchPlatesAdded {
  WatchOrderId order;
  std::vector<PlatePrints> plates;
  BAYWARD_FIELDS(WatchPlatesAdded, order, plates)
};
struct WatchOrderBegan {
  WatchOrderId order;
  BAYWARD_FIELDS(WatchOrderBegan, order)
};
struct WatchOrderEnded {
  WatchOrderId order;
  WatchEnd end{};
  BAYWARD_FIELDS(WatchOrderEnded, order, end)
};

// B5: every look-up is on record, whether it found anything or not.
struct PlateLookedUp {
  BayId bay;
  PlatePrints plate;
  Instant at{};
  uint64_t revision = 0;       // of the watch book
  std::vector<WatchHit> hits;  // also those too weak to be told
  BAYWARD_FIELDS(PlateLookedUp, bay, plate, at, revision, hits)
};

// F3: evidence goes out on record only.
struct PictureGiven {
  BayId bay;
  Fingerprint vehicle;
  Instant taken_at{};
  std::string desk;
  BAYWARD_FIELDS(PictureGiven, bay, vehicle, taken_at, desk)
};

}  // namespace bayward::core

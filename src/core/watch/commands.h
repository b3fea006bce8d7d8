// Commands about the police's watch lists (B5).
#pragma once

#include <string>
#include <vector>

#include "base/fields.h"
#include "core/watch/watch.h"

namespace bayward::core {

// The police's order, or its new version: one with the same reference ends. Its further plates come by AddWatchPlates.
struct PlaceWatchOrder {
  Fingerprint reference;
  Instant begin{};
  Instant end{};
  std::vector<PlatePrints> plates;  // at most limits::watch_plates_together
  BAYWARD_FIELDS(PlaceWatchOrder, reference, begin, end, plates)
};
struct AddWatchPlates {
  WatchOrderId order;
  std::vector<PlatePrints> plates;
  BAYWARD_FIELDS(AddWatchPlates, order, plates)
};
struct WithdrawWatchOrder {
  Fingerprint reference;
  BAYWARD_FIELDS(WithdrawWatchOrder, reference)
};
struct LookUpPlate {
  BayId bay;
  PlatePrints plate;
  Instant at{};
  BAYWARD_FIELDS(LookUpPlate, bay, plate, at)
};

// Before a picture of a car goes to a police desk with its pass.
struct GivePicture {
  BayId bay;
  Fingerprint vehicle;  // PlatePrints::exact
  Instant taken_at{};
  std::string desk;  // the link's name
  BAYWARD_FIELDS(GivePicture, bay, vehicle, taken_at, desk)
};

}  // namespace bayward::core

// What happens in a property office, in the site's stream. Kept for years: fields are only appended.
#pragma once

#include "base/fields.h"
#include "core/incident/incident.h"
#include "core/office/office.h"

namespace bayward::core {

struct StandingOrderSet {
  IncidentKind kind{};
  StandingOrder order;
  AccountId by;
  BAYWARD_FIELDS(StandingOrderSet, kind, order, by)
};
struct ShiftOffered {
  Shift shift;
  BAYWARD_FIELDS(ShiftOffered, shift)
};
struct ShiftTaken {
  uint32_t number = 0;
  AccountId by;
  BAYWARD_FIELDS(ShiftTaken, number, by)
};

}  // namespace bayward::core

// What a property office asks of the core.
#pragma once

#include "base/fields.h"
#include "core/incident/incident.h"
#include "core/office/office.h"

namespace bayward::core {

// An empty order takes the old one away.
struct SetStandingOrder {
  SiteId site;
  IncidentKind kind{};
  StandingOrder order;
  BAYWARD_FIELDS(SetStandingOrder, site, kind, order)
};
// By who goes, to who comes; a second one takes the place of one that nobody has taken.
struct OfferShift {
  SiteId site;
  AccountId to;
  BAYWARD_FIELDS(OfferShift, site, to)
};
struct TakeShift {
  SiteId site;
  uint32_t number = 0;
  BAYWARD_FIELDS(TakeShift, site, number)
};

}  // namespace bayward::core

// What happens to a site, its bays, piles, windows and permissions. Kept for years: fields are only appended.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/zone.h"
#include "core/permission/permission.h"
#include "core/sharing/window.h"
#include "core/site/site.h"
#include "core/tariff/tariff.h"

namespace bayward::core {

struct SiteDefined {
  SiteId site;
  std::string name;
  GeoPoint place;
  Currency currency;
  ZoneRules zone;
  SiteRules rules;
  AccountId community;  // owns the common piles
  BAYWARD_FIELDS(SiteDefined, site, name, place, currency, zone, rules, community)
};
struct SiteRulesChanged {
  SiteRules rules;
  BAYWARD_FIELDS(SiteRulesChanged, rules)
};
struct ZoneUpdated {
  ZoneRules zone;
  BAYWARD_FIELDS(ZoneUpdated, zone)
};
// The local day has changed: the horizon moves on, day schedules (A4) are due.
struct DayBegan {
  int32_t day = 0;  // local date, days since 1970-01-01
  BAYWARD_FIELDS(DayBegan, day)
};
struct BayDefined {
  BayId bay;
  BayInfo info;
  BAYWARD_FIELDS(BayDefined, bay, info)
};
struct BayChanged {
  BayId bay;
  BayInfo info;
  BAYWARD_FIELDS(BayChanged, bay, info)
};
struct BayServiceChanged {
  BayId bay;
  bool in_service = true;
  BAYWARD_FIELDS(BayServiceChanged, bay, in_service)
};
struct StationRegistered {
  StationId station;
  std::string identity;  // the last part of its OCPP URL
  BAYWARD_FIELDS(StationRegistered, station, identity)
};
struct TariffPublished {
  TariffId id;
  Tariff tariff;
  bool for_site = false;  // from now on the site's default
  BAYWARD_FIELDS(TariffPublished, id, tariff, for_site)
};
struct WindowPublished {
  Window window;
  BAYWARD_FIELDS(WindowPublished, window)
};
struct WindowExceptionSet {
  WindowId window;
  int32_t day = 0;
  std::vector<MinuteRange> ranges;
  BAYWARD_FIELDS(WindowExceptionSet, window, day, ranges)
};
// Nothing more is sold in it; bookings made are honoured (A1).
struct WindowWithdrawn {
  WindowId window;
  BAYWARD_FIELDS(WindowWithdrawn, window)
};
struct PermissionGranted {
  Permission permission;
  BAYWARD_FIELDS(PermissionGranted, permission)
};
struct PermissionRevoked {
  PermissionId permission;
  BAYWARD_FIELDS(PermissionRevoked, permission)
};

// What sensors and stations report, as far as business depends on it. Telemetry is not here.
struct BayOccupancyChanged {
  BayId bay;
  bool occupied = false;
  Instant at{};
  BAYWARD_FIELDS(BayOccupancyChanged, bay, occupied, at)
};
// OCPP 2.0.1 ConnectorStatusEnumType; 1.6 states are mapped onto it in stations/.
enum class ConnectorStatus : uint8_t { unknown, available, occupied, reserved, unavailable, faulted };
std::string_view to_text(ConnectorStatus status);
struct ConnectorStatusChanged {
  BayId bay;
  ConnectorStatus status{};
  BAYWARD_FIELDS(ConnectorStatusChanged, bay, status)
};
struct StationLinkChanged {
  StationId station;
  bool online = false;
  BAYWARD_FIELDS(StationLinkChanged, station, online)
};

}  // namespace bayward::core

// A site: a community's bays, its rules, its place on the map and on the clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/time.h"
#include "core/driving/driving.h"

namespace bayward::core {

// WGS84, in millionths of a degree: exact, and good to 0.1 m.
struct GeoPoint {
  int32_t latitude_e6 = 0;
  int32_t longitude_e6 = 0;
  BAYWARD_FIELDS(GeoPoint, latitude_e6, longitude_e6)
};

// Straight-line distance in metres (equirectangular; better than 0.1 % below 100 km).
double distance_m(GeoPoint a, GeoPoint b);
// The point `east_dm`, `north_dm` decimetres away.
GeoPoint shifted(GeoPoint origin, int32_t east_dm, int32_t north_dm);

// OCPI 2.2.1 ConnectorType, the kinds met at shared bays. `none`: a bay without a charger.
enum class ConnectorType : uint8_t { none, iec_62196_t2, iec_62196_t2_combo, gbt_ac, gbt_dc, chademo, iec_62196_t1 };
inline constexpr size_t connector_types = 7;
std::string_view to_text(ConnectorType type);
std::optional<ConnectorType> parse_connector_type(std::string_view text);

// The charger that serves a bay: one EVSE of an OCPP charging station. In OCPP 1.6 the connector id is the EVSE id.
struct Charger {
  StationId station;
  uint16_t evse = 1;  // 1..limits::connectors_per_station
  ConnectorType connector = ConnectorType::none;
  int32_t power_max_w = 0;
  BAYWARD_FIELDS(Charger, station, evse, connector, power_max_w)
};

struct BayInfo {
  std::string label;         // as painted on the wall: "B1-017"
  AccountId owner;           // a person, or the community's own account
  bool shared_pile = false;  // A3: only accounts with a permission may use it
  std::string group;         // permissions may name a group of bays
  int32_t east_dm = 0;       // from the site's entrance
  int32_t north_dm = 0;
  std::string level;  // storey
  std::optional<Charger> charger;
  TariffId tariff;    // none: the site's
  SideSet clear = 0;  // A6: sides without wall, pillar or neighbour; middle: ahead
  BAYWARD_FIELDS(BayInfo, label, owner, shared_pile, group, east_dm, north_dm, level, charger, tariff, clear)
};

// What the site decides for itself; defaults are sane. Shares and fees are in parts per million.
struct SiteRules {
  int32_t slot_unit_s = 900;                 // 300, 600, 900, 1800 or 3600; fixed once the site exists
  Duration walk_up_hold{10min};              // A9
  Duration reserve_lead{15min};              // a booking becomes a device reservation this long before its start
  Duration early_arrival{10min};             // the holder may come this much early if the bay is empty
  Duration no_show_grace{30min};             // A10: after this the booking ends as a no-show
  Duration overstay_grace{10min};            // A10: after this overstay is charged and told
  Duration reallocation_lead{30min};         // A8: how early a blocked bay moves its next driver
  Duration free_cancel_before{1h};           // A10
  int32_t late_cancel_ppm = 500'000;         // of the parking price
  int32_t no_show_ppm = 1'000'000;           // of the parking price
  int32_t owner_share_ppm = 800'000;         // of the net, the rest is the platform's
  int64_t displaced_compensation_minor = 0;  // A8 without another bay: refund plus this
  bool tap_starts_walk_up = true;            // a known card at a free bay is a walk-up request
  int64_t walk_up_slots = 8;                 // length of a walk-up when nothing else is asked
  Duration handover_horizon{15min};          // how early slots go to the site's controller, if it has one
  int64_t wrong_parking_fee_minor = 0;       // B3: owed by a car that stood where it doesn't belong; 0: nothing
  Duration wrong_parking_grace{5min};        // ... for longer than this
  BAYWARD_FIELDS(SiteRules, slot_unit_s, walk_up_hold, reserve_lead, early_arrival, no_show_grace, overstay_grace,
                 reallocation_lead, free_cancel_before, late_cancel_ppm, no_show_ppm, owner_share_ppm,
                 displaced_compensation_minor, tap_starts_walk_up, walk_up_slots, handover_horizon,
                 wrong_parking_fee_minor, wrong_parking_grace)
};

// Nothing wrong, or what is and what to do.
std::optional<std::string_view> defect(const SiteRules& rules);

}  // namespace bayward::core

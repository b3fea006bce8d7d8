// An incident: something dangerous or wrong at a site, from the first report until nobody has anything left to do.
//
//   raised ──a person──▶ acknowledged, assigned
//     │ quiet for long enough, or a person closes it
//     ▼
//   over ──everybody who was told has the all-clear, and a person has seen it where one must──▶ forgotten
//     └──reported again──▶ raised, another round
//
// One danger is one incident however many sensors speak: reports join by family and place (policy.h).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/fields.h"
#include "base/fingerprint.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/zone.h"
#include "core/watch/watch.h"

namespace bayward::core {

// Stored by number: append only. Of two kinds of one family and severity the later is the worse.
enum class IncidentKind : uint8_t {
  wrong_vehicle,          // B3, A8: a car that doesn't belong stands in the bay
  unauthorised_charging,  // a station started without asking, or for somebody else
  overstay,               // A10
  station_silent,         // D8: no link for longer than the site allows
  thermal_warning,        // D2: the driver may go on
  smoke,                  // D1
  thermal_danger,         // beyond the limit of cable or connector; the device has opened
  thermal_rising,         // D3: still rising after the power was cut: everybody's danger
  voltage,
  overcurrent,
  residual_current,
  emergency_stop,
  panic_button,  // D6
  break_in,      // D5
  watch_list,    // B5: for the police desk alone
  pod_stray,     // E2: left the mesh
  pod_outside,   // E2: beyond the geofence
  mains_lost,    // C8
  tamper,
  link_down,  // the site's gateway has lost the platform
};
inline constexpr size_t incident_kinds = 20;
std::string_view to_text(IncidentKind kind);
std::optional<IncidentKind> parse_incident_kind(std::string_view text);

enum class Severity : uint8_t { notice, warning, danger };
std::string_view to_text(Severity severity);

enum class IncidentEnd : uint8_t {
  none,         // not over
  subsided,     // the cause is gone and has stayed away
  closed,       // by a person
  false_alarm,  // said by a person
};
std::string_view to_text(IncidentEnd end);

// One sensor's share in it.
struct IncidentSource {
  BayId bay;
  IncidentKind kind{};
  bool active = true;
  Instant since{};  // of the last change
  int32_t changes = 1;
  BAYWARD_FIELDS(IncidentSource, bay, kind, active, since, changes)
};

struct Incident {
  IncidentId id;
  IncidentKind kind{};  // the worst that was reported
  BayId bay;            // where it began; none: the site as a whole
  BookingId booking;    // the booking concerned, if any
  Fingerprint vehicle;  // who, if recognised
  Instant opened_at{};
  Severity severity = Severity::notice;
  std::vector<IncidentSource> sources;
  bool suppressed = false;  // nobody is told by itself, everybody can see it
  AccountId acknowledged_by;
  Instant acknowledged_at{};
  AccountId assigned_to;
  int32_t level = 0;  // of escalation
  int32_t round = 1;  // counts the times it was raised
  Instant escalate_at = far_future;
  Instant quiet_at = far_future;  // when it is over by itself if nothing more comes
  IncidentEnd end = IncidentEnd::none;
  Instant over_at{};
  std::vector<WatchHit> hits;  // B5, of a watch-list hit: the orders that it meets, the best first
  BAYWARD_FIELDS(Incident, id, kind, bay, booking, vehicle, opened_at, severity, sources, suppressed, acknowledged_by,
                 acknowledged_at, assigned_to, level, round, escalate_at, quiet_at, end, over_at, hits)

  bool over() const { return end != IncidentEnd::none; }
  Instant due() const { return over() ? escalate_at : std::min(escalate_at, quiet_at); }
  const IncidentSource* source(BayId at, IncidentKind of) const;
  bool any_active() const;
};

}  // namespace bayward::core

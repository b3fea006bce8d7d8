// A7: one answer to "may this bay be had for this time?", fused from calendar, sensor, charger, station and incidents,
// with the reason for every "no".
#pragma once

#include <optional>

#include "core/refusal.h"
#include "core/state.h"

namespace bayward::core {

struct Wish {
  AccountId account;                              // none: anybody
  Interval span;                                  // whole slots
  ConnectorType connector = ConnectorType::none;  // of the vehicle; none: doesn't matter
  int64_t energy_milliwh = 0;                     // more than 0: a charger is needed
  Fingerprint plate;                              // of the vehicle: it may be standing there already
};

// Nothing: it may be had. Otherwise the first reason in the order of Refusal. Money isn't asked here.
std::optional<Refusal> unavailable(const Site& site, const Bay& bay, const Wish& wish, Instant now);

// The same for a bay that is known to be free in the calendar.
std::optional<Refusal> unavailable_now(const Site& site, const Bay& bay, const Wish& wish, Instant now);

// A3: the permission under which the account may use a shared pile, or why not.
Result<PermissionId, Refusal> permission_for(const Site& site, const Bay& bay, AccountId account, const Interval& span);

// The permission still stands, its hours cover `span`, and its quotas have room for the further slots.
bool fits_permission(const Site& site, PermissionId permission, const Interval& span);

// Whether the platform may decide alone about this time. Nothing: it may. site_decides: the site's controller has to be
// asked; site_offline: it can't be. Not part of unavailable() but for site_offline: what a controller decides can be
// had.
std::optional<Refusal> not_ours(const Site& site, const Interval& span);

// What a bay is for everybody to see, now.
enum class BayState : uint8_t { free, held, taken, charging, wrong_vehicle, out_of_service, offline, closed };
std::string_view to_text(BayState state);
BayState bay_state(const Site& site, const Bay& bay, Instant now);

}  // namespace bayward::core

// What an incident of a kind means: how grave it is, who is told, when it grows, when it is over. A site may set its
// own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fields.h"
#include "base/time.h"
#include "core/incident/incident.h"

namespace bayward::core {

// Who may be told; a set of them is a bit mask.
enum class Party : uint8_t { driver, owner, property, nearby, fire_desk, police_desk, operators };
inline constexpr size_t parties = 7;
using PartySet = uint32_t;
constexpr PartySet bit(Party party) {
  return PartySet{1} << static_cast<unsigned>(party);
}
std::string_view to_text(Party party);
std::optional<Party> parse_party(std::string_view text);

// Who is not there is reminded less and less often, but always: five times at the pace of the policy, then each pause
// is twice as long as the last, up to 32 times the first.
inline constexpr int escalations_at_full_pace = 5;
inline constexpr int escalation_doublings_max = 5;

struct IncidentPolicy {
  Severity severity = Severity::warning;
  PartySet told = 0;                                 // at once
  PartySet told_later = 0;                           // with the second escalation, besides the property
  Duration escalate_after = far_future - Instant{};  // without a person's answer; again and again
  Duration quiet_for{0};                             // over by itself so long after the last source fell silent
  bool needs_person = false;                         // stays on the list until a person has acknowledged it
  bool all_clear = false;                            // who was told is told that it is over (D4)
  BAYWARD_FIELDS(IncidentPolicy, severity, told, told_later, escalate_after, quiet_for, needs_person, all_clear)
};
IncidentPolicy default_policy(IncidentKind kind);
// Nothing wrong, or what is and what to do. The police desk's matters are told to nobody else (B5).
std::optional<std::string_view> defect(IncidentKind kind, const IncidentPolicy& policy);

// Kinds that are signs of the same thing.
enum class IncidentFamily : uint8_t { fire, electric, silence, other };
// How far apart two reports of a family may be and still be one incident.
enum class IncidentScope : uint8_t { bay, vicinity, site };
inline constexpr int32_t vicinity_dm = 150;
struct IncidentGroup {
  IncidentFamily family;
  IncidentScope scope;
};
IncidentGroup group_of(IncidentKind kind);
// The bay gives no power and takes nobody in while it lasts.
bool makes_unusable(IncidentKind kind);
bool same_family(IncidentKind a, IncidentKind b);

}  // namespace bayward::core

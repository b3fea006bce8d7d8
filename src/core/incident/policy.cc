#include "core/incident/policy.h"

#include <algorithm>
#include <array>

namespace bayward::core {
namespace {

constexpr std::array<std::string_view, parties> party_words = {"driver",    "owner",       "property", "nearby",
                                                               "fire_desk", "police_desk", "operators"};

constexpr PartySet driver = bit(Party::driver);
constexpr PartySet owner = bit(Party::owner);
constexpr PartySet property = bit(Party::property);
constexpr PartySet nearby = bit(Party::nearby);
constexpr PartySet fire_desk = bit(Party::fire_desk);
constexpr PartySet police_desk = bit(Party::police_desk);
constexpr PartySet operators = bit(Party::operators);

constexpr Duration never = far_future - Instant{};

IncidentPolicy danger(PartySet told, Duration quiet_for) {
  return {Severity::danger, told, operators, 60s, quiet_for, true, true};
}
IncidentPolicy warning(PartySet told, Duration quiet_for) {
  return {Severity::warning, told, operators, 10min, quiet_for, false, true};
}
IncidentPolicy nuisance(PartySet told) {
  return {Severity::warning, told, operators, 15min, Duration{0}, false, false};
}

}  // namespace

std::string_view to_text(Party party) {
  return party_words[static_cast<size_t>(party)];
}

std::optional<Party> parse_party(std::string_view text) {
  const auto found = std::find(party_words.begin(), party_words.end(), text);
  if (found == party_words.end()) return std::nullopt;
  return static_cast<Party>(found - party_words.begin());
}

IncidentPolicy default_policy(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::wrong_vehicle:
      return nuisance(owner | property);
    case IncidentKind::unauthorised_charging:
    case IncidentKind::overstay:
      return nuisance(property);
    case IncidentKind::station_silent:
      return {Severity::warning, property, operators, 15min, Duration{0}, false, false};
    case IncidentKind::thermal_warning:
      return {Severity::warning, driver | property, 0, never, 2min, false, true};
    case IncidentKind::smoke:
    case IncidentKind::thermal_danger:
      return danger(driver | owner | property | fire_desk, 10min);
    case IncidentKind::thermal_rising:
      return danger(driver | owner | property | nearby | fire_desk, 20min);
    case IncidentKind::voltage:
      return warning(driver | property, 1min);
    case IncidentKind::overcurrent:
    case IncidentKind::residual_current:
      return danger(driver | property, 1min);
    case IncidentKind::emergency_stop:
      return danger(driver | property, 1min);
    case IncidentKind::panic_button:
      return {Severity::danger, property | police_desk, operators, 30s, never, true, true};
    case IncidentKind::break_in:
      return {Severity::danger, driver | property, operators, 2min, 5min, true, true};
    case IncidentKind::watch_list:
      return {Severity::danger, police_desk, 0, never, Duration{0}, false, false};
    case IncidentKind::pod_stray:
    case IncidentKind::pod_outside:
      return warning(driver | property, 1min);
    case IncidentKind::mains_lost:
    case IncidentKind::link_down:
      return warning(property | operators, 1min);
    case IncidentKind::tamper:
      return {Severity::warning, property, operators, 5min, never, true, false};
  }
  return {};
}

std::optional<std::string_view> defect(IncidentKind kind, const IncidentPolicy& policy) {
  if (policy.severity > Severity::danger) return "severity is notice, warning or danger";
  if ((policy.told | policy.told_later) >> parties != 0) return "told names an unknown party";
  if (kind == IncidentKind::watch_list && ((policy.told | policy.told_later) & ~police_desk) != 0) {
    return "a watch-list hit is told to the police desk only";
  }
  if (policy.told == 0) return "somebody has to be told";
  if (policy.escalate_after < 10s || policy.quiet_for < Duration{0}) {
    return "escalate_after is at least 10 s, quiet_for not negative";
  }
  return std::nullopt;
}

IncidentGroup group_of(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::thermal_warning:
    case IncidentKind::smoke:
    case IncidentKind::thermal_danger:
    case IncidentKind::thermal_rising:
      return {IncidentFamily::fire, IncidentScope::vicinity};
    case IncidentKind::voltage:
    case IncidentKind::overcurrent:
    case IncidentKind::residual_current:
      return {IncidentFamily::electric, IncidentScope::bay};
    case IncidentKind::station_silent:
    case IncidentKind::mains_lost:
    case IncidentKind::link_down:
      return {IncidentFamily::silence, IncidentScope::site};
    default:
      return {IncidentFamily::other, IncidentScope::bay};
  }
}

bool makes_unusable(IncidentKind kind) {
  const IncidentFamily family = group_of(kind).family;
  // A dip of the mains passes, and the device gives power again by itself.
  const bool passing = kind == IncidentKind::thermal_warning || kind == IncidentKind::voltage;
  const bool grave = family == IncidentFamily::fire || family == IncidentFamily::electric;
  return (grave && !passing) || kind == IncidentKind::emergency_stop;
}

bool same_family(IncidentKind a, IncidentKind b) {
  const IncidentGroup first = group_of(a);
  return a == b || (first.family != IncidentFamily::other && first.family == group_of(b).family);
}

}  // namespace bayward::core

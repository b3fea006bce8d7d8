#include "stations/v2/hazard.h"

#include <algorithm>
#include <array>

#include "ocpp/rpc/decimal.h"
#include "ports/http_util.h"

namespace bayward::stations::v2 {
namespace {

namespace types = ocpp::v21;
using core::IncidentKind;

struct Sign {
  std::string_view component;
  std::string_view variable;
  IncidentKind kind;
};
// Appendix 3 of part 2 and our own components. The first that fits counts; an empty variable fits all of the sensor's.
constexpr std::array<Sign, 14> signs = {{
    {"FireSensor", "Active", IncidentKind::thermal_rising},
    {"FireSensor", "Tripped", IncidentKind::smoke},
    {"RCD", "Tripped", IncidentKind::residual_current},
    {"OverCurrentBreaker", "Tripped", IncidentKind::overcurrent},
    {"ElectricalFeed", "Problem", IncidentKind::voltage},
    {"ElectricalFeed", "Active", IncidentKind::mains_lost},
    {"EmergencyStopSensor", "Tripped", IncidentKind::emergency_stop},
    {"EmergencyStopSensor", "Active", IncidentKind::emergency_stop},
    {"UIInput", "Operated", IncidentKind::panic_button},
    {"IntrusionSensor", "", IncidentKind::break_in},
    {"CaseAccessSensor", "", IncidentKind::tamper},
    {"TiltSensor", "", IncidentKind::tamper},
    {"ShockSensor", "", IncidentKind::tamper},
    {"PowerContactor", "Tripped", IncidentKind::overcurrent},
}};

// At a plug or cable: beyond what PVC bears (D1), or what a device of ours calls no more than warm.
constexpr int64_t danger_celsius = 70;

bool yes(const std::string& value) {
  return equal_without_case(value, "true") || value == "1";
}

std::optional<Hazard> heat_of(const types::EventDataType& event, bool cleared) {
  const bool ours = event.tech_code.has_value();
  const bool warm = ours && event.tech_code->starts_with("warm");
  const auto celsius = ocpp::Decimal::parse(event.actual_value);
  if (!ours && !celsius) return std::nullopt;
  const bool danger = ours ? !warm : *celsius >= ocpp::Decimal::of(danger_celsius);
  return Hazard{danger ? IncidentKind::thermal_danger : IncidentKind::thermal_warning, !cleared};
}

}  // namespace

std::optional<Hazard> hazard_of(const types::EventDataType& event) {
  const bool cleared = event.cleared.value_or(false);
  if (event.trigger == types::EventTriggerEnumType::periodic) return std::nullopt;
  const auto is = [&](std::string_view component, std::string_view variable) {
    return equal_without_case(event.component.name, component) &&
           (variable.empty() || equal_without_case(event.variable.name, variable));
  };
  if (is("TemperatureSensor", "Temperature")) {
    // A reading that merely changed is no alarm.
    if (event.trigger != types::EventTriggerEnumType::alerting) return std::nullopt;
    return heat_of(event, cleared);
  }
  const bool panic = !is("UIInput", "") || (event.component.instance && is("UIInput", "Operated") &&
                                            equal_without_case(*event.component.instance, "panic"));
  if (!panic) return std::nullopt;
  const auto sign =
      std::find_if(signs.begin(), signs.end(), [&](const Sign& one) { return is(one.component, one.variable); });
  if (sign == signs.end()) return std::nullopt;
  // The feed's Active says that there is power: its end is what matters.
  const bool lost_when_false = sign->kind == IncidentKind::mains_lost;
  const bool said = yes(event.actual_value) != lost_when_false;
  return Hazard{sign->kind, said && !cleared};
}

}  // namespace bayward::stations::v2

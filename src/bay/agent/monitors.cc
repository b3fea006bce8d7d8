// The monitors that the central system has set (OCPP 2.0.1 N04, N07): looked at once a second, told when crossed, moved
// or due.
#include "bay/agent/bay.h"
#include "bay/agent/messages.h"
#include "bay/agent/variables.h"

namespace bayward::bay {
namespace {

using Kind = v201::MonitorEnumType;

void tell(Bay& bay, const Monitor& monitor, const Variable& variable, const std::string& value,
          v201::EventTriggerEnumType trigger, bool cleared) {
  v201::NotifyEventRequest request;
  request.generated_at = bay.time();
  v201::EventDataType& data = request.event_data.emplace_back();
  data.event_id = (bay.boot % 20'000) * 100'000 + ++bay.last_event % 100'000;
  data.timestamp = bay.time();
  data.trigger = trigger;
  data.actual_value = value;
  data.component = component_of(variable);
  data.variable = variable_of(variable);
  data.variable_monitoring_id = monitor.id;
  data.event_notification_type = v201::EventNotificationEnumType::custom_monitor;
  if (cleared) data.cleared = true;
  bay.line.say(said(request, monitor.severity <= 3 ? Said::Keep::yes : Said::Keep::no));
}

void look_threshold(Bay& bay, Monitor& monitor, const Variable& variable, const std::string& value) {
  const auto number = ocpp::Decimal::parse(value);
  if (!number) return;
  const bool beyond = monitor.type == Kind::upper_threshold ? *number > monitor.value : *number < monitor.value;
  if (beyond == monitor.beyond) return;
  monitor.beyond = beyond;
  tell(bay, monitor, variable, value, v201::EventTriggerEnumType::alerting, !beyond);
}

void look_delta(Bay& bay, Monitor& monitor, const Variable& variable, const std::string& value) {
  const bool flag = value == "true" || value == "false";
  const auto number = flag ? std::optional(ocpp::Decimal::of(value == "true" ? 1 : 0)) : ocpp::Decimal::parse(value);
  const auto now = number ? number->scaled_rounded(3) : std::nullopt;
  if (!now) return;
  const int64_t before = monitor.reference.scaled_rounded(3).value_or(0);
  const int64_t step = flag ? 1 : monitor.value.scaled_rounded(3).value_or(0);
  const int64_t moved = *now > before ? *now - before : before - *now;
  if (monitor.has_reference && moved < step) return;
  if (monitor.has_reference && moved > 0) tell(bay, monitor, variable, value, v201::EventTriggerEnumType::delta, false);
  monitor.reference = *number;
  monitor.has_reference = true;
}

}  // namespace

void drive_monitors(Bay& bay) {
  for (Monitor& monitor : bay.monitors) {
    if (bay.now.up < monitor.next_at || monitor.severity > bay.monitoring_level) continue;
    v201::ComponentType component;
    component.name = monitor.component;
    component.instance = monitor.instance;
    v201::VariableType name;
    name.name = monitor.variable;
    const Found found = find_variable(component, name);
    if (!found.variable) continue;
    const std::string value = found.variable->get(bay);
    monitor.next_at = bay.now.up + 1s;
    if (monitor.type == Kind::upper_threshold || monitor.type == Kind::lower_threshold) {
      look_threshold(bay, monitor, *found.variable, value);
    } else if (monitor.type == Kind::delta) {
      look_delta(bay, monitor, *found.variable, value);
    } else {
      const int64_t every_s = monitor.value.scaled_rounded(0).value_or(60);
      monitor.next_at = bay.now.up + std::chrono::seconds{every_s};
      tell(bay, monitor, *found.variable, value, v201::EventTriggerEnumType::periodic, false);
    }
  }
}

}  // namespace bayward::bay

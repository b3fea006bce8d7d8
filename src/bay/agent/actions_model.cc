// The device model and its monitors as the central system reads and sets them (OCPP 2.0.1 B05 to B08, N02 to N08).
#include <algorithm>

#include "base/limits.h"
#include "bay/agent/events.h"
#include "bay/agent/messages.h"
#include "bay/agent/routes.h"
#include "bay/agent/variables.h"

namespace bayward::bay {
namespace {

constexpr size_t items_max = 32;  // DeviceDataCtrlr.ItemsPerMessage

v201::ReportDataType report_of(const Bay& bay, const Variable& variable, bool with_characteristics) {
  v201::ReportDataType out;
  out.component = component_of(variable);
  out.variable = variable_of(variable);
  v201::VariableAttributeType& attribute = out.variable_attribute.emplace_back();
  if (variable.get) attribute.value = cut(variable.get(bay), 2500);
  attribute.mutability = !variable.get  ? v201::MutabilityEnumType::write_only
                         : variable.set ? v201::MutabilityEnumType::read_write
                                        : v201::MutabilityEnumType::read_only;
  attribute.persistent = variable.configures;
  attribute.constant = false;
  if (!with_characteristics) return out;
  v201::VariableCharacteristicsType& about = out.variable_characteristics.emplace();
  about.data_type = variable.type;
  about.supports_monitoring = variable.get != nullptr;
  if (!variable.unit.empty()) about.unit = std::string(variable.unit);
  if (!variable.values_list.empty()) about.values_list = std::string(variable.values_list);
  if (variable.lowest) about.min_limit = ocpp::Decimal::of(*variable.lowest);
  if (variable.highest) about.max_limit = ocpp::Decimal::of(*variable.highest);
  return out;
}

void send_report(Bay& bay, int64_t request_id, const std::vector<const Variable*>& wanted) {
  int64_t seq = 0;
  for (size_t i = 0; i < wanted.size(); i += limits::bay_report_items) {
    v201::NotifyReportRequest report;
    report.request_id = request_id;
    report.generated_at = bay.time();
    report.seq_no = seq++;
    report.tbc = i + limits::bay_report_items < wanted.size();
    auto& data = report.report_data.emplace();
    for (size_t j = i; j < std::min(i + limits::bay_report_items, wanted.size()); ++j) {
      data.push_back(report_of(bay, *wanted[j], true));
    }
    bay.line.say(said(report));
  }
}

bool wanted_by(const Variable& variable, const std::vector<v201::ComponentVariableType>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const v201::ComponentVariableType& one) {
    if (!same_name(one.component.name, variable.component)) return false;
    if (one.component.instance && !same_name(*one.component.instance, variable.instance)) return false;
    if (!one.variable) return true;
    return same_name(one.variable->name, variable.name) &&
           (!one.variable->instance || same_name(*one.variable->instance, variable.name_instance));
  });
}

// B08: a criterion asks for components whose variable of that name is true; all of ours are active, available, enabled.
bool meets(const Bay& bay, const Variable& variable, const std::vector<v201::ComponentCriterionEnumType>& criteria) {
  return std::any_of(criteria.begin(), criteria.end(), [&](v201::ComponentCriterionEnumType criterion) {
    if (criterion != v201::ComponentCriterionEnumType::problem) return true;
    const auto all = variables();
    return std::any_of(all.begin(), all.end(), [&](const Variable& other) {
      return other.component == variable.component && other.instance == variable.instance && other.name == "Problem" &&
             other.get(bay) == "true";
    });
  });
}

bool is_number(v201::DataEnumType type) {
  return type == v201::DataEnumType::decimal || type == v201::DataEnumType::integer;
}

v201::SetMonitoringStatusEnumType take_monitor(Bay& bay, const v201::SetMonitoringDataType& wanted, int64_t& id) {
  using Status = v201::SetMonitoringStatusEnumType;
  using Kind = v201::MonitorEnumType;
  const Found found = find_variable(wanted.component, wanted.variable);
  if (!found.component_known) return Status::unknown_component;
  if (!found.variable) return Status::unknown_variable;
  const bool periodic = wanted.type == Kind::periodic || wanted.type == Kind::periodic_clock_aligned;
  if (!found.variable->get) return Status::unsupported_monitor_type;
  const bool threshold = wanted.type == Kind::upper_threshold || wanted.type == Kind::lower_threshold;
  if (threshold && !is_number(found.variable->type)) return Status::unsupported_monitor_type;
  if (periodic && wanted.value < ocpp::Decimal::of(1)) return Status::rejected;
  if (wanted.severity < 0 || wanted.severity > 9) return Status::rejected;
  const auto known = std::find_if(bay.monitors.begin(), bay.monitors.end(),
                                  [&](const Monitor& one) { return wanted.id && one.id == *wanted.id; });
  if (wanted.id && known == bay.monitors.end()) return Status::rejected;  // N04.FR.16: hard-wired or unknown
  const bool twice = std::any_of(bay.monitors.begin(), bay.monitors.end(), [&](const Monitor& one) {
    return (!wanted.id || one.id != *wanted.id) && one.type == wanted.type && one.severity == wanted.severity &&
           one.component == found.variable->component && one.instance == found.variable->instance &&
           one.variable == found.variable->name;
  });
  if (twice) return Status::duplicate;
  if (!wanted.id && bay.monitors.size() >= limits::bay_monitors) return Status::rejected;
  Monitor monitor;
  monitor.id = id = wanted.id ? *wanted.id : ++bay.last_monitor_id;
  monitor.component = found.variable->component;
  monitor.instance = found.variable->instance;
  monitor.variable = found.variable->name;
  monitor.type = wanted.type;
  monitor.value = wanted.value;
  monitor.severity = wanted.severity;
  monitor.next_at = bay.now.up;
  if (known != bay.monitors.end())
    *known = std::move(monitor);
  else
    bay.monitors.push_back(std::move(monitor));
  return Status::accepted;
}

v201::MonitoringDataType hard_wired(safety::Fault fault) {
  const FaultPlace& place = fault_places[static_cast<size_t>(fault)];
  v201::MonitoringDataType out;
  out.component.name = place.component;
  if (!place.instance.empty()) out.component.instance = std::string(place.instance);
  out.component.evse.emplace().id = 1;
  out.variable.name = place.variable;
  v201::VariableMonitoringType& monitor = out.variable_monitoring.emplace_back();
  monitor.id = monitor_id(fault);
  monitor.type =
      place.variable == "Temperature" ? v201::MonitorEnumType::upper_threshold : v201::MonitorEnumType::delta;
  monitor.value = ocpp::Decimal::of(1);
  monitor.severity = place.severity;
  return out;
}

v201::MonitoringDataType custom(const Monitor& one) {
  v201::MonitoringDataType out;
  out.component.name = one.component;
  if (!one.instance.empty()) out.component.instance = one.instance;
  out.variable.name = one.variable;
  v201::VariableMonitoringType& monitor = out.variable_monitoring.emplace_back();
  monitor.id = one.id;
  monitor.type = one.type;
  monitor.value = one.value;
  monitor.severity = one.severity;
  return out;
}

}  // namespace

Answered<v201::GetVariablesResponse> get_variables(Bay& bay, const v201::GetVariablesRequest& request) {
  using Status = v201::GetVariableStatusEnumType;
  if (request.get_variable_data.size() > items_max) {
    return Failure{ocpp::CallError{ocpp::ErrorCode::occurrence_constraint_violation, "at most 32 variables",
                                   ocpp::Json::object()}};
  }
  v201::GetVariablesResponse response;
  for (const v201::GetVariableDataType& wanted : request.get_variable_data) {
    v201::GetVariableResultType& result = response.get_variable_result.emplace_back();
    result.component = wanted.component;
    result.variable = wanted.variable;
    result.attribute_type = wanted.attribute_type;
    const Found found = find_variable(wanted.component, wanted.variable);
    const bool actual =
        wanted.attribute_type.value_or(v201::AttributeEnumType::actual) == v201::AttributeEnumType::actual;
    if (!found.component_known)
      result.attribute_status = Status::unknown_component;
    else if (!found.variable)
      result.attribute_status = Status::unknown_variable;
    else if (!actual)
      result.attribute_status = Status::not_supported_attribute_type;
    else if (!found.variable->get)
      result.attribute_status = Status::rejected;  // B06.FR.09: write only
    else {
      result.attribute_status = Status::accepted;
      result.attribute_value = cut(found.variable->get(bay), 2500);
    }
  }
  return response;
}

Answered<v201::SetVariablesResponse> set_variables(Bay& bay, const v201::SetVariablesRequest& request) {
  using Status = v201::SetVariableStatusEnumType;
  if (request.set_variable_data.size() > items_max) {
    return Failure{ocpp::CallError{ocpp::ErrorCode::occurrence_constraint_violation, "at most 32 variables",
                                   ocpp::Json::object()}};
  }
  v201::SetVariablesResponse response;
  for (const v201::SetVariableDataType& wanted : request.set_variable_data) {
    v201::SetVariableResultType& result = response.set_variable_result.emplace_back();
    result.component = wanted.component;
    result.variable = wanted.variable;
    result.attribute_type = wanted.attribute_type;
    const Found found = find_variable(wanted.component, wanted.variable);
    const bool actual =
        wanted.attribute_type.value_or(v201::AttributeEnumType::actual) == v201::AttributeEnumType::actual;
    if (!found.component_known)
      result.attribute_status = Status::unknown_component;
    else if (!found.variable)
      result.attribute_status = Status::unknown_variable;
    else if (!actual)
      result.attribute_status = Status::not_supported_attribute_type;
    else if (!found.variable->set)
      result.attribute_status = Status::rejected;  // B05.FR.07: read only
    else {
      const bool good = set_variable(bay, *found.variable, wanted.attribute_value);
      result.attribute_status = good ? Status::accepted : Status::rejected;
    }
  }
  return response;
}

Answered<v201::GetBaseReportResponse> get_base_report(Bay& bay, const v201::GetBaseReportRequest& request) {
  std::vector<const Variable*> wanted;
  for (const Variable& variable : variables()) {
    const bool summary = variable.name == "AvailabilityState" || variable.name == "Problem";
    const bool fits = request.report_base == v201::ReportBaseEnumType::full_inventory ||
                      (request.report_base == v201::ReportBaseEnumType::configuration_inventory && variable.set) ||
                      (request.report_base == v201::ReportBaseEnumType::summary_inventory && summary);
    if (fits) wanted.push_back(&variable);
  }
  send_report(bay, request.request_id, wanted);
  v201::GetBaseReportResponse response;
  response.status = v201::GenericDeviceModelStatusEnumType::accepted;
  return response;
}

Answered<v201::GetReportResponse> get_report(Bay& bay, const v201::GetReportRequest& request) {
  std::vector<const Variable*> wanted;
  for (const Variable& variable : variables()) {
    if (request.component_variable && !wanted_by(variable, *request.component_variable)) continue;
    if (request.component_criteria && !meets(bay, variable, *request.component_criteria)) continue;
    wanted.push_back(&variable);
  }
  v201::GetReportResponse response;
  response.status = wanted.empty() ? v201::GenericDeviceModelStatusEnumType::empty_result_set
                                   : v201::GenericDeviceModelStatusEnumType::accepted;
  send_report(bay, request.request_id, wanted);
  return response;
}

Answered<v201::SetVariableMonitoringResponse> set_variable_monitoring(
    Bay& bay, const v201::SetVariableMonitoringRequest& request) {
  v201::SetVariableMonitoringResponse response;
  for (const v201::SetMonitoringDataType& wanted : request.set_monitoring_data) {
    v201::SetMonitoringResultType& result = response.set_monitoring_result.emplace_back();
    result.component = wanted.component;
    result.variable = wanted.variable;
    result.type = wanted.type;
    result.severity = wanted.severity;
    int64_t id = 0;
    result.status = take_monitor(bay, wanted, id);
    if (id != 0) result.id = id;
  }
  return response;
}

Answered<v201::ClearVariableMonitoringResponse> clear_variable_monitoring(
    Bay& bay, const v201::ClearVariableMonitoringRequest& request) {
  v201::ClearVariableMonitoringResponse response;
  for (const int64_t id : request.id) {
    v201::ClearMonitoringResultType& result = response.clear_monitoring_result.emplace_back();
    result.id = id;
    const bool wired = id >= 1 && id <= static_cast<int64_t>(safety::fault_count);
    const size_t cleared = std::erase_if(bay.monitors, [&](const Monitor& one) { return one.id == id; });
    result.status = wired          ? v201::ClearMonitoringStatusEnumType::rejected  // N06.FR.04
                    : cleared == 0 ? v201::ClearMonitoringStatusEnumType::not_found
                                   : v201::ClearMonitoringStatusEnumType::accepted;
  }
  return response;
}

Answered<v201::SetMonitoringBaseResponse> set_monitoring_base(Bay& bay, const v201::SetMonitoringBaseRequest& request) {
  // N03: all and factory default are the same here; hard-wired ones always report.
  if (request.monitoring_base != v201::MonitoringBaseEnumType::all) bay.monitors.clear();
  v201::SetMonitoringBaseResponse response;
  response.status = v201::GenericDeviceModelStatusEnumType::accepted;
  return response;
}

Answered<v201::SetMonitoringLevelResponse> set_monitoring_level(Bay& bay,
                                                                const v201::SetMonitoringLevelRequest& request) {
  v201::SetMonitoringLevelResponse response;
  const bool possible = request.severity >= 0 && request.severity <= 9;
  response.status = possible ? v201::GenericStatusEnumType::accepted : v201::GenericStatusEnumType::rejected;
  if (possible) bay.monitoring_level = request.severity;
  return response;
}

Answered<v201::GetMonitoringReportResponse> get_monitoring_report(Bay& bay,
                                                                  const v201::GetMonitoringReportRequest& request) {
  std::vector<v201::MonitoringDataType> found;
  for (size_t i = 0; i < safety::fault_count; ++i) found.push_back(hard_wired(static_cast<safety::Fault>(i)));
  for (const Monitor& monitor : bay.monitors) found.push_back(custom(monitor));
  if (request.component_variable) {
    std::erase_if(found, [&](const v201::MonitoringDataType& data) {
      return std::none_of(request.component_variable->begin(), request.component_variable->end(), [&](const auto& one) {
        return same_name(one.component.name, data.component.name) &&
               (!one.variable || same_name(one.variable->name, data.variable.name));
      });
    });
  }
  v201::GetMonitoringReportResponse response;
  response.status = found.empty() ? v201::GenericDeviceModelStatusEnumType::empty_result_set
                                  : v201::GenericDeviceModelStatusEnumType::accepted;
  int64_t seq = 0;
  for (size_t i = 0; i < found.size(); i += limits::bay_report_items) {
    v201::NotifyMonitoringReportRequest report;
    report.request_id = request.request_id;
    report.seq_no = seq++;
    report.generated_at = bay.time();
    const size_t end = std::min(i + limits::bay_report_items, found.size());
    report.tbc = end < found.size();
    report.monitor =
        std::vector(found.begin() + static_cast<ptrdiff_t>(i), found.begin() + static_cast<ptrdiff_t>(end));
    bay.line.say(said(report));
  }
  return response;
}

}  // namespace bayward::bay

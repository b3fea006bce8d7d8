#include "mesh/messages.h"

namespace bayward::mesh {

std::string_view to_text(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::other:
      return "other";
    case AlarmKind::connector_hot:
      return "connector_hot";
    case AlarmKind::cable_hot:
      return "cable_hot";
    case AlarmKind::smoke:
      return "smoke";
    case AlarmKind::over_current:
      return "over_current";
    case AlarmKind::residual_current:
      return "residual_current";
    case AlarmKind::voltage:
      return "voltage";
    case AlarmKind::welded_contactor:
      return "welded_contactor";
    case AlarmKind::earth_lost:
      return "earth_lost";
    case AlarmKind::emergency_stop:
      return "emergency_stop";
    case AlarmKind::break_in:
      return "break_in";
    case AlarmKind::panic:
      return "panic";
    case AlarmKind::wrong_vehicle:
      return "wrong_vehicle";
    case AlarmKind::tampering:
      return "tampering";
    case AlarmKind::device_silent:
      return "device_silent";
    case AlarmKind::mains_lost:
      return "mains_lost";
  }
  return "other";
}

std::string_view to_text(AlarmLevel level) {
  switch (level) {
    case AlarmLevel::notice:
      return "notice";
    case AlarmLevel::warning:
      return "warning";
    case AlarmLevel::danger:
      return "danger";
  }
  return "danger";
}

std::string_view to_text(BayCondition condition) {
  switch (condition) {
    case BayCondition::unknown:
      return "unknown";
    case BayCondition::idle:
      return "idle";
    case BayCondition::held:
      return "held";
    case BayCondition::reserved:
      return "reserved";
    case BayCondition::occupied:
      return "occupied";
    case BayCondition::charging:
      return "charging";
    case BayCondition::faulted:
      return "faulted";
    case BayCondition::out_of_service:
      return "out_of_service";
  }
  return "unknown";
}

std::string to_text(const AlarmId& id) {
  return to_text(id.origin) + "/" + std::to_string(id.number);
}

}  // namespace bayward::mesh

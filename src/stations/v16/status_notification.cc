#include <array>
#include <set>

#include "base/limits.h"
#include "stations/field.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

// The nine states of 1.6 (OCPP 1.6 4.9) as those of 2.0.1.
core::ConnectorStatus mapped(types::ChargePointStatus status) {
  switch (status) {
    case types::ChargePointStatus::available:
      return core::ConnectorStatus::available;
    case types::ChargePointStatus::preparing:
    case types::ChargePointStatus::charging:
    case types::ChargePointStatus::suspended_evse:
    case types::ChargePointStatus::suspended_ev:
    case types::ChargePointStatus::finishing:
      return core::ConnectorStatus::occupied;
    case types::ChargePointStatus::reserved:
      return core::ConnectorStatus::reserved;
    case types::ChargePointStatus::unavailable:
      return core::ConnectorStatus::unavailable;
    case types::ChargePointStatus::faulted:
      return core::ConnectorStatus::faulted;
  }
  return core::ConnectorStatus::unknown;
}

// 4.9: what a fault is. None: no danger to anybody.
std::optional<core::IncidentKind> hazard_of(types::ChargePointErrorCode code) {
  switch (code) {
    case types::ChargePointErrorCode::high_temperature:
      return core::IncidentKind::thermal_danger;
    case types::ChargePointErrorCode::ground_failure:
      return core::IncidentKind::residual_current;
    case types::ChargePointErrorCode::over_current_failure:
      return core::IncidentKind::overcurrent;
    case types::ChargePointErrorCode::over_voltage:
    case types::ChargePointErrorCode::under_voltage:
      return core::IncidentKind::voltage;
    default:
      return std::nullopt;
  }
}

// A fault is told with its code; it is over when the connector says anything with NoError.
Part<Told> report_fault(SessionPtr session, uint16_t connector, std::optional<core::IncidentKind> fault, Instant at) {
  constexpr std::array kinds = {core::IncidentKind::thermal_danger, core::IncidentKind::residual_current,
                                core::IncidentKind::overcurrent, core::IncidentKind::voltage};
  // At first sight everything else is told to be over: an earlier server may have known otherwise.
  const auto [place, fresh] = session->station().faults_told.try_emplace(connector, kinds.begin(), kinds.end());
  std::set<core::IncidentKind>& told = place->second;
  if (fresh && fault) told.erase(*fault);
  for (const core::IncidentKind kind : kinds) {
    const bool active = fault == kind;
    if (active == told.contains(kind)) continue;
    if (co_await report_hazard(session, connector, kind, active, at) == Told::busy) co_return Told::busy;
    active ? void(told.insert(kind)) : void(told.erase(kind));
  }
  co_return Told::done;
}

Flow take_status(SessionPtr session, ocpp::CallSerial serial, ConnectorReport report,
                 std::optional<core::IncidentKind> fault, Instant at) {
  const Turn turn = co_await session->turns().take();
  if (co_await report_status(session, report) == Told::busy) co_return refuse_busy(*session, serial);
  if (co_await report_fault(session, report.evse, fault, at) == Told::busy) co_return refuse_busy(*session, serial);
  session->answer(serial, types::StatusNotificationResponse{});
}

}  // namespace

bool possible_connector(int64_t connector, bool whole_allowed) {
  return connector >= (whole_allowed ? 0 : 1) && connector <= limits::connectors_per_station;
}

ocpp::CallError impossible_connector() {
  return {ocpp::ErrorCode::property_constraint_violation,
          "connectorId: 1 to " + std::to_string(limits::connectors_per_station) + " are served here",
          ocpp::Json::object()};
}

void status_notification(StationSession& session, ocpp::CallSerial serial,
                         const types::StatusNotificationRequest& request) {
  if (!possible_connector(request.connector_id, true)) {
    const ocpp::CallError error = impossible_connector();
    return session.refuse(serial, error.code, error.description);
  }
  const auto connector = static_cast<uint16_t>(request.connector_id);
  take_status(session.shared_from_this(), serial, {connector, 1, mapped(request.status)}, hazard_of(request.error_code),
              request.timestamp.value_or(session.now()));
}

}  // namespace bayward::stations::v16

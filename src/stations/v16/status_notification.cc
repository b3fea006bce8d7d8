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

Flow take_status(SessionPtr session, ocpp::CallSerial serial, ConnectorReport report) {
  const Turn turn = co_await session->turns().take();
  if (co_await report_status(session, report) == Told::busy) co_return refuse_busy(*session, serial);
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
  take_status(session.shared_from_this(), serial, {connector, 1, mapped(request.status)});
}

}  // namespace bayward::stations::v16

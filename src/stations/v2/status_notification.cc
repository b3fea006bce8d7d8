#include "base/limits.h"
#include "stations/field.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

core::ConnectorStatus mapped(types::ConnectorStatusEnumType status) {
  switch (status) {
    case types::ConnectorStatusEnumType::available:
      return core::ConnectorStatus::available;
    case types::ConnectorStatusEnumType::occupied:
      return core::ConnectorStatus::occupied;
    case types::ConnectorStatusEnumType::reserved:
      return core::ConnectorStatus::reserved;
    case types::ConnectorStatusEnumType::unavailable:
      return core::ConnectorStatus::unavailable;
    case types::ConnectorStatusEnumType::faulted:
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

bool possible_evse(int64_t evse, bool whole_allowed) {
  return evse >= (whole_allowed ? 0 : 1) && evse <= limits::connectors_per_station;
}

ocpp::CallError impossible_evse() {
  return {ocpp::ErrorCode::property_constraint_violation,
          "EVSE and connector: 1 to " + std::to_string(limits::connectors_per_station) + " are served here",
          ocpp::Json::object()};
}

// OCPP 2.0.1 G01.
void status_notification(StationSession& session, ocpp::CallSerial serial,
                         const types::StatusNotificationRequest& request) {
  if (!possible_evse(request.evse_id, true) || !possible_evse(request.connector_id, true)) {
    const ocpp::CallError error = impossible_evse();
    return session.refuse(serial, error.code, error.description);
  }
  take_status(session.shared_from_this(), serial,
              {static_cast<uint16_t>(request.evse_id), static_cast<uint16_t>(request.connector_id),
               mapped(request.connector_status)});
}

}  // namespace bayward::stations::v2

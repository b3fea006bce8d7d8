// Actions that are only taken note of.
#include "ports/log.h"
#include "stations/v201/actions.h"

namespace bayward::stations::v201 {

Answered<types::HeartbeatResponse> heartbeat(StationSession& session, const types::HeartbeatRequest&) {
  types::HeartbeatResponse response;
  response.current_time = session.now();
  return response;
}

Answered<types::FirmwareStatusNotificationResponse> firmware_status(
    StationSession& session, const types::FirmwareStatusNotificationRequest& request) {
  log::info("station.firmware_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::FirmwareStatusNotificationResponse{};
}

Answered<types::LogStatusNotificationResponse> log_status(StationSession& session,
                                                          const types::LogStatusNotificationRequest& request) {
  log::info("station.log_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::LogStatusNotificationResponse{};
}

Answered<types::SecurityEventNotificationResponse> security_event(
    StationSession& session, const types::SecurityEventNotificationRequest& request) {
  log::warn("station.security_event", {{"station", session.admission().identity}, {"type", request.type}});
  return types::SecurityEventNotificationResponse{};
}

// We ask for no reports; a station may send one that another system asked for.
Answered<types::NotifyReportResponse> notify_report(StationSession&, const types::NotifyReportRequest&) {
  return types::NotifyReportResponse{};
}

// OCPP 2.0.1 P02: no vendor's messages are known here.
Answered<types::DataTransferResponse> data_transfer(StationSession&, const types::DataTransferRequest&) {
  types::DataTransferResponse response;
  response.status = types::DataTransferStatusEnumType::unknown_vendor_id;
  return response;
}

}  // namespace bayward::stations::v201

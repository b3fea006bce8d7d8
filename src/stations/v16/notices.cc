// Actions that are only taken note of.
#include "ports/log.h"
#include "stations/csms.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {

Answered<types::HeartbeatResponse> heartbeat(StationSession& session, const types::HeartbeatRequest&) {
  return types::HeartbeatResponse{.current_time = session.now()};
}

Answered<types::FirmwareStatusNotificationResponse> firmware_status(
    StationSession& session, const types::FirmwareStatusNotificationRequest& request) {
  session.csms().fleet().firmware_status(session, std::nullopt, types::to_text(request.status));
  return types::FirmwareStatusNotificationResponse{};
}

Answered<types::DiagnosticsStatusNotificationResponse> diagnostics_status(
    StationSession& session, const types::DiagnosticsStatusNotificationRequest& request) {
  log::info("station.diagnostics_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::DiagnosticsStatusNotificationResponse{};
}

Answered<types::LogStatusNotificationResponse> log_status(StationSession& session,
                                                          const types::LogStatusNotificationRequest& request) {
  log::info("station.log_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::LogStatusNotificationResponse{};
}

Answered<types::SignedFirmwareStatusNotificationResponse> signed_firmware_status(
    StationSession& session, const types::SignedFirmwareStatusNotificationRequest& request) {
  session.csms().fleet().firmware_status(session, request.request_id, types::to_text(request.status));
  return types::SignedFirmwareStatusNotificationResponse{};
}

}  // namespace bayward::stations::v16

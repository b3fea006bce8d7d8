// Actions that are only taken note of.
#include "ports/log.h"
#include "stations/csms.h"
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
// Only a site's controller has something to say here, see docs/authority.md.
void data_transfer(StationSession& session, ocpp::CallSerial serial, const types::DataTransferRequest& request) {
  Controllers& controllers = session.csms().controllers();
  const std::string message = request.message_id.value_or("");
  if (controllers.takes(request.vendor_id, message)) {
    return controllers.take_log(session.shared_from_this(), serial, request.data.value_or(ocpp::Json::object()));
  }
  types::DataTransferResponse response;
  const bool ours = request.vendor_id == core::site_message::vendor;
  response.status = ours ? types::DataTransferStatusEnumType::unknown_message_id
                         : types::DataTransferStatusEnumType::unknown_vendor_id;
  session.answer(serial, response);
}

}  // namespace bayward::stations::v201

// Actions that are only taken note of.
#include "ports/log.h"
#include "stations/csms.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {

Answered<types::HeartbeatResponse> heartbeat(StationSession& session, const types::HeartbeatRequest&) {
  types::HeartbeatResponse response;
  response.current_time = session.now();
  return response;
}

Answered<types::FirmwareStatusNotificationResponse> firmware_status(
    StationSession& session, const types::FirmwareStatusNotificationRequest& request) {
  session.csms().fleet().firmware_status(session, request.request_id, types::to_text(request.status));
  return types::FirmwareStatusNotificationResponse{};
}

Answered<types::LogStatusNotificationResponse> log_status(StationSession& session,
                                                          const types::LogStatusNotificationRequest& request) {
  log::info("station.log_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::LogStatusNotificationResponse{};
}

// K12, K13: limits set by others.
Answered<types::NotifyChargingLimitResponse> charging_limit(StationSession& session,
                                                            const types::NotifyChargingLimitRequest& request) {
  log::info("station.charging_limit",
            {{"station", session.admission().identity}, {"by", request.charging_limit.charging_limit_source}});
  return types::NotifyChargingLimitResponse{};
}

Answered<types::ClearedChargingLimitResponse> charging_limit_cleared(
    StationSession& session, const types::ClearedChargingLimitRequest& request) {
  log::info("station.charging_limit_cleared",
            {{"station", session.admission().identity}, {"by", request.charging_limit_source}});
  return types::ClearedChargingLimitResponse{};
}

// K15, K17: no schedules are made for ISO 15118 cars; they charge as the station allows.
Answered<types::NotifyEVChargingNeedsResponse> charging_needs(StationSession&,
                                                              const types::NotifyEVChargingNeedsRequest&) {
  types::NotifyEVChargingNeedsResponse response;
  response.status = types::NotifyEVChargingNeedsStatusEnumType::rejected;
  return response;
}

Answered<types::NotifyEVChargingScheduleResponse> charging_schedule(StationSession&,
                                                                    const types::NotifyEVChargingScheduleRequest&) {
  types::NotifyEVChargingScheduleResponse response;
  response.status = types::GenericStatusEnumType::accepted;
  return response;
}

// M01, M02, M06: plug and charge is not offered.
Answered<types::Get15118EVCertificateResponse> contract_certificate(StationSession&,
                                                                    const types::Get15118EVCertificateRequest&) {
  types::Get15118EVCertificateResponse response;
  response.status = types::Iso15118EVCertificateStatusEnumType::failed;
  return response;
}

Answered<types::GetCertificateStatusResponse> certificate_status(StationSession&,
                                                                 const types::GetCertificateStatusRequest&) {
  types::GetCertificateStatusResponse response;
  response.status = types::GetCertificateStatusEnumType::failed;
  return response;
}

// L03.
Answered<types::PublishFirmwareStatusNotificationResponse> publish_firmware_status(
    StationSession& session, const types::PublishFirmwareStatusNotificationRequest& request) {
  log::info("station.publish_firmware_status",
            {{"station", session.admission().identity}, {"status", types::to_text(request.status)}});
  return types::PublishFirmwareStatusNotificationResponse{};
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

}  // namespace bayward::stations::v2

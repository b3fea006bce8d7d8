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

}  // namespace bayward::stations::v2

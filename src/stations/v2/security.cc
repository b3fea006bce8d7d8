#include "stations/security.h"

#include "stations/v2/actions.h"

namespace bayward::stations::v2 {

// OCPP 2.0.1 A02, A03. Certificates for ISO 15118 are not made here.
void sign_certificate(StationSession& session, ocpp::CallSerial serial, const types::SignCertificateRequest& request) {
  using types::CertificateSigningUseEnumType;
  const auto use = request.certificate_type.value_or(CertificateSigningUseEnumType::charging_station_certificate);
  if (use != CertificateSigningUseEnumType::charging_station_certificate) {
    types::SignCertificateResponse response;
    response.status = types::GenericStatusEnumType::rejected;
    response.status_info.emplace().reason_code = "UnsupportedRequest";
    return session.answer(serial, response);
  }
  stations::sign_certificate(session.shared_from_this(), {request.csr, request.request_id},
                             [serial](StationSession& told, const std::string* refused) {
                               types::SignCertificateResponse response;
                               response.status = refused ? types::GenericStatusEnumType::rejected
                                                         : types::GenericStatusEnumType::accepted;
                               if (refused) {
                                 auto& info = response.status_info.emplace();
                                 info.reason_code = "InvalidCSR";
                                 info.additional_info = *refused;
                               }
                               told.answer(serial, response);
                             });
}

Answered<types::SecurityEventNotificationResponse> security_event(
    StationSession& session, const types::SecurityEventNotificationRequest& request) {
  report_security_event(session, request.type, request.tech_info.value_or(""), request.timestamp);
  return types::SecurityEventNotificationResponse{};
}

}  // namespace bayward::stations::v2

#include "stations/security.h"

#include "stations/v16/actions.h"

namespace bayward::stations::v16 {

// OCPP 1.6 security whitepaper A02, A03.
void sign_certificate(StationSession& session, ocpp::CallSerial serial, const types::SignCertificateRequest& request) {
  stations::sign_certificate(
      session.shared_from_this(), {request.csr, {}}, [serial](StationSession& told, const std::string* refused) {
        types::SignCertificateResponse response;
        response.status = refused ? types::GenericStatusEnumType::rejected : types::GenericStatusEnumType::accepted;
        told.answer(serial, response);
      });
}

Answered<types::SecurityEventNotificationResponse> security_event(
    StationSession& session, const types::SecurityEventNotificationRequest& request) {
  report_security_event(session, request.type, request.tech_info.value_or(""), request.timestamp);
  return types::SecurityEventNotificationResponse{};
}

}  // namespace bayward::stations::v16

// What all versions do with certificates, passwords and security events. On the stations' thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ports/security_log.h"
#include "stations/charging.h"

namespace bayward::stations {

// Signs what the station asks for, in its own name only (OCPP 2.0.1 A02, A03; 1.6 security whitepaper A02).
// `answer` comes first: nullptr when it will be signed, else why not; CertificateSigned follows.
struct SigningCall {
  std::string csr;
  std::optional<int64_t> number;  // 2.1: comes back with the certificate
};
using SigningAnswer = std::function<void(StationSession&, const std::string* refused)>;
Flow sign_certificate(SessionPtr session, SigningCall request, SigningAnswer answer);
// Asks for a new signing request when the certificate that the station came with will soon end.
void renew_certificate(StationSession& session);

// A new password for the station; see stations/credentials.h for what counts when.
Flow change_password(SessionPtr session, std::function<void(StationAnswer)> done);

// SecurityEventNotification.
void report_security_event(StationSession& session, std::string_view type, std::string_view detail, Instant at);

}  // namespace bayward::stations

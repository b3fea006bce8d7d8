// The actions of OCPP 1.6 that a station calls, one file each; routes.cc is their table.
#pragma once

#include "ocpp/rpc/route.h"
#include "ocpp/v16/types.h"
#include "stations/charging.h"
#include "stations/session.h"

namespace bayward::stations::v16 {

namespace types = ocpp::v16;
template <class T>
using Answered = Result<T, ocpp::CallError>;

Answered<types::BootNotificationResponse> boot_notification(StationSession&, const types::BootNotificationRequest&);
Answered<types::HeartbeatResponse> heartbeat(StationSession&, const types::HeartbeatRequest&);
void status_notification(StationSession&, ocpp::CallSerial, const types::StatusNotificationRequest&);
void sign_certificate(StationSession&, ocpp::CallSerial, const types::SignCertificateRequest&);
void authorize(StationSession&, ocpp::CallSerial, const types::AuthorizeRequest&);
void start_transaction(StationSession&, ocpp::CallSerial, const types::StartTransactionRequest&);
void stop_transaction(StationSession&, ocpp::CallSerial, const types::StopTransactionRequest&);
void meter_values(StationSession&, ocpp::CallSerial, const types::MeterValuesRequest&);
void data_transfer(StationSession&, ocpp::CallSerial, const types::DataTransferRequest&);
Answered<types::FirmwareStatusNotificationResponse> firmware_status(StationSession&,
                                                                    const types::FirmwareStatusNotificationRequest&);
Answered<types::DiagnosticsStatusNotificationResponse> diagnostics_status(
    StationSession&, const types::DiagnosticsStatusNotificationRequest&);
Answered<types::SecurityEventNotificationResponse> security_event(StationSession&,
                                                                  const types::SecurityEventNotificationRequest&);
Answered<types::LogStatusNotificationResponse> log_status(StationSession&, const types::LogStatusNotificationRequest&);
Answered<types::SignedFirmwareStatusNotificationResponse> signed_firmware_status(
    StationSession&, const types::SignedFirmwareStatusNotificationRequest&);

// Used by several.
types::IdTagInfo id_tag_info(const Permit& permit);
std::vector<Readings> readings_of(const std::vector<types::MeterValue>& values);
bool broken_register(const std::vector<types::MeterValue>& values);

// Whether a connector id can be meant: 1..limits::connectors_per_station, with 0 where the whole station is allowed.
bool possible_connector(int64_t connector, bool whole_allowed);
ocpp::CallError impossible_connector();

}  // namespace bayward::stations::v16

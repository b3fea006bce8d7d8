// The actions of OCPP 2.0.1 that a station calls, one file each; routes.cc is their table.
#pragma once

#include "ocpp/rpc/route.h"
#include "ocpp/v201/types.h"
#include "stations/charging.h"
#include "stations/session.h"

namespace bayward::stations::v201 {

namespace types = ocpp::v201;
template <class T>
using Answered = Result<T, ocpp::CallError>;

Answered<types::BootNotificationResponse> boot_notification(StationSession&, const types::BootNotificationRequest&);
Answered<types::HeartbeatResponse> heartbeat(StationSession&, const types::HeartbeatRequest&);
void status_notification(StationSession&, ocpp::CallSerial, const types::StatusNotificationRequest&);
void sign_certificate(StationSession&, ocpp::CallSerial, const types::SignCertificateRequest&);
void authorize(StationSession&, ocpp::CallSerial, const types::AuthorizeRequest&);
void transaction_event(StationSession&, ocpp::CallSerial, const types::TransactionEventRequest&);
void notify_event(StationSession&, ocpp::CallSerial, const types::NotifyEventRequest&);
Answered<types::MeterValuesResponse> meter_values(StationSession&, const types::MeterValuesRequest&);
Answered<types::ReservationStatusUpdateResponse> reservation_status_update(
    StationSession&, const types::ReservationStatusUpdateRequest&);
void data_transfer(StationSession&, ocpp::CallSerial, const types::DataTransferRequest&);
Answered<types::FirmwareStatusNotificationResponse> firmware_status(StationSession&,
                                                                    const types::FirmwareStatusNotificationRequest&);
Answered<types::LogStatusNotificationResponse> log_status(StationSession&, const types::LogStatusNotificationRequest&);
Answered<types::SecurityEventNotificationResponse> security_event(StationSession&,
                                                                  const types::SecurityEventNotificationRequest&);
Answered<types::NotifyReportResponse> notify_report(StationSession&, const types::NotifyReportRequest&);
Answered<types::NotifyMonitoringReportResponse> notify_monitoring_report(StationSession&,
                                                                         const types::NotifyMonitoringReportRequest&);
Answered<types::ReportChargingProfilesResponse> report_charging_profiles(StationSession&,
                                                                         const types::ReportChargingProfilesRequest&);
Answered<types::NotifyCustomerInformationResponse> notify_customer_information(
    StationSession&, const types::NotifyCustomerInformationRequest&);
Answered<types::NotifyDisplayMessagesResponse> notify_display_messages(StationSession&,
                                                                       const types::NotifyDisplayMessagesRequest&);
Answered<types::NotifyChargingLimitResponse> charging_limit(StationSession&, const types::NotifyChargingLimitRequest&);
Answered<types::ClearedChargingLimitResponse> charging_limit_cleared(StationSession&,
                                                                     const types::ClearedChargingLimitRequest&);
Answered<types::NotifyEVChargingNeedsResponse> charging_needs(StationSession&,
                                                              const types::NotifyEVChargingNeedsRequest&);
Answered<types::NotifyEVChargingScheduleResponse> charging_schedule(StationSession&,
                                                                    const types::NotifyEVChargingScheduleRequest&);
Answered<types::Get15118EVCertificateResponse> contract_certificate(StationSession&,
                                                                    const types::Get15118EVCertificateRequest&);
Answered<types::GetCertificateStatusResponse> certificate_status(StationSession&,
                                                                 const types::GetCertificateStatusRequest&);
Answered<types::PublishFirmwareStatusNotificationResponse> publish_firmware_status(
    StationSession&, const types::PublishFirmwareStatusNotificationRequest&);

// Used by several.
types::IdTokenInfoType id_token_info(const Permit& permit);
// Tokens of type NoAuthorization present nothing (C01, C03).
Presented presented(StationSession& session, const types::IdTokenType& token);
std::vector<Readings> readings_of(const std::vector<types::MeterValueType>& values);
bool broken_register(const std::vector<types::MeterValueType>& values);

// Whether an EVSE id can be meant: 1..limits::connectors_per_station, with 0 where the whole station is allowed.
bool possible_evse(int64_t evse, bool whole_allowed);
ocpp::CallError impossible_evse();

}  // namespace bayward::stations::v201

// The actions of OCPP 2.0.1 and 2.1 that a station calls, one file each; routes.cc is their table. The types are those
// of 2.1, which have all that 2.0.1 has; what a message may look like is said by the schema of the station's version.
#pragma once

#include <optional>
#include <string_view>

#include "ocpp/rpc/route.h"
#include "ocpp/v21/types.h"
#include "stations/charging.h"
#include "stations/session.h"

namespace bayward::stations::v2 {

namespace types = ocpp::v21;
template <class T>
using Answered = Result<T, ocpp::CallError>;

Answered<types::BootNotificationResponse> boot_notification(StationSession&, const types::BootNotificationRequest&);
Answered<types::HeartbeatResponse> heartbeat(StationSession&, const types::HeartbeatRequest&);
void status_notification(StationSession&, ocpp::CallSerial, const types::StatusNotificationRequest&);
// A SEND (2.1), and what is wrong with it: nothing is answered, whatever it is.
std::optional<ocpp::CallError> take_send(StationSession&, const ocpp::IncomingSend&);
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
Answered<types::NotifyReportResponse> notify_report(StationSession&, const types::NotifyReportRequest&,
                                                    const ocpp::Json&);
Answered<types::NotifyMonitoringReportResponse> notify_monitoring_report(StationSession&,
                                                                         const types::NotifyMonitoringReportRequest&,
                                                                         const ocpp::Json&);
Answered<types::ReportChargingProfilesResponse> report_charging_profiles(StationSession&,
                                                                         const types::ReportChargingProfilesRequest&,
                                                                         const ocpp::Json&);
Answered<types::NotifyCustomerInformationResponse> notify_customer_information(
    StationSession&, const types::NotifyCustomerInformationRequest&, const ocpp::Json&);
Answered<types::NotifyDisplayMessagesResponse> notify_display_messages(StationSession&,
                                                                       const types::NotifyDisplayMessagesRequest&,
                                                                       const ocpp::Json&);
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

// Of 2.1 only.
Answered<types::OpenPeriodicEventStreamResponse> stream_opened(StationSession&,
                                                               const types::OpenPeriodicEventStreamRequest&);
Answered<types::ClosePeriodicEventStreamResponse> stream_closed(StationSession&,
                                                                const types::ClosePeriodicEventStreamRequest&);
Answered<types::NotifyDERAlarmResponse> der_alarm(StationSession&, const types::NotifyDERAlarmRequest&);
Answered<types::NotifyDERStartStopResponse> der_start_stop(StationSession&, const types::NotifyDERStartStopRequest&);
Answered<types::NotifyPriorityChargingResponse> priority_charging(StationSession&,
                                                                  const types::NotifyPriorityChargingRequest&);
Answered<types::ReportDERControlResponse> report_der_control(StationSession&, const types::ReportDERControlRequest&,
                                                             const ocpp::Json&);

// Kinds of tokens, as both versions spell them.
inline constexpr std::string_view central_token = "Central";
inline constexpr std::string_view card_token = "ISO14443";
inline constexpr std::string_view no_token = "NoAuthorization";

// Used by several.
types::IdTokenInfoType id_token_info(const Permit& permit);
// Tokens of type NoAuthorization present nothing (C01, C03).
Presented presented(StationSession& session, const types::IdTokenType& token);
std::vector<Readings> readings_of(const std::vector<types::MeterValueType>& values);
bool broken_register(const std::vector<types::MeterValueType>& values);

// Whether an EVSE id can be meant: 1..limits::connectors_per_station, with 0 where the whole station is allowed.
bool possible_evse(int64_t evse, bool whole_allowed);
ocpp::CallError impossible_evse();

}  // namespace bayward::stations::v2

// What comes in numbered parts after staff has asked for it.
#include "stations/csms.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

struct Place {
  std::optional<int64_t> number;
  bool to_be_continued = false;
  size_t items = 0;
};

template <class Request>
Answered<typename Request::Response> take(StationSession& session, const Request& request, const Place& place,
                                          const ocpp::Json& as_it_came) {
  if (!session.known()) return typename Request::Response{};
  (void)session.station().reports.take({Request::action_name, request.request_id, place.number, !place.to_be_continued,
                                        place.items, ocpp::to_text(as_it_came)},
                                       session.now());
  return typename Request::Response{};
}

template <class T>
size_t count(const std::optional<std::vector<T>>& items) {
  return items ? items->size() : 0;
}

}  // namespace

// B07, B08.
Answered<types::NotifyReportResponse> notify_report(StationSession& session, const types::NotifyReportRequest& request,
                                                    const ocpp::Json& payload) {
  return take(session, request, {request.seq_no, request.tbc.value_or(false), count(request.report_data)}, payload);
}

// N02.
Answered<types::NotifyMonitoringReportResponse> notify_monitoring_report(
    StationSession& session, const types::NotifyMonitoringReportRequest& request, const ocpp::Json& payload) {
  return take(session, request, {request.seq_no, request.tbc.value_or(false), count(request.monitor)}, payload);
}

// K09.
Answered<types::ReportChargingProfilesResponse> report_charging_profiles(
    StationSession& session, const types::ReportChargingProfilesRequest& request, const ocpp::Json& payload) {
  return take(session, request, {std::nullopt, request.tbc.value_or(false), request.charging_profile.size()}, payload);
}

// N09.
Answered<types::NotifyCustomerInformationResponse> notify_customer_information(
    StationSession& session, const types::NotifyCustomerInformationRequest& request, const ocpp::Json& payload) {
  return take(session, request, {request.seq_no, request.tbc.value_or(false), 1}, payload);
}

// O03, O04.
Answered<types::NotifyDisplayMessagesResponse> notify_display_messages(
    StationSession& session, const types::NotifyDisplayMessagesRequest& request, const ocpp::Json& payload) {
  return take(session, request, {std::nullopt, request.tbc.value_or(false), count(request.message_info)}, payload);
}

// R04 (2.1).
Answered<types::ReportDERControlResponse> report_der_control(StationSession& session,
                                                             const types::ReportDERControlRequest& request,
                                                             const ocpp::Json& payload) {
  return take(session, request, {std::nullopt, request.tbc.value_or(false), 1}, payload);
}

}  // namespace bayward::stations::v2

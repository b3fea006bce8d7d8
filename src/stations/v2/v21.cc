// What OCPP 2.1 has added and is only taken note of.
#include "ocpp/v21/dialect.h"
#include "ports/log.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {

// N11: monitors are heard by NotifyEvent, so that no value that matters comes without an answer.
Answered<types::OpenPeriodicEventStreamResponse> stream_opened(StationSession&,
                                                               const types::OpenPeriodicEventStreamRequest&) {
  types::OpenPeriodicEventStreamResponse response;
  response.status = types::GenericStatusEnumType::rejected;
  response.status_info.emplace().reason_code = "UnsupportedRequest";
  return response;
}

Answered<types::ClosePeriodicEventStreamResponse> stream_closed(StationSession&,
                                                                const types::ClosePeriodicEventStreamRequest&) {
  return types::ClosePeriodicEventStreamResponse{};
}

Answered<types::NotifyDERAlarmResponse> der_alarm(StationSession& session,
                                                  const types::NotifyDERAlarmRequest& request) {
  log::warn("station.der_alarm",
            {{"station", session.admission().identity}, {"control", types::to_text(request.control_type)}});
  return types::NotifyDERAlarmResponse{};
}

Answered<types::NotifyDERStartStopResponse> der_start_stop(StationSession& session,
                                                           const types::NotifyDERStartStopRequest& request) {
  log::info("station.der_start_stop",
            {{"station", session.admission().identity}, {"control", request.control_id}, {"on", request.started}});
  return types::NotifyDERStartStopResponse{};
}

Answered<types::NotifyPriorityChargingResponse> priority_charging(StationSession& session,
                                                                  const types::NotifyPriorityChargingRequest& request) {
  log::info("station.priority_charging", {{"station", session.admission().identity}, {"on", request.activated}});
  return types::NotifyPriorityChargingResponse{};
}

// Part 4, 4.2.4. Streams are refused when they are opened: what comes anyhow is checked, counted and let go.
std::optional<ocpp::CallError> take_send(StationSession&, const ocpp::IncomingSend& send) {
  const ocpp::Action* action = ocpp::find_action(ocpp::v21::dialect(), send.action);
  if (action == nullptr || action->response != nullptr) {
    return ocpp::CallError{ocpp::ErrorCode::not_implemented, "no such message: " + send.action, ocpp::Json::object()};
  }
  if (const auto violation = ocpp::validate(*action->request, send.payload)) return ocpp::refusal_of(*violation);
  return std::nullopt;
}

}  // namespace bayward::stations::v2

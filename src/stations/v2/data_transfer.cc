// OCPP 2.0.1 P02: what a site's controller has to say (docs/authority.md), and plates with their pictures, for which
// NotifyEvent has no room (docs/datatransfer.md).
#include "stations/controllers.h"
#include "stations/csms.h"
#include "stations/field.h"
#include "stations/sensed.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

using Status = types::DataTransferStatusEnumType;

types::DataTransferResponse response(Status status, const std::string& why = {}) {
  types::DataTransferResponse out;
  out.status = status;
  if (!why.empty()) {
    out.status_info.emplace();
    out.status_info->reason_code = "InvalidValue";
    out.status_info->additional_info = why;
  }
  return out;
}

Flow take_vehicle(SessionPtr session, ocpp::CallSerial serial, Sensed report) {
  const Turn turn = co_await session->turns().take();
  const Told told = co_await report_plate(session, report.place, {*report.plate, report.at, std::move(report.picture)});
  if (told == Told::busy) co_return refuse_busy(*session, serial);
  session->answer(serial, told == Told::done ? response(Status::accepted)
                                             : response(Status::rejected, "no bay is served by this EVSE"));
}

}  // namespace

void data_transfer(StationSession& session, ocpp::CallSerial serial, const types::DataTransferRequest& request) {
  Controllers& controllers = session.csms().controllers();
  const std::string message = request.message_id.value_or("");
  const ocpp::Json data = request.data.value_or(ocpp::Json::object());
  if (controllers.takes(request.vendor_id, message)) {
    return controllers.take_log(session.shared_from_this(), serial, data);
  }
  if (request.vendor_id != core::site_message::vendor) {
    return session.answer(serial, response(Status::unknown_vendor_id));
  }
  if (message != "VehicleId") return session.answer(serial, response(Status::unknown_message_id));
  Sensed report;
  auto wrong = read_sensed(data, "evseId", session.now(), report);
  if (!wrong && !possible_evse(report.place, false)) wrong = "evseId: a whole number from 1 is expected";
  if (!wrong && !report.plate) wrong = "plate: a text is expected";
  if (wrong) return session.answer(serial, response(Status::rejected, *wrong));
  take_vehicle(session.shared_from_this(), serial, std::move(report));
}

}  // namespace bayward::stations::v2

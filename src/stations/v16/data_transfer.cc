// What 1.6 has no message for, see docs/datatransfer.md.
#include "ocpp/rpc/json.h"
#include "stations/field.h"
#include "stations/sensed.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

constexpr std::string_view vendor = "org.bayward";
using Status = types::DataTransferStatus;

types::DataTransferResponse response(Status status, std::string why = {}) {
  types::DataTransferResponse out;
  out.status = status;
  if (!why.empty()) out.data = std::move(why);
  return out;
}

// What is wrong with it, or nothing.
std::optional<std::string> read(const types::DataTransferRequest& request, Instant now, Sensed& report) {
  const auto json = ocpp::parse_json(request.data.value_or(std::string{}));
  if (!json) return "data: " + json.error().message;
  if (auto wrong = read_sensed(*json, "connectorId", now, report)) return wrong;
  if (!possible_connector(report.place, false)) return "connectorId: a whole number from 1 is expected";
  return std::nullopt;
}

Flow take_report(SessionPtr session, ocpp::CallSerial serial, Sensed report) {
  const Turn turn = co_await session->turns().take();
  Told told = Told::done;
  if (report.occupied) told = co_await report_occupancy(session, report.place, *report.occupied, report.at);
  if (report.plate) {
    told = co_await report_plate(session, report.place, {*report.plate, report.at, std::move(report.picture)});
  }
  if (told == Told::busy) co_return refuse_busy(*session, serial);
  session->answer(serial, told == Told::done ? response(Status::accepted)
                                             : response(Status::rejected, "no bay is served by this connector"));
}

}  // namespace

void data_transfer(StationSession& session, ocpp::CallSerial serial, const types::DataTransferRequest& request) {
  if (request.vendor_id != vendor) return session.answer(serial, response(Status::unknown_vendor_id));
  const std::string message = request.message_id.value_or(std::string{});
  if (message != "BayOccupancy" && message != "VehicleId") {
    return session.answer(serial, response(Status::unknown_message_id));
  }
  Sensed report;
  auto wrong = read(request, session.now(), report);
  if (!wrong && message == "BayOccupancy" && !report.occupied) wrong = "occupied: true or false is expected";
  if (!wrong && message == "VehicleId" && !report.plate) wrong = "plate: a text is expected";
  if (wrong) return session.answer(serial, response(Status::rejected, *wrong));
  message == "BayOccupancy" ? report.plate.reset() : report.occupied.reset();
  take_report(session.shared_from_this(), serial, std::move(report));
}

}  // namespace bayward::stations::v16

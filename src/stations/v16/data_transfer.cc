// What 1.6 has no message for, see docs/ocpp-1.6-datatransfer.md.
#include "ocpp/rpc/json.h"
#include "ocpp/rpc/text.h"
#include "stations/field.h"
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

struct Report {
  int64_t connector = 0;
  std::optional<bool> occupied;
  std::optional<std::string> plate;
  Instant at{};
};

// What is wrong with it, or nothing.
std::optional<std::string> read(const types::DataTransferRequest& request, Instant now, Report& report) {
  const auto json = ocpp::parse_json(request.data.value_or(std::string{}));
  if (!json) return "data: " + json.error().message;
  const ocpp::Json* connector = json->find("connectorId");
  const auto number =
      connector && connector->as_number() ? connector->as_number()->scaled(0) : std::optional<int64_t>{};
  if (!number || !possible_connector(*number, false)) return "connectorId: a whole number from 1 is expected";
  report.connector = *number;
  if (const ocpp::Json* occupied = json->find("occupied"); occupied && occupied->as_boolean()) {
    report.occupied = *occupied->as_boolean();
  }
  if (const ocpp::Json* plate = json->find("plate"); plate && plate->as_text()) report.plate = *plate->as_text();
  report.at = now;
  const ocpp::Json* time = json->find("timestamp");
  if (!time) return std::nullopt;
  const auto at = time->as_text() ? ocpp::parse_date_time(*time->as_text()) : std::optional<Instant>{};
  if (!at) return "timestamp: a date and time as in RFC 3339 is expected";
  report.at = *at;
  return std::nullopt;
}

Flow take_report(SessionPtr session, ocpp::CallSerial serial, Report report) {
  const Turn turn = co_await session->turns().take();
  Told told = Told::done;
  if (report.occupied) told = co_await report_occupancy(session, report.connector, *report.occupied, report.at);
  if (report.plate) told = co_await report_plate(session, report.connector, *report.plate, report.at);
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
  Report report;
  auto wrong = read(request, session.now(), report);
  if (!wrong && message == "BayOccupancy" && !report.occupied) wrong = "occupied: true or false is expected";
  if (!wrong && message == "VehicleId" && !report.plate) wrong = "plate: a text is expected";
  if (wrong) return session.answer(serial, response(Status::rejected, *wrong));
  message == "BayOccupancy" ? report.plate.reset() : report.occupied.reset();
  take_report(session.shared_from_this(), serial, report);
}

}  // namespace bayward::stations::v16

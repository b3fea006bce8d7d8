// OCPP 2.0.1 N07, for the components that matter to a bay: BayOccupancySensor and VehicleIdSensor (part 2 appendix 3),
// and those that speak of danger (stations/v2/hazard.h). Events of other components are taken note of and nothing
// more.
#include "ports/http_util.h"
#include "ports/log.h"
#include "stations/field.h"
#include "stations/v2/actions.h"
#include "stations/v2/hazard.h"

namespace bayward::stations::v2 {
namespace {

// Names are compared without case (part 1 4.1.1).
bool is(const std::string& name, std::string_view wanted) {
  return equal_without_case(name, wanted);
}

// Active is a boolean; Percent is how much of the bay is covered.
std::optional<bool> occupancy_of(const types::EventDataType& event) {
  if (!is(event.component.name, "BayOccupancySensor")) return std::nullopt;
  if (is(event.variable.name, "Active")) {
    if (is(event.actual_value, "true") || event.actual_value == "1") return true;
    if (is(event.actual_value, "false") || event.actual_value == "0") return false;
  }
  if (is(event.variable.name, "Percent")) {
    const auto percent = ocpp::Decimal::parse(event.actual_value);
    if (percent) return *percent >= ocpp::Decimal::of(50);
  }
  return std::nullopt;
}

std::optional<std::string> plate_of(const types::EventDataType& event) {
  const bool sensor = is(event.component.name, "VehicleIdSensor");
  if (!sensor || !is(event.variable.name, "VehicleId") || event.actual_value.empty()) return std::nullopt;
  return event.actual_value;
}

Flow take_events(SessionPtr session, ocpp::CallSerial serial, std::vector<types::EventDataType> events) {
  const Turn turn = co_await session->turns().take();
  for (const types::EventDataType& event : events) {
    const int64_t evse = event.component.evse ? event.component.evse->id : 0;
    Told told = Told::done;
    if (const auto occupied = occupancy_of(event)) {
      told = co_await report_occupancy(session, evse, *occupied, event.timestamp);
    } else if (const auto plate = plate_of(event)) {
      told = co_await report_plate(session, evse, {*plate, event.timestamp, {}});
    } else if (const auto hazard = hazard_of(event)) {
      told = co_await report_hazard(session, evse, hazard->kind, hazard->active, event.timestamp);
    } else {
      log::debug("station.event", {{"station", session->admission().identity},
                                   {"component", event.component.name},
                                   {"variable", event.variable.name}});
    }
    if (told == Told::busy) co_return refuse_busy(*session, serial);
  }
  session->answer(serial, types::NotifyEventResponse{});
}

}  // namespace

void notify_event(StationSession& session, ocpp::CallSerial serial, const types::NotifyEventRequest& request) {
  for (const types::EventDataType& event : request.event_data) {
    if (!event.component.evse || possible_evse(event.component.evse->id, true)) continue;
    const ocpp::CallError error = impossible_evse();
    return session.refuse(serial, error.code, error.description);
  }
  take_events(session.shared_from_this(), serial, request.event_data);
}

}  // namespace bayward::stations::v2

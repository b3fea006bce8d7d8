// What sensors and connectors report, as commands; the same for both versions. On the stations' thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ocpp/rpc/correlator.h"
#include "stations/charging.h"

namespace bayward::stations {

// The bay at that EVSE; without one, the only bay of the station. None: we have no such bay.
Part<BayId> bay_at(SessionPtr session, int64_t evse);

// A connector's status. EVSE 0 speaks for the whole station (1.6 connector 0).
Part<Told> report_status(SessionPtr session, ConnectorReport report);
Part<Told> report_occupancy(SessionPtr session, int64_t evse, bool occupied, Instant at);
// Something dangerous or wrong at the bay of that EVSE, or that it is over (D1, D2).
Part<Told> report_hazard(SessionPtr session, int64_t evse, core::IncidentKind kind, bool active, Instant at);
// A plate as the camera read it; unreadable ones are dropped.
struct PlateReport {
  std::string plate;
  Instant at{};
  std::string picture;  // a small JPEG (ports/plate_picture.h); empty: none
};
Part<Told> report_plate(SessionPtr session, int64_t evse, PlateReport report);

}  // namespace bayward::stations

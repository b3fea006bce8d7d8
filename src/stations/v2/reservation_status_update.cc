#include "ports/log.h"
#include "stations/csms.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {

// OCPP 2.0.1 H04: expired, or removed because the EVSE can't be used. If it is still wanted it is asked for again.
Answered<types::ReservationStatusUpdateResponse> reservation_status_update(
    StationSession& session, const types::ReservationStatusUpdateRequest& request) {
  log::info("station.reservation_ended", {{"station", session.admission().identity},
                                          {"reservation", request.reservation_id},
                                          {"status", types::to_text(request.reservation_update_status)}});
  reservation_lost(session.station().device, request.reservation_id, session.now());
  return types::ReservationStatusUpdateResponse{};
}

}  // namespace bayward::stations::v2

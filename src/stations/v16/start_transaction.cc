#include "stations/csms.h"
#include "stations/session_key.h"
#include "stations/token.h"
#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

// 1.6 gives a start no id: what it says names it, so that a repeat is the same transaction (OCPP 1.6 4.8, 3.7.1).
core::SessionKey key_of(StationId station, const types::StartTransactionRequest& request) {
  return session_key(station, {std::to_string(request.connector_id), upper_case(request.id_tag),
                               std::to_string(request.meter_start), std::to_string(unix_ms(request.timestamp))});
}

Flow take_start(SessionPtr session, ocpp::CallSerial serial, std::shared_ptr<Transaction> transaction,
                std::optional<int64_t> reservation) {
  const Turn turn = co_await session->turns().take();
  // The relay is closed when a station of 1.6 tells.
  const Started started = co_await start_session(session, transaction, true);
  if (started.told == Told::busy) co_return refuse_busy(*session, serial);
  types::StartTransactionResponse response;
  response.id_tag_info = id_tag_info(started.permit);
  if (started.told == Told::done) {
    response.transaction_id = device_number(number_in_site(transaction->session));
    transaction->id = std::to_string(response.transaction_id);
    session->station().remember(transaction);
  } else {
    response.id_tag_info.status = types::AuthorizationStatus::invalid;
    response.id_tag_info.parent_id_tag.reset();
    // Its stop must not be taken for another's: an id that no session has.
    response.transaction_id = session->csms().next_orphan_number();
    note_orphan(*session, {"StartTransaction", std::to_string(response.transaction_id),
                           "connector " + std::to_string(transaction->evse), transaction->first->at});
  }
  if (reservation) {
    // What is refused does not use the reservation up: it is made again.
    Device& device = session->station().device;
    const bool used = response.id_tag_info.status == types::AuthorizationStatus::accepted;
    used ? reservation_used(device, *reservation, session->now())
         : reservation_lost(device, *reservation, session->now());
  }
  session->answer(serial, response);
}

}  // namespace

void start_transaction(StationSession& session, ocpp::CallSerial serial,
                       const types::StartTransactionRequest& request) {
  if (!possible_connector(request.connector_id, false)) {
    const ocpp::CallError error = impossible_connector();
    return session.refuse(serial, error.code, error.description);
  }
  if (request.meter_start < 0) {
    return session.refuse(serial, ocpp::ErrorCode::property_constraint_violation, "meterStart: may not be negative");
  }
  auto transaction = std::make_shared<Transaction>();
  transaction->key = key_of(session.admission().station, request);
  transaction->evse = static_cast<uint16_t>(request.connector_id);
  transaction->presented = present(session.csms().vault(), request.id_tag);
  transaction->first = MeterPoint{request.timestamp, request.meter_start * 1000};
  take_start(session.shared_from_this(), serial, std::move(transaction), request.reservation_id);
}

}  // namespace bayward::stations::v16

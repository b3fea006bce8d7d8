#include <limits>

#include "stations/v16/actions.h"

namespace bayward::stations::v16 {
namespace {

Flow take_stop(SessionPtr session, ocpp::CallSerial serial, types::StopTransactionRequest request) {
  const Turn turn = co_await session->turns().take();
  const std::string id = std::to_string(request.transaction_id);
  auto transaction = session->station().transaction(id);
  if (!transaction && request.transaction_id > 0) {
    const Recalled recalled = co_await recall(session, {id, {}, static_cast<uint32_t>(request.transaction_id)});
    if (recalled.told == Told::busy) co_return refuse_busy(*session, serial);
    transaction = recalled.transaction;
  }
  if (!transaction) {
    // OCPP 1.6 4.10: there is no way to refuse a stop; the station must not send it for ever.
    note_orphan(*session,
                {"StopTransaction", id, "meterStop " + std::to_string(request.meter_stop) + " Wh", request.timestamp});
    co_return session->answer(serial, types::StopTransactionResponse{});
  }
  auto readings = readings_of(request.transaction_data.value_or(std::vector<types::MeterValue>{}));
  const MeterPoint stop{request.timestamp, request.meter_stop * 1000};
  const Told told = co_await stop_session(session, transaction, std::move(readings), stop);
  if (told == Told::busy) co_return refuse_busy(*session, serial);
  session->station().forget_transaction(id);
  session->answer(serial, types::StopTransactionResponse{});
}

}  // namespace

void stop_transaction(StationSession& session, ocpp::CallSerial serial, const types::StopTransactionRequest& request) {
  const bool id_possible = request.transaction_id <= std::numeric_limits<int32_t>::max();
  if (request.meter_stop < 0 || !id_possible) {
    return session.refuse(serial, ocpp::ErrorCode::property_constraint_violation,
                          id_possible ? "meterStop: may not be negative" : "transactionId: no such number");
  }
  take_stop(session.shared_from_this(), serial, request);
}

}  // namespace bayward::stations::v16

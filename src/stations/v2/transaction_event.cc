// OCPP 2.0.1 E01 to E15. Stations differ in when a transaction starts (TxStartPoint): with the car in the bay, the
// cable in, the card shown or power flowing. The engine is told as soon as there is an EVSE, a register and either a
// token that may charge or power that flows. Events may come twice, late or in another order; the transaction id says
// what belongs together.
#include <algorithm>

#include "stations/csms.h"
#include "stations/field.h"
#include "stations/session_key.h"
#include "stations/v2/actions.h"

namespace bayward::stations::v2 {
namespace {

using types::TransactionEventEnumType;
using Event = types::TransactionEventRequest;

constexpr int64_t numbers_assumed_max = 10'000;

std::optional<MeterPoint> first_register(const std::vector<Readings>& readings) {
  std::optional<MeterPoint> out;
  for (const Readings& one : readings) {
    const auto point = one.point();
    if (point && one.begins_transaction) return point;
    if (point && (!out || point->at < out->at)) out = point;
  }
  return out;
}

std::optional<MeterPoint> last_register(const std::vector<Readings>& readings) {
  std::optional<MeterPoint> out;
  for (const Readings& one : readings) {
    const auto point = one.point();
    if (point && one.ends_transaction) return point;
    if (point && (!out || point->at >= out->at)) out = point;
  }
  return out;
}

// What the event adds to what is known of its transaction.
void take_in(StationSession& session, Transaction& transaction, const Event& event,
             const std::vector<Readings>& readings) {
  if (event.evse && possible_evse(event.evse->id, false)) transaction.evse = static_cast<uint16_t>(event.evse->id);
  if (event.id_token && transaction.presented.nothing()) transaction.presented = presented(session, *event.id_token);
  transaction.offline = event.offline.value_or(false);
  transaction.draws_power |= event.transaction_info.charging_state == types::ChargingStateEnumType::charging;
  const auto first = first_register(readings);
  const bool is_start = event.event_type == TransactionEventEnumType::started;
  transaction.start_seen |= is_start || std::any_of(readings.begin(), readings.end(), [](const Readings& one) {
                              return one.begins_transaction && one.register_milliwh;
                            });
  if (first && (is_start || !transaction.first || first->at < transaction.first->at)) transaction.first = first;
  if (event.event_type != TransactionEventEnumType::ended) return;
  // The end may carry no register: then the last one that was seen.
  std::optional<MeterPoint> last = last_register(readings);
  if (!last) last = transaction.gate.last() ? transaction.gate.last() : transaction.first;
  if (!last) return;
  transaction.stop = MeterPoint{event.timestamp, last->register_milliwh};
}

bool may_start(const Transaction& transaction) {
  return transaction.start_seen && transaction.evse != 0 && transaction.first;
}

bool drew_energy(const Transaction& transaction) {
  return transaction.stop && transaction.first &&
         transaction.stop->register_milliwh > transaction.first->register_milliwh;
}

// E03.FR.03, E10: with ParkingBayOccupancy the event itself says that a car came or left.
std::optional<bool> occupancy_of(const Event& event) {
  if (event.trigger_reason == types::TriggerReasonEnumType::ev_detected) return true;
  if (event.trigger_reason == types::TriggerReasonEnumType::ev_departed) return false;
  return std::nullopt;
}

Part<Recalled> find(SessionPtr session, std::string id) {
  if (auto known = session->station().transaction(id)) co_return Recalled{Told::done, known};
  const core::SessionKey key = session_key(session->admission().station, {id});
  Recalled recalled = co_await recall(session, {id, key, 0});
  if (recalled.told != Told::unknown) co_return recalled;
  recalled.transaction = std::make_shared<Transaction>();
  recalled.transaction->id = id;
  recalled.transaction->key = key;
  co_return recalled;
}

// Brings the engine up to what is known of the transaction.
Part<Started> bring_up(SessionPtr session, std::shared_ptr<Transaction> transaction, std::vector<Readings> readings,
                       bool token_shown) {
  Started out{Told::done, {}};
  const bool was_known = static_cast<bool>(transaction->session);
  if (!was_known && may_start(*transaction)) {
    out = co_await start_session(session, transaction, transaction->draws_power || drew_energy(*transaction));
    if (out.told == Told::busy) co_return out;
  } else if (token_shown) {
    out.permit = co_await permitted(session, transaction->presented,
                                    transaction->evse ? std::optional(transaction->evse) : std::nullopt);
    if (out.permit.standing == Standing::busy) co_return Started{Told::busy, {}};
  }
  out.told = Told::done;
  if (!transaction->session) co_return out;
  out.told = transaction->stop ? co_await stop_session(session, transaction, std::move(readings), *transaction->stop)
                               : co_await meter_session(session, transaction, std::move(readings));
  co_return out;
}

// What came before a transaction was recalled, after a restart or its end, isn't known: it is taken to have come.
void note_number(StationSession& session, Transaction& transaction, int64_t number) {
  const bool recalled = transaction.session && session.station().transaction(transaction.id) == nullptr;
  for (int64_t before = 0; recalled && before < std::min(number, numbers_assumed_max); ++before) {
    transaction.numbers.take(before);
  }
  transaction.numbers.take(number);
}

// A foreign token does not use the reservation up: it is made again.
void note_reservation(StationSession& session, const Event& event, const Permit& permit) {
  Device& device = session.station().device;
  const bool refused = event.id_token && permit.standing != Standing::accepted;
  refused ? reservation_lost(device, *event.reservation_id, session.now())
          : reservation_used(device, *event.reservation_id, session.now());
}

// E14: whether what is missing will still come. If not, the transaction is marked as incomplete.
void ask_for_the_rest(StationSession& session, const Transaction& transaction) {
  types::GetTransactionStatusRequest request;
  request.transaction_id = transaction.id;
  const ocpp::Dialect& dialect = session.protocol().dialect();
  auto drafted = draft(dialect, request);
  if (!drafted) return;
  const auto answered = [&dialect, id = transaction.id, missing = transaction.numbers.first_missing()](
                            StationSession& told, const StationSession::CallOutcome& outcome) {
    const auto* payload = std::get_if<ocpp::Json>(&outcome);
    const auto response =
        payload ? ocpp::decode<types::GetTransactionStatusResponse>(
                      *payload, ocpp::response_schema(dialect, types::GetTransactionStatusResponse::action_name))
                : Result<types::GetTransactionStatusResponse, ocpp::Violation>(Failure{ocpp::Violation{}});
    if (!response || response->messages_in_queue) return;
    const Admission& who = told.admission();
    told.csms().note_security({0,
                               who.station,
                               who.identity,
                               SecurityOrigin::platform,
                               "TransactionIncomplete",
                               "transaction " + id + ": event " + std::to_string(missing) + " never came",
                               told.now(),
                               {}});
  };
  (void)session.call(*std::move(drafted), ocpp::Urgency::rest, answered);
}

Flow take_event(SessionPtr session, ocpp::CallSerial serial, Event event) {
  const Turn turn = co_await session->turns().take();
  const std::string id = event.transaction_info.transaction_id;
  const Recalled found = co_await find(session, id);
  if (found.told == Told::busy) co_return refuse_busy(*session, serial);
  const auto transaction = found.transaction;
  const auto readings = readings_of(event.meter_value.value_or(std::vector<types::MeterValueType>{}));
  take_in(*session, *transaction, event, readings);
  note_number(*session, *transaction, event.seq_no);
  const bool new_to_us = session->station().transaction(id) == nullptr;
  session->station().remember(transaction);
  if (new_to_us && transaction->session) {
    stop_again(session->station().device, transaction->session);
    session->csms().drive(session->station().id);
  }
  // What happened while the station was alone is history: what is there now, its sensors say.
  const bool live = !event.offline.value_or(false);
  if (const auto occupied = occupancy_of(event); live && occupied && transaction->evse != 0) {
    if (co_await report_occupancy(session, transaction->evse, *occupied, event.timestamp) == Told::busy) {
      co_return refuse_busy(*session, serial);
    }
  }
  const Started told = co_await bring_up(session, transaction, readings, event.id_token.has_value());
  if (told.told == Told::busy) co_return refuse_busy(*session, serial);
  if (event.reservation_id) note_reservation(*session, event, told.permit);
  const bool ended = event.event_type == TransactionEventEnumType::ended;
  if (ended && transaction->numbers.gap_until(event.seq_no)) ask_for_the_rest(*session, *transaction);
  if (transaction->session && transaction->stop) session->station().forget_transaction(id);
  const bool left_over = ended && (!may_start(*transaction) || drew_energy(*transaction));
  if (!transaction->session && (left_over || !transaction->start_seen)) {
    // It is remembered: its start may still come.
    note_orphan(*session, {"TransactionEvent", id, std::string(types::to_text(event.event_type)), event.timestamp});
  }
  types::TransactionEventResponse response;
  if (event.id_token) response.id_token_info = id_token_info(told.permit);
  session->answer(serial, response);
}

}  // namespace

void transaction_event(StationSession& session, ocpp::CallSerial serial, const Event& event) {
  if (event.evse && !possible_evse(event.evse->id, false)) {
    const ocpp::CallError error = impossible_evse();
    return session.refuse(serial, error.code, error.description);
  }
  if (event.meter_value && broken_register(*event.meter_value)) {
    return session.refuse(serial, ocpp::ErrorCode::property_constraint_violation,
                          "Energy.Active.Import.Register: a number of at least 0 is expected");
  }
  take_event(session.shared_from_this(), serial, event);
}

}  // namespace bayward::stations::v2

// What both versions do with tokens and transactions, as conversations with the engine. On the stations' thread, each
// under the session's turn where order matters.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ports/engine.h"
#include "stations/flow.h"
#include "stations/judge.h"
#include "stations/samples.h"
#include "stations/session.h"
#include "stations/station.h"

namespace bayward::stations {

using SessionPtr = std::shared_ptr<StationSession>;

struct Permit {
  Standing standing = Standing::unknown;
  AccountId account;
};
// Judges the token and, where it is a walk-up request, makes it. No EVSE: the best answer of all bays.
Part<Permit> permitted(SessionPtr session, Presented presented, std::optional<uint16_t> evse);

// How the engine was told; `busy` is for the station to try again.
enum class Told : uint8_t { done, unknown, busy };
Told told(const Outcome& outcome);

// Tells the engine that the transaction has begun: it has an EVSE and a first reading. When the token may not charge
// and `power_flows` is false, it isn't told yet.
struct Started {
  Told told = Told::unknown;  // unknown: no bay there
  Permit permit;
};
Part<Started> start_session(SessionPtr session, std::shared_ptr<Transaction> transaction, bool power_flows);

// Telemetry goes to its sink, the readings that the bill needs to the engine.
Part<Told> meter_session(SessionPtr session, std::shared_ptr<Transaction> transaction, std::vector<Readings> readings);
Part<Told> stop_session(SessionPtr session, std::shared_ptr<Transaction> transaction, std::vector<Readings> readings,
                        MeterPoint stop);

// A transaction that isn't remembered, from the engine's session: after a restart, or long after its end. By key, or by
// the number of the session at its site. Null in `transaction`: the engine doesn't know it either.
struct Recall {
  std::string id;
  core::SessionKey key;
  uint32_t number = 0;
};
struct Recalled {
  Told told = Told::unknown;
  std::shared_ptr<Transaction> transaction;
};
Part<Recalled> recall(SessionPtr session, Recall what);

// Telemetry outside any transaction.
void record_telemetry(StationSession& session, int64_t evse, SessionId within, std::vector<Readings>& readings);
// A message about a transaction that nobody knows: kept in the audit log with what it says, and billed to nobody.
struct Orphan {
  const char* action;
  std::string transaction;
  std::string says = {};
  Instant at{};
};
void note_orphan(StationSession& session, const Orphan& orphan);
// Refuses with InternalError: the engine is full or can't write, the station is to try again.
void refuse_busy(StationSession& session, ocpp::CallSerial serial);

}  // namespace bayward::stations

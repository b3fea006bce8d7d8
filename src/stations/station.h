// What is remembered of one registered station, also while it is away: which bays it serves, what its devices were
// told, its running transactions. Nothing here is business truth: all of it comes again from the engine or the station
// after a restart. Belongs to the stations' thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/site/events.h"
#include "stations/event_numbers.h"
#include "stations/message_log.h"
#include "stations/meter_gate.h"
#include "stations/reconcile.h"
#include "stations/reports.h"
#include "stations/token.h"
#include "stations/wanted.h"

namespace bayward::stations {

// What a station says of itself when it boots.
struct Nameplate {
  std::string vendor;
  std::string model;
  std::string serial_number;
  std::string firmware;
};

struct Transaction {
  std::string id;  // as the station names it
  core::SessionKey key;
  uint16_t evse = 0;  // 0: not told yet
  Presented presented;
  bool offline = false;
  bool start_seen = false;  // what begins it has come; until then its other messages wait
  bool draws_power = false;
  SessionId session;                // none: the engine has not been told of it yet
  std::optional<MeterPoint> first;  // what it will be started with
  std::optional<MeterPoint> stop;   // it has ended
  EventNumbers numbers;             // 2.0.1
  MeterGate gate;
};

struct ConnectorReport {
  uint16_t evse = 0;
  uint16_t connector = 0;
  core::ConnectorStatus status{};
};

struct LocalList {
  std::vector<Listed> wanted;  // as last read from the business state
  std::vector<Listed> sent;    // as the station has accepted
  int64_t version = 0;
  bool known = false;  // `sent` is what the station has
  bool asked = false;  // a call is on its way
  Instant retry_at{};
  int tries = 0;
};

struct Station {
  StationId id;
  std::string identity;
  std::optional<Nameplate> nameplate;
  bool bays_known = false;
  std::vector<StationBay> bays;
  std::vector<ConnectorReport> connectors;
  std::map<uint16_t, std::set<core::IncidentKind>> faults_told;  // 1.6, by connector
  std::optional<core::ConnectorStatus> whole;                    // unavailable or faulted as a whole
  std::vector<std::shared_ptr<Transaction>> transactions;
  Wanted wanted;
  Device device;
  LocalList list;
  Reports reports;
  MessageLog messages;
  Instant looked_at{};  // both in line time, see Csms::line_now()
  Instant list_looked_at{};
  Instant signing_since{};  // the hour in which that many certificates were asked for; line time, as the next
  size_t signed_since = 0;
  Instant settings_at{};  // when its settings were last made
  Instant renewal_at{};   // when it may be asked for a signing request again

  BayId bay_at(int64_t evse) const;
  std::shared_ptr<Transaction> transaction(std::string_view id) const;
  // The one with that key; for calls about a session of the engine's.
  std::shared_ptr<Transaction> transaction_of(const core::SessionKey& key) const;
  // At most limits::transactions_per_station: the oldest is forgotten.
  void remember(std::shared_ptr<Transaction> transaction);
  void forget_transaction(std::string_view id);

  // Notes a report and gives what the EVSE is as a whole: a bay can be used if one connector can.
  core::ConnectorStatus report(const ConnectorReport& report);
  core::ConnectorStatus status_of(uint16_t evse) const;
};

}  // namespace bayward::stations

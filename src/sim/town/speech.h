// How a station says things in one OCPP version and understands what it is told. Translates, never decides: that is
// ChargePoint's. Stateless; one object a version serves all stations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ocpp/rpc/dialect.h"
#include "ocpp/rpc/route.h"
#include "sim/town/charge_point.h"

namespace bayward::town {

struct BootAnswer {
  bool accepted = false;
  int64_t interval_s = 0;
  Instant now{};  // the platform's clock
};

struct AuthorizeAnswer {
  bool accepted = false;
  std::string group;
};

class Speech {
 public:
  virtual ~Speech() = default;
  virtual const ocpp::Dialect& dialect() const = 0;
  virtual std::vector<Setting> settings(const ChargePointConfig& config) const = 0;

  virtual Said boot(const ChargePointConfig& config) const = 0;
  virtual BootAnswer boot_answer(const ocpp::Json& json) const = 0;
  virtual Said heartbeat() const = 0;
  virtual Said status(int32_t evse, PointStatus status, Instant at) const = 0;
  virtual Said authorize(const Token& token) const = 0;
  virtual AuthorizeAnswer authorize_answer(const ocpp::Json& json) const = 0;
  virtual Said started(const Transaction& transaction) const = 0;
  // Takes the platform's number of it; whether it may go on.
  virtual bool started_answer(const ocpp::Json& json, Transaction& transaction) const = 0;
  virtual Said metered(const Transaction& transaction, const Sample& sample, int64_t sequence) const = 0;
  virtual Said stopped(const Transaction& transaction, const Sample& last, StopReason reason,
                       int64_t sequence) const = 0;
  virtual Said occupancy(int32_t evse, bool occupied, Instant at) const = 0;
  virtual Said plate(int32_t evse, const std::string& plate, Instant at) const = 0;
  // A reservation ended by itself; versions that show it by the connector's status say nothing.
  virtual std::optional<Said> reservation_expired(int64_t id) const = 0;
  virtual ocpp::Reply serve(ChargePoint& station, const ocpp::IncomingCall& call) const = 0;
};

const Speech& speech_v16();
const Speech& speech_v201();

}  // namespace bayward::town

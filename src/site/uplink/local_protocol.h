// What differs between OCPP versions for a controller that answers stations by itself: the answers, what is learnt from
// messages that pass, and the transaction numbers of 1.6 that only the site knows. Without state; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "ocpp/rpc/dialect.h"
#include "ocpp/rpc/json.h"
#include "site/uplink/memory.h"
#include "site/uplink/outbox.h"

namespace bayward::uplink {

struct LocalContext {
  Instant now{};
  Duration heartbeat{300s};
};

// The payload of an answer, or a refusal; and whether the message is to be kept for the platform.
struct LocalAnswer {
  std::variant<std::string, ocpp::CallError> reply;
  std::optional<Keep> keep;
};

// A call of the site's own to the station.
struct OwnCall {
  std::string action;
  std::string payload;
};

struct PassedCall {
  std::string_view action;
  const ocpp::Json& request;
  const ocpp::Json& response;
};

class LocalProtocol {
 public:
  virtual ~LocalProtocol() = default;
  virtual const ocpp::Dialect& dialect() const = 0;

  // Of a request that fits its schema.
  virtual LocalAnswer answer(StationMemory& memory, const LocalContext& context, std::string_view action,
                             const ocpp::Json& request) const = 0;
  // The platform has answered a call of the station's. `later`: the station has its answer from us already; when the
  // platform sees it otherwise, the station is to be told so.
  virtual std::optional<OwnCall> platform_answered(StationMemory& memory, const PassedCall& call, bool later,
                                                   Instant now) const = 0;
  // The station has answered a call of the platform's.
  virtual void station_answered(StationMemory& memory, const PassedCall& call, Instant now) const = 0;

  // Changes a request so that the platform, or the station, understands its transaction numbers. False: it refers to a
  // transaction that the platform has not been told of.
  virtual bool translate_up(const StationMemory& memory, std::string_view action, ocpp::Json& request) const = 0;
  virtual void translate_down(const StationMemory& memory, std::string_view action, ocpp::Json& request) const = 0;
};

const LocalProtocol& protocol_v16();
const LocalProtocol& protocol_v201();

}  // namespace bayward::uplink

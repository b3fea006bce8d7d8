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

// Where a token is shown, and what is known of it.
struct Place {
  std::string_view station;
  int64_t evse = 0;
};
struct Presented {
  std::string_view token;  // upper case
  std::string_view group;  // empty: not known
  bool owner = false;      // listed without an end: may charge here whenever nobody else has the place
};
// Who may charge at a place now, by somebody who knows more than the station's own memory (site/authority).
class Places {
 public:
  virtual ~Places() = default;
  // Nothing: no opinion.
  virtual std::optional<Verdict> at(const Place& place, const Presented& presented, Instant now) = 0;
};

struct LocalContext {
  Instant now{};
  Duration heartbeat{300s};
  std::string_view station;
  Places* places = nullptr;
  bool clock_sure = true;
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

// What the memory has of a token that is not expired; views into it.
inline Presented presented_in(const StationMemory& memory, std::string_view token, Instant now) {
  const std::string upper = upper_case(token);
  Presented out;
  for (const KnownToken& known : memory.tokens) {
    if (known.token != upper || known.until <= now) continue;
    out = {known.token, known.group, endless(known, now)};
    if (out.owner) break;
  }
  return out;
}

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

// One station between its own socket and its own socket upstream: what is sent where, and who answers (OCPP 2.0.1 part
// 4, 6: local controller). No sockets and no clock: texts and times go in, actions come out. Belongs to one thread.
//
// Always holds:
//   - nothing the station was answered for by us is lost: it is in the outbox before the answer is given out;
//   - the platform gets the kept messages one by one in their order, before anything newer, each with the id and the
//     content it came with (transaction numbers that only we know are translated), until it has answered;
//   - at most one call is open towards the station, whoever makes it, and calls of our own are never relayed.
//
//     passing    upstream is there and nothing is kept: texts go through as they are
//     catching up  upstream is there, the kept messages go up; the station is still answered by us
//     alone      upstream is gone; calls that were on their way up are answered by us
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "ocpp/rpc/frame.h"
#include "ocpp/rpc/incoming.h"
#include "site/uplink/local_protocol.h"
#include "site/uplink/outbox.h"
#include "site/uplink/time_sense.h"

namespace bayward::uplink {

struct ToStation {
  std::string text;
};
struct ToUpstream {
  std::string text;
};
struct CloseStation {
  std::string why;
};
struct CloseUpstream {
  std::string why;
};
using Action = std::variant<ToStation, ToUpstream, CloseStation, CloseUpstream>;

struct RelayCounters {
  uint64_t passed = 0;             // calls of the station's that the platform answered
  uint64_t answered_here = 0;      // and those that we did
  uint64_t forwarded = 0;          // kept messages that the platform has taken
  uint64_t set_aside = 0;          // and those that it never will
  uint64_t storage_failures = 0;   // the station was told to keep its message
  uint64_t unmatched_answers = 0;  // late, repeated or invented
};

struct RelayOptions {
  Duration answer_timeout{20s};   // upstream that does not answer for so long counts as lost
  Duration station_timeout{35s};  // a station that does not answer a call for so long is asked the next one
  Duration heartbeat{300s};
  std::string own_id_prefix;  // of message ids of our own calls: differs between runs
  // Hears every call of the station's, before anything is done about it; none: nobody does.
  std::function<void(std::string_view station, const ocpp::Dialect&, const ocpp::CallFrame&)> heard;
  Places* places = nullptr;   // who may charge where, if somebody knows; outlives the relay
  TimeSense* time = nullptr;  // none: the clock is right; outlives the relay
};

class StationRelay {
 public:
  enum class Mode : uint8_t { passing, catching_up, alone };

  // `protocol` and `outbox` outlive this.
  StationRelay(std::string station, const LocalProtocol& protocol, Outbox& outbox, StationMemory memory,
               RelayOptions options);

  void station_opened(Instant now);
  void station_closed(Instant now);
  void station_said(std::string_view text, Instant now);
  void upstream_opened(Instant now);
  void upstream_closed(Instant now);
  void upstream_said(std::string_view text, Instant now);
  // While held, what is kept stays: something else has to be told first.
  void hold_back(bool held, Instant now);
  // At least every few seconds.
  void tick(Instant now);

  // The station speaks another version now. Only while its socket is closed.
  void speak(const LocalProtocol& protocol);
  // The platform has let it in with this password (see password.h), or refuses it now: "".
  Status remember_password(const std::string& digest);

  std::vector<Action> take_actions();
  Mode mode() const;
  bool station_open() const { return station_open_; }
  // Upstream is of use: the station is there, or something waits to be forwarded.
  bool wants_upstream() const { return station_open_ || waiting_; }
  const StationMemory& memory() const { return memory_; }
  const RelayCounters& counters() const { return counters_; }
  const LocalProtocol& protocol() const { return *protocol_; }

 private:
  struct Relayed {  // a call of the station's on its way up
    ocpp::CallFrame call;
    Instant since;
  };
  struct Forwarding {
    KeptMessage message;
    Instant since;
  };
  struct Down {  // a call to the station; `ours` is not relayed
    ocpp::CallFrame call;
    bool ours = false;
    Instant since{};
  };

  void on_station_call(ocpp::CallFrame call, std::string_view text, Instant now);
  void on_station_answer(const std::string& id, const ocpp::Json* result, std::string_view text, Instant now);
  void pass_up(ocpp::CallFrame call, std::string_view text, Instant now);
  void answer_here(const ocpp::CallFrame& call, std::string_view text, Instant now);
  std::variant<std::string, ocpp::CallError> local_reply(const ocpp::CallFrame& call, Instant now);
  void on_platform_call(ocpp::CallFrame call, Instant now);
  bool on_relayed_answer(const std::string& id, const ocpp::Json* result, std::string_view text, Instant now);
  bool on_forwarded_answer(const std::string& id, const ocpp::Json* result, const ocpp::CallError* error, Instant now);
  void taken(const ocpp::Json& result, Instant now);
  void call_station(const OwnCall& call, Instant now);
  void pump_up(Instant now);
  bool set_aside(const KeptMessage& message, std::string why);
  void pump_down(Instant now);
  void lose_upstream(std::string why, Instant now);

  std::string station_;
  const LocalProtocol* protocol_;
  Outbox& outbox_;
  StationMemory memory_;
  RelayOptions options_;
  bool station_open_ = false;
  bool upstream_open_ = false;
  bool waiting_ = false;  // the outbox has messages of this station
  bool held_back_ = false;
  std::deque<Relayed> relayed_;
  std::optional<Forwarding> forwarding_;
  std::optional<Down> down_open_;
  std::deque<Down> down_waiting_;
  ocpp::IncomingCalls served_;
  uint64_t own_calls_ = 0;
  RelayCounters counters_;
  std::vector<Action> actions_;
};

}  // namespace bayward::uplink

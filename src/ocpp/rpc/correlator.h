// The RPC state of one connection, both directions: frames go in, what they mean comes out. No I/O and no clock; used
// by the thread that owns the connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/time.h"
#include "ocpp/rpc/dialect.h"
#include "ocpp/rpc/frame.h"
#include "ocpp/rpc/incoming.h"
#include "ocpp/rpc/outgoing.h"

namespace bayward::ocpp {

// A call of the station's that wants serving: then answer() or refuse() with its serial, once.
struct IncomingCall {
  CallSerial serial = 0;
  std::string action;
  Json payload;
};
// A frame to send as it is.
struct SendBack {
  std::string text;
};
// A message of the station's that wants no answer.
struct IncomingSend {
  std::string action;
  Json payload;
};
// The station cannot read our answer to its call `id`: our fault.
struct RefusedAnswer {
  std::string id;
  CallError error;
};
// Nothing is to be done; why, for the log.
struct Ignored {
  std::string why;
};
using Received = std::variant<IncomingCall, FinishedCall, SendBack, IncomingSend, RefusedAnswer, Ignored>;

class Correlator {
 public:
  struct Counters {
    uint64_t unreadable_frames = 0;
    uint64_t unmatched_answers = 0;  // late, repeated or invented
    uint64_t repeated_calls = 0;
    uint64_t refused_calls = 0;    // limits::ocpp_open_calls
    uint64_t refused_answers = 0;  // answers of ours that the station could not read
  };

  // `dialect` outlives this. `id_prefix` and `answer_timeout` as in OutgoingCalls.
  Correlator(const Dialect& dialect, std::string id_prefix, Duration answer_timeout);

  Received receive(std::string_view text, Instant now);

  // The frame to send. Nothing when that call is not open (any more): it was answered already.
  std::optional<std::string> answer(CallSerial serial, std::string_view payload, Instant now);
  std::optional<std::string> refuse(CallSerial serial, const CallError& error, Instant now);

  OutgoingCalls& calls() { return calls_; }
  const Dialect& dialect() const { return dialect_; }
  const Counters& counters() const { return counters_; }

 private:
  Received on_call(CallFrame call, std::string_view text, Instant now);
  Received on_fault(const FrameFault& fault);
  Received on_answer(std::optional<FinishedCall> finished, const std::string& id);
  Received on_result(ResultFrame result);
  Received on_unknown_type(const FrameFault& fault);

  const Dialect& dialect_;
  OutgoingCalls calls_;
  IncomingCalls served_;
  Counters counters_;
};

}  // namespace bayward::ocpp

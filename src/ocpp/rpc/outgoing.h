// Our calls to one station: at most one is open at any time (OCPP-J 1.6, 4.1.1; OCPP 2.0.1 part 4, 4.1.1), the rest
// wait in a bounded queue, the most urgent first. Belongs to one connection and is used by one thread; time is an
// argument.
//
// Always holds: every ticket given out by submit() is reported as finished exactly once, by whichever function ends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ocpp/rpc/dialect.h"
#include "ocpp/rpc/json.h"

namespace bayward::ocpp {

// In the order they are sent.
enum class Urgency : uint8_t { danger, authorisation, reservation, configuration, rest };

using Ticket = uint64_t;

struct OutgoingCall {
  std::string action;
  std::string payload;  // JSON text, from encode()
  Urgency urgency = Urgency::rest;
  Instant give_up_at = Instant::max();  // not sent any more from then on: a reservation for a window that is over
};

// Why a call ended without an answer.
enum class NoAnswer : uint8_t {
  timed_out,     // sent; the station may have done it
  gave_up,       // give_up_at came before its turn: not sent
  displaced,     // a more urgent call took its place in the full queue: not sent
  disconnected,  // was sent; the station may have done it
  never_sent,    // the connection ended before its turn
};

struct FinishedCall {
  Ticket ticket = 0;
  std::string action;
  std::variant<Json, CallError, NoAnswer> outcome;  // the payload of the result, the station's refusal, or silence
  // A CALLRESULTERROR to send: the answer could not be read (2.1), and `outcome` says so, too.
  std::string protest = {};
};

struct Submitted {
  Ticket ticket = 0;
  std::optional<FinishedCall> displaced;
};

enum class SubmitRefusal : uint8_t {
  queue_full,  // limits::ocpp_send_queue_messages wait, none less urgent than this one
  too_long,    // longer than limits::ocpp_message_bytes
};

class OutgoingCalls {
 public:
  static constexpr size_t id_prefix_chars_max = 15;  // leaves 20 digits and the hyphen of a 36 character id

  // Message ids are `<prefix>-<ticket>`. They must differ from those of every other connection of that station, also
  // before a restart (OCPP 2.0.1 part 4, 4.1.4): give each connection a prefix of its own, 1 to 15 of A-Z a-z 0-9.
  OutgoingCalls(std::string id_prefix, Duration answer_timeout);

  Result<Submitted, SubmitRefusal> submit(OutgoingCall call);
  // The frame to send now, when none is open and one waits.
  std::optional<std::string> take_next(Instant now);

  // What the open call asks for; null when `id` is not it.
  const std::string* open_action(std::string_view id) const;
  // Nothing when no such call is open: late, repeated or invented answers.
  std::optional<FinishedCall> on_result(std::string_view id, Json payload);
  std::optional<FinishedCall> on_error(std::string_view id, CallError error);

  // Ends what is out of time. Call at next_deadline(), and before take_next().
  std::vector<FinishedCall> expire(Instant now);
  std::optional<Instant> next_deadline() const;
  // The connection is gone: ends everything.
  std::vector<FinishedCall> close();

  size_t waiting() const { return queue_.size(); }
  bool has_open() const { return open_.has_value(); }

 private:
  struct Waiting {
    Ticket ticket;
    OutgoingCall call;
  };
  struct Open {
    Ticket ticket;
    std::string id;
    std::string action;
    Instant deadline;
  };

  std::string id_of(Ticket ticket) const;
  std::optional<FinishedCall> finish(std::string_view id, std::variant<Json, CallError, NoAnswer> outcome);

  std::string id_prefix_;
  Duration answer_timeout_;
  Ticket last_ticket_ = 0;
  std::optional<Open> open_;
  std::vector<Waiting> queue_;  // by urgency, then by ticket
};

}  // namespace bayward::ocpp

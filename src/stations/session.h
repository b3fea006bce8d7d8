// One socket of one station: frames in, calls served in its version, answers and our own calls out. Belongs to the
// stations' thread, on which its socket lives.
//
// Always holds: a call is answered exactly once while the socket is open. We call only when the station is ready: after
// its boot has been answered with Accepted, or boot_wait after a reconnect without a boot. An unknown station may boot
// and beat its heart; anything else is a SecurityError.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ports/websocket.h"
#include "stations/protocol.h"
#include "stations/station.h"
#include "stations/turns.h"

namespace bayward::stations {

class Csms;

// What the acceptor has found out about a socket.
struct Admission {
  std::string identity;
  StationId station;  // none: nobody has registered it
  std::string peer;
  int security_profile = 1;
  std::shared_ptr<const PeerCertificate> certificate = {};  // profile 3
};

class StationSession final : public WebSocketSession, public std::enable_shared_from_this<StationSession> {
 public:
  StationSession(Csms& csms, const Protocol& protocol, Admission admission);

  void opened(std::shared_ptr<WebSocketConnection> connection) override;
  void message(std::string_view text) override;
  // What may speak of danger.
  bool is_urgent(std::string_view text) const override;
  void closed(const WebSocketClosed& why) override;

  // For handlers.
  Csms& csms() { return csms_; }
  const Admission& admission() const { return admission_; }
  const Protocol& protocol() const { return protocol_; }
  Station& station() { return *station_; }  // only of registered stations
  bool known() const { return static_cast<bool>(admission_.station); }
  Instant now() const;
  Turns& turns() { return turns_; }
  // The answer to its BootNotification; `accepted` makes it ready once that is written.
  void booted(Nameplate nameplate);

  template <ocpp::Message T>
  void answer(ocpp::CallSerial serial, const T& response) {
    reply(serial, ocpp::reply_with(response, ocpp::response_schema(protocol_.dialect(), T::action_name)));
  }
  void refuse(ocpp::CallSerial serial, ocpp::ErrorCode code, std::string description) {
    reply(serial, ocpp::CallError{code, std::move(description), ocpp::Json::object()});
  }

  // Our calls. `done` comes once: with the payload of the answer, its refusal, or why there is none. False: it can't
  // be sent (not ready, or the queue is full); `done` doesn't come.
  using CallOutcome = std::variant<ocpp::Json, ocpp::CallError, ocpp::NoAnswer>;
  using CallDone = std::function<void(StationSession&, const CallOutcome&)>;
  bool call(Draft draft, ocpp::Urgency urgency, CallDone done);

  bool ready() const { return ready_ && connection_ != nullptr; }
  bool is_open() const { return connection_ != nullptr; }
  void tick();
  void close(uint16_t code, std::string_view reason);
  void replaced() { replaced_ = true; }

  Instant opened_at() const { return opened_at_; }
  Instant last_message_at() const { return last_message_at_; }
  const std::optional<Nameplate>& nameplate() const { return nameplate_; }
  size_t calls_waiting() const { return correlator_.calls_waiting(); }
  size_t calls_open() const { return open_.size(); }

 private:
  friend class Csms;
  struct OpenCall {
    ocpp::CallSerial serial = 0;
    std::string action;
    Instant since{};
    Instant line_since{};
    bool overdue = false;
  };
  struct OwnCall {
    CallDone done;
    Instant since{};
  };
  // The correlator and how many of our calls wait in it.
  class Rpc : public ocpp::Correlator {
   public:
    using Correlator::Correlator;
    size_t calls_waiting() const { return const_cast<Rpc*>(this)->calls().waiting(); }
  };

  void serve(const ocpp::IncomingCall& call);
  void reply(ocpp::CallSerial serial, const ocpp::Reply& reply);
  void take(const ocpp::IncomingSend& send);
  void finished(const ocpp::FinishedCall& call);
  void pump();
  void become_ready();
  bool send(std::string text);
  ocpp::Reply served_by_version(const ocpp::IncomingCall& call);

  Csms& csms_;
  const Protocol& protocol_;
  Admission admission_;
  std::shared_ptr<Station> station_;
  std::shared_ptr<WebSocketConnection> connection_;
  Rpc correlator_;
  Turns turns_;
  std::vector<OpenCall> open_;  // mostly one; at most limits::ocpp_open_calls
  std::map<ocpp::Ticket, OwnCall> own_;
  std::optional<Nameplate> nameplate_;
  Instant opened_at_{};
  Instant opened_line_{};  // in line time, see Csms::line_now()
  Instant last_message_at_{};
  bool boot_accepted_ = false;  // its answer is about to be written
  bool ready_ = false;
  bool replaced_ = false;
};

// The status of an answer, "" when there was none. A refusal by CALLERROR is a word, too: it was not done.
std::string word_of(const StationSession::CallOutcome& outcome);

}  // namespace bayward::stations

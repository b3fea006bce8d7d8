// The line between one charging station and the platform: the socket, its loss and return, and an outbox whose messages
// go out one by one (OCPP-J 1.6 4.1.1, OCPP 2.0.1 part 4 4.1.1). The town's thread only.
//
// Always holds: a message that was said with keep is delivered, in order, however often the line drops; it is repeated
// as it was until it is answered. The others are forgotten when the line drops.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ports/websocket.h"
#include "sim/town/town_time.h"

namespace bayward::town {

// One message of the station's: an action and its payload; empty: there is nothing to say after all.
struct Said {
  std::string_view action;
  std::string payload;
};

struct Utterance {
  // Asked when it is sent: some messages need what an earlier answer brings.
  std::function<Said()> make;
  // Null: the platform answered with an error.
  std::function<void(const ocpp::Json*)> answered;
  bool keep = false;
  bool urgent = false;  // before all that waits, and also while the platform has not accepted the station
};

// Whom the line serves.
class LineUser {
 public:
  virtual ~LineUser() = default;
  virtual void line_up() = 0;
  virtual void line_down() = 0;
  virtual bool accepted() const = 0;  // by the platform: it answered the boot with yes
  virtual ocpp::Reply serve(const ocpp::IncomingCall& call) = 0;
};

class StationLink {
 public:
  struct Counters {
    uint64_t connects = 0;
    uint64_t calls = 0;
    uint64_t errors = 0;     // CALLERRORs that came back
    uint64_t timeouts = 0;   // answers that never came
    uint64_t overflows = 0;  // messages forgotten because limits::station_outbox_messages waited
  };
  // Opens a socket for the session; `failed` is called when none can be had. Both on the town's thread.
  using Dial = std::function<void(std::shared_ptr<WebSocketSession>, std::function<void(std::string)> failed)>;

  // All outlive the link.
  StationLink(TownTime& time, LineUser& user, const ocpp::Dialect& dialect, Dial dial);
  ~StationLink();

  void connect();
  // The cable is cut: nothing goes either way for so long, then the station connects anew.
  void cut(Duration length);
  // For good.
  void hang_up();
  void say(Utterance utterance);

  bool up() const { return connection_ != nullptr; }
  // Nothing waits and no answer is missing.
  bool idle() const { return outbox_.empty(); }
  const Counters& counters() const { return counters_; }

 private:
  class Socket;

  void opened(std::shared_ptr<WebSocketConnection> connection);
  void closed();
  void dial_again_after(Duration pause);
  void message(std::string_view text);
  void on_call(const ocpp::IncomingCall& call);
  void on_finished(ocpp::FinishedCall finished);
  void pump();
  void watch_deadline();
  void send(std::string text);

  TownTime& time_;
  LineUser& user_;
  const ocpp::Dialect& dialect_;
  Dial dial_;
  std::shared_ptr<StationLink*> self_;  // emptied when the link goes: timers and sockets look here first
  std::shared_ptr<WebSocketConnection> connection_;
  std::shared_ptr<Socket> socket_;
  std::unique_ptr<ocpp::Correlator> correlator_;
  std::deque<Utterance> outbox_;  // the front is on its way while said_
  bool said_ = false;
  bool serving_ = false;
  bool pumping_ = false;
  bool wanted_ = false;
  Instant cut_until_{};
  Counters counters_;
};

}  // namespace bayward::town

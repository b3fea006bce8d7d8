// The bay's line to its central system: dials (and again, with growing pauses and some chance in them), sends one call
// at a time, and keeps what must not be lost until it is answered, through power loss too. It knows frames and queues,
// and nothing of what messages mean. The agent's thread; time is an argument.
//
// Always holds: kept messages go out in the order in which they were said, each until it is answered or refused
// `attempts` times; a message is never sent before the one before it is answered.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/prng.h"
#include "bay/agent/store.h"
#include "bay/moment.h"
#include "ocpp/rpc/call.h"
#include "ocpp/rpc/correlator.h"
#include "ocpp/rpc/route.h"
#include "ports/websocket.h"

namespace bayward::bay {

// Opens a socket for the session; `failed` is called with the reason when none can be had. Both on the agent's thread.
using Dial = std::function<void(std::shared_ptr<WebSocketSession>, std::function<void(std::string)> failed)>;

struct Said {
  std::string action;
  std::string payload;  // JSON
  enum class Keep : uint8_t {
    no,         // forgotten when the line breaks: a heartbeat, the present status
    droppable,  // kept, but the first to go when there are too many
    yes,
  };
  Keep keep = Keep::no;
  bool ahead = false;  // before all that waits
  bool boot = false;   // goes out although the central system has not accepted the station
  // With null: refused, given up, or the line broke. Not called for what was said before a restart.
  std::function<void(const ocpp::Json*)> answered;
};

// OCPPCommCtrlr's settings.
struct LineSettings {
  Duration answer_timeout{30s};
  Duration redial_least{3s};   // RetryBackOffWaitMinimum
  Duration redial_chance{3s};  // RetryBackOffRandomRange
  int redial_doublings = 5;    // RetryBackOffRepeatTimes
  int attempts = 3;            // MessageAttempts[TransactionEvent]
  Duration attempt_pause{20s};
};

class Line {
 public:
  struct User {
    virtual ~User() = default;
    virtual void line_up() = 0;
    virtual void line_down() = 0;
    virtual ocpp::Reply serve(const ocpp::IncomingCall& call) = 0;
  };

  // All outlive the line. `boot` counts the device's starts.
  Line(Store& store, User& user, Dial dial, int64_t boot, uint64_t seed);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void poll(Moment now);
  // Kept ones are on disk when this returns, together with `values`; false: the disk took neither, the message is kept
  // in memory.
  bool say(Said said, std::vector<Change::Value> values = {});
  // Values alone.
  bool write(std::vector<Change::Value> values);

  void set_accepted(bool accepted) { accepted_ = accepted; }
  void hang_up();
  // Closes the socket and dials anew.
  void redial(std::string_view why);
  // The times in messages of this boot were wrong by so much (DeviceClock).
  void correct_times(Duration by);
  // From now on messages carry right times.
  void set_clock_sure() { clock_sure_ = true; }

  bool up() const { return connection_ != nullptr; }
  size_t waiting() const { return entries_.size(); }
  size_t waiting_kept() const;
  bool disk_failed() const { return disk_failed_; }
  LineSettings settings;

 private:
  class Socket;
  struct Entry {
    Said said;           // of stored ones the payload is read when its turn comes
    int64_t number = 0;  // of the store; 0: in memory only
    int attempts = 0;
  };

  void load();
  void dial(Moment now);
  void dial_later(Moment now);
  void opened(std::shared_ptr<WebSocketConnection> connection);
  void closed(const std::string& why);
  void message(std::string_view text);
  void finished(ocpp::FinishedCall finished);
  void pump();
  std::optional<std::string> payload_of(Entry& entry);
  void drop_front(const ocpp::Json* answer);
  bool make_room(const Said& said);
  bool store(Entry& entry, std::vector<Change::Value>& values);
  void note_disk(const Status& status);

  Store& store_;
  User& user_;
  Dial dial_;
  const int64_t boot_;
  Prng prng_;
  std::shared_ptr<Line*> self_;  // emptied when the line goes: sockets look here first
  std::shared_ptr<Socket> socket_;
  std::shared_ptr<WebSocketConnection> connection_;
  std::unique_ptr<ocpp::Correlator> correlator_;
  std::deque<Entry> entries_;
  bool open_ = false;  // the front is on its way
  bool accepted_ = false;
  bool serving_ = false;
  bool clock_sure_ = false;
  bool disk_failed_ = false;
  bool hung_up_ = false;
  int failures_ = 0;
  uint32_t connections_ = 0;
  Moment now_{};
  std::optional<Uptime> dial_at_{};
  Uptime hold_until_{};  // after a refusal
};

}  // namespace bayward::bay

// A far side as a way out for alarms: a link (link.h) with a real connection under it.
//
// send() and answer_roll_call() may be called from any thread; everything else happens on the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "connectors/wire/link.h"
#include "ports/alarm_channel.h"
#include "ports/byte_stream.h"
#include "ports/clock.h"

namespace bayward::wire {

struct DeskConfig {
  std::vector<StreamAddress> addresses;  // one or two, the first is preferred
  LinkConfig link;                       // `addresses` in it is not looked at
};

// Called on the loop's thread.
struct DeskEvents {
  std::function<void(const LinkState& state)> link;
  // A person on duty is to answer in time, through answer_roll_call().
  std::function<void(Duration answer_within)> roll_call;
};

class Desk final : public AlarmChannel {
 public:
  // `loop` and `clock` outlive it.
  Desk(StreamLoop& loop, const Clock& clock, DeskConfig config, std::unique_ptr<Dialect> dialect, DeskEvents events);
  // What was still under way is told as failed, on the loop's thread.
  ~Desk() override;
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // `done` comes within link.message_limit().
  void send(const AlarmMessage& message, SendDone done) override;
  void answer_roll_call(uint8_t operator_number);

 private:
  class Driver;
  StreamLoop& loop_;
  std::shared_ptr<Driver> driver_;
};

}  // namespace bayward::wire

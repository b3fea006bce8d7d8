// Sends what the core owes: hears of every delivery that is due (DeliveryQueued, DeliveryTried), looks up what it says
// and to whom, gives it to the channels of the recipient, and records what the far side has answered.
//
// It keeps nothing that must survive: a delivery that failed, was lost in a crash or found no room here is due again at
// the core's next deadline. So everything is sent at least once and may be sent twice (D7).
//
// Of many that are due, danger that is told for the first time goes before reminders, repeats and the rest.
//
// What always holds: of the messages of one incident to one recipient at most one is on its way, so that an all-clear
// doesn't overtake an alarm that a slow channel still holds, even if a person has acknowledged it elsewhere meanwhile.
//
// hear() is called by the engine's committing thread; everything else happens in what `post` runs, on one thread. The
// dispatcher outlives the engine's threads, and what `post` runs never outlives the dispatcher.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connectors/outbox/lane.h"
#include "connectors/outbox/routing.h"
#include "ports/engine.h"
#include "ports/vault.h"

namespace bayward::outbox {

struct Ports {
  EngineDoor& engine;
  Vault& vault;  // phones and e-mail addresses of people
  std::function<void(std::function<void()>)> post;
};

class Dispatcher {
 public:
  // Subscribes to the engine: at start-up, before traffic.
  Dispatcher(Ports ports, Routing routing);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Messages waiting for a channel or its answer. On the dispatcher's thread.
  size_t in_hand() const { return in_hand_.size(); }

 private:
  using Key = std::pair<IncidentId, core::Recipient>;
  struct Attempt {
    AlarmMessage message;
    Plan plan;
    std::string email;    // of a person, where a route needs it
    size_t open = 0;      // routes begun and not answered
    size_t flying = 0;    // of those, given to their channels
    bool over = false;    // delivered, or nobody needs it any more
    bool failed = false;  // by at least one route; else all said impossible
    DeliveryId then;      // the next message to the same recipient waits for this one
  };
  using AttemptPtr = std::shared_ptr<Attempt>;
  struct Way {
    Lane lane;
    bool failing = false;
  };

  struct Heard {
    std::vector<DeliveryId> first;  // due, and danger that nobody has been told of
    std::vector<DeliveryId> later;  // due
    std::vector<DeliveryId> ended;
  };

  void hear(const CommittedRecord& record);
  void note(const Heard& heard);
  void look();
  std::vector<DeliveryId> next_due();
  void begin(AlarmMessage message);
  bool find_address(Attempt& attempt);
  void start(const AttemptPtr& attempt, size_t index);
  void send(const AttemptPtr& attempt, size_t index);
  void answered(const AttemptPtr& attempt, size_t index, SendResult result, std::string_view why);
  void finish_if_done(const AttemptPtr& attempt);
  void report(const Route& route, DeliveryId delivery, SendResult result, std::string_view why);
  void record(DeliveryId delivery, core::DeliveryState state);

  const Ports ports_;
  const Routing routing_;
  std::atomic<size_t> noted_ = 0;
  std::deque<DeliveryId> first_;  // due; before those of later_
  std::deque<DeliveryId> later_;
  bool looking_ = false;
  std::map<Key, AttemptPtr> in_hand_;
  std::unordered_map<DeliveryId, AttemptPtr> by_delivery_;
  std::unordered_map<AlarmChannel*, Way> ways_;
};

}  // namespace bayward::outbox

// One supervised link to a far side: keeps a connection to one of two addresses, says alarms over it until each has
// been acknowledged, and knows when nobody listens. Pure: time and what happens are arguments, what is to be done comes
// back as acts. A driver (desk.h) does them. One thread.
//
//   waiting ──due──▶ connecting ──▶ open ──silence, garbage, closed──▶ waiting, for the other address
//
// - An alarm ends as `delivered` by the far side's acknowledgement and by nothing else.
// - Without an answer it is said again, `repeats` times; then the connection is given up and everything unanswered is
//   said to the other address. After message_limit() it ends as `failed`: the core still owes it and comes back.
// - Danger goes before everything else; within that, first come, first served.
// - While the second address serves, the first is tried again when nothing is under way.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "connectors/wire/dialect.h"

namespace bayward::wire {

struct LinkConfig {
  size_t addresses = 1;           // 1 or 2
  Duration answer_limit{10'000};  // GB/T 26875.3 6.5: 10 s at most
  int repeats = 3;                // GB/T 26875.3 6.5
  Duration supervision{60'000};   // after so long without an answer we ask for one; zero: never
  Duration connect_limit{5'000};
  Duration first_again{300'000};
  Duration pause_min{1'000};  // between attempts to connect; doubles
  Duration pause_max{30'000};

  // After which the core is told that a message has failed: both addresses have had their chance by then.
  Duration message_limit() const {
    return static_cast<int64_t>(addresses) * (answer_limit * (repeats + 1) + connect_limit + pause_min);
  }
};

// What a driver is to do.
struct Dial {
  size_t address = 0;
};
struct HangUp {};
struct SendBytes {
  std::string bytes;
};
struct Ended {
  DeliveryId delivery;
  uint64_t token = 0;  // of submit()
  SendResult result{};
  std::string why;
};
struct RollCall {
  Duration answer_within{0};
};
// Up: the far side has acknowledged something on this connection.
struct LinkState {
  bool up = false;
  size_t address = 0;
  std::string why;
};
using Act = std::variant<Dial, HangUp, SendBytes, Ended, RollCall, LinkState>;

struct Moment {
  Instant steady{};  // for limits
  Instant wall{};    // for what is said
};

class Link {
 public:
  Link(const LinkConfig& config, std::unique_ptr<Dialect> dialect);

  // What happens. tick() is due at next_due() at the latest.
  void start(Moment now);
  void opened(Moment now);
  void received(std::string_view bytes, Moment now);
  void closed(std::string_view why, Moment now);
  void tick(Moment now);
  // The same delivery again takes the place of the one that waits, which ends as failed. `token` comes back in Ended.
  void submit(AlarmMessage message, uint64_t token, Moment now);
  void answer_roll_call(uint8_t operator_number, Moment now);

  Instant next_due() const;
  std::vector<Act> take_acts();

 private:
  enum class Phase : uint8_t { waiting, connecting, open };
  // Danger before the rest, then by number.
  struct Key {
    bool less_urgent = false;
    uint64_t number = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Item {
    Saying saying;
    uint64_t token = 0;
    Key key;
    int said = 0;  // on this connection
    int refused = 0;
    Instant answer_by{};
    bool supervision() const { return std::holds_alternative<Supervision>(saying); }
    const AlarmMessage* alarm() const { return std::get_if<AlarmMessage>(&saying); }
  };
  struct Limit {
    Instant at{};
    Key key;
  };

  void act(Act what) { acts_.push_back(std::move(what)); }
  void dial(Moment now);
  // The connection is no good, or has ended. `same`: the address has been good until now.
  void lose(std::string_view why, bool same, Moment now);
  void give_up(std::string_view why, Moment now);
  void pump(Moment now);
  uint32_t free_serial();
  // False: the protocol has no words for it.
  bool say(Item& item, uint32_t serial, Moment now);
  void hear(Heard heard, Moment now);
  void acknowledged(uint32_t serial, Moment now);
  void refused(uint32_t serial, HeardKind how, Moment now);
  void answer(Heard heard, Moment now);
  void heard_good(Moment now);
  void supervise(Moment now);
  void end(const Item& item, SendResult result, std::string why);
  void end_overdue(Moment now);
  std::map<uint32_t, Item>::iterator said_with(Key key);
  Item* item_of(DeliveryId delivery);
  void forget_ended_limits();
  void repeat_unanswered(Moment now);

  const LinkConfig config_;
  const std::unique_ptr<Dialect> dialect_;
  std::vector<Act> acts_;

  Phase phase_ = Phase::waiting;
  size_t address_ = 0;
  Instant due_{};     // waiting: to dial; connecting: to give up
  int failures_ = 0;  // connections in a row without an acknowledgement
  bool up_ = false;
  Instant supervise_at_{};
  Instant first_again_at_{};
  Instant replies_since_{};
  size_t replies_ = 0;

  std::map<Key, Item> waiting_;
  std::map<uint32_t, Item> said_;             // by serial, not answered yet
  std::unordered_map<DeliveryId, Key> keys_;  // of the alarms in both
  std::deque<Limit> limits_;                  // in the order of time; some have ended already
  uint64_t next_number_ = 0;
  uint32_t next_serial_;
};

}  // namespace bayward::wire

// One after the other: what a station tells about its transactions is worked off in the order it came, each message to
// its end, so that a stop never overtakes its start. Belongs to one session and the stations' thread.
//
//   const Turn turn = co_await session->turns().take();
//
// Bounded by the session's open calls (limits::ocpp_open_calls): only they wait here.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "stations/flow.h"

namespace bayward::stations {

class Turns;

// Held while it is one's turn. The session outlives it: whoever holds it holds the session, too.
class [[nodiscard]] Turn {
 public:
  explicit Turn(Turns& turns) : turns_(&turns) {}
  Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();

 private:
  Turns* turns_;
};

class Turns {
 public:
  auto take() { return Taking{*this}; }

 private:
  friend class Turn;
  struct Taking {
    Turns& turns;
    bool await_ready() const noexcept { return !turns.taken_; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> handle) {
      turns.waiting_.push_back(continuation_of(handle));
    }
    Turn await_resume() const {
      turns.taken_ = true;
      return Turn(turns);
    }
  };

  void give_back() {
    taken_ = false;
    if (waiting_.empty()) return;
    const auto next = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    next->go_on();
  }

  // Who waits holds the session, and so this: nobody else would let go of them.
  void drop() { const auto dropped = std::move(waiting_); }

  bool taken_ = false;
  std::vector<std::shared_ptr<Continuation>> waiting_;
};

inline Turn::~Turn() {
  if (turns_) flows_being_dropped == 0 ? turns_->give_back() : turns_->drop();
}

}  // namespace bayward::stations

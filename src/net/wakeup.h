// Lets one coroutine wait until it is told to go on. Internal to net; its io thread only.
#pragma once

#include <boost/asio/async_result.hpp>
#include <memory>
#include <utility>

#include "net/asio.h"

namespace bayward::net {

class Wakeup {
 public:
  // Ends at the next set(), or at once when set() came before. At most one waits.
  template <class Token>
  auto wait(Executor executor, Token&& token) {
    return asio::async_initiate<Token, void()>(
        [this, executor](auto handler) {
          if (std::exchange(set_, false)) {
            asio::post(executor, std::move(handler));
          } else {
            waiter_ = std::make_unique<WaiterOf<decltype(handler)>>(std::move(handler));
          }
        },
        token);
  }
  // Runs the waiting coroutine before it returns: call it from a posted function, not from inside another coroutine.
  void set() {
    if (!waiter_) {
      set_ = true;
      return;
    }
    std::exchange(waiter_, {})->go_on();
  }
  // Forgets a set() nobody waited for.
  void reset() { set_ = false; }

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void go_on() = 0;
  };
  template <class Handler>
  struct WaiterOf : Waiter {
    explicit WaiterOf(Handler waiting) : handler(std::move(waiting)) {}
    void go_on() override { Handler(std::move(handler))(); }
    Handler handler;
  };

  bool set_ = false;
  std::unique_ptr<Waiter> waiter_;
};

}  // namespace bayward::net

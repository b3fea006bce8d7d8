// The engine as conversations use it: `co_await door.look(...)`, `co_await door.submit(...)`. Belongs to the stations'
// thread; the answers come back to it through `post`.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "ports/engine.h"
#include "stations/flow.h"

namespace bayward::stations {

// Runs work on the stations' thread, later, never before it returns; from any thread.
using Post = std::function<void(std::function<void()>)>;

// Runs what may wait for a disk or burn time on another thread.
using Background = std::function<void(std::function<void()>)>;

class Door {
 public:
  Door(EngineDoor& engine, Post post, Background background)
      : engine_(engine), post_(std::move(post)), background_(std::move(background)) {}

  // Runs `look` on the engine's thread; it may use the conversation's own variables. False: the engine's inbox is full
  // and `look` did not run.
  auto look(EngineDoor::Look look) { return Looking{*this, std::move(look), std::make_shared<bool>(false)}; }
  auto submit(core::Command command) {
    Envelope envelope{{core::Actor::Kind::station, {}}, std::move(command), std::nullopt};
    return Submitting{*this, std::move(envelope), std::make_shared<std::optional<Outcome>>()};
  }
  // `work` may use the conversation's own variables.
  auto background(std::function<void()> work) { return Working{*this, std::move(work)}; }
  // Without waiting: what a station reports and nobody asks about again.
  void tell(core::Command command) {
    engine_.submit({{core::Actor::Kind::station, {}}, std::move(command), std::nullopt}, [](const Outcome&) {});
  }
  void post(std::function<void()> work) { post_(std::move(work)); }

 private:
  struct Looking {
    Door& door;
    EngineDoor::Look what;
    std::shared_ptr<bool> seen;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> handle) {
      auto next = continuation_of(handle);
      door.engine_.ask(
          std::move(what),
          [post = door.post_, next, result = seen] {
            *result = true;
            post([next] { next->go_on(); });
          },
          [post = door.post_, next] { post([next] { next->go_on(); }); });
    }
    bool await_resume() const noexcept { return *seen; }
  };
  struct Submitting {
    Door& door;
    Envelope envelope;
    std::shared_ptr<std::optional<Outcome>> outcome;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> handle) {
      auto next = continuation_of(handle);
      door.engine_.submit(std::move(envelope), [post = door.post_, next, result = outcome](const Outcome& answer) {
        *result = answer;
        post([next] { next->go_on(); });
      });
    }
    Outcome await_resume() const { return *std::move(*outcome); }
  };

  struct Working {
    Door& door;
    std::function<void()> work;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> handle) {
      door.background_([work_now = std::move(work), post = door.post_, next = continuation_of(handle)] {
        work_now();
        post([next] { next->go_on(); });
      });
    }
    void await_resume() const noexcept {}
  };

  EngineDoor& engine_;
  Post post_;
  Background background_;
};

}  // namespace bayward::stations

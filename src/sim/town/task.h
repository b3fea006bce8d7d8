// Coroutines for the people of the town, so that a driver's day reads from top to bottom. The town's thread only.
//
//   Task<> drive(Town& town, Driver& driver) {           // a function, never a capturing lambda
//     co_await until(town.time, departure);
//     const ApiAnswer answer = co_await driver.phone.post("/bookings", body);
//   }
#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "sim/town/town_time.h"

namespace bayward::town {

namespace detail {

template <class T>
struct TaskResult {
  std::optional<T> value;
  void return_value(T result) { value.emplace(std::move(result)); }
  T take() { return std::move(*value); }
};
template <>
struct TaskResult<void> {
  void return_void() {}
  void take() {}
};

}  // namespace detail

// Runs when it is awaited, or when a TaskScope takes it; whoever holds it owns its frame and all it awaits.
template <class T = void>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::TaskResult<T> {
    std::coroutine_handle<> awaiting;
    std::function<void()> finished;

    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        if (self.promise().finished) self.promise().finished();
        return self.promise().awaiting ? self.promise().awaiting : std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
    void unhandled_exception() { std::terminate(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  auto operator co_await() const noexcept {
    struct Awaiter {
      std::coroutine_handle<promise_type> handle;
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
        handle.promise().awaiting = caller;
        return handle;
      }
      T await_resume() { return handle.promise().take(); }
    };
    return Awaiter{handle_};
  }

 private:
  friend class TaskScope;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

// Owns tasks that nobody awaits. What they wait for must be gone or silent before it goes.
class TaskScope {
 public:
  void start(Task<> task) {
    reap();
    auto place = tasks_.insert(tasks_.end(), Entry{std::move(task), false});
    ++running_;
    place->task.handle_.promise().finished = [this, place] {
      place->done = true;
      --running_;
    };
    place->task.handle_.resume();
  }
  size_t running() const { return running_; }

 private:
  struct Entry {
    Task<> task;
    bool done;
  };
  void reap() {
    tasks_.remove_if([](const Entry& entry) { return entry.done; });
  }

  std::list<Entry> tasks_;
  size_t running_ = 0;
};

// Makes a function with a callback awaitable: start(callback) runs at once, the callback is called exactly once, now or
// later.
template <class T>
class Callback {
 public:
  explicit Callback(std::function<void(std::function<void(T)>)> start) : start_(std::move(start)) {}

  bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> caller) {
    start_([this](T value) {
      value_.emplace(std::move(value));
      if (caller_) caller_.resume();
    });
    if (value_) return false;
    caller_ = caller;
    return true;
  }
  T await_resume() { return std::move(*value_); }

 private:
  std::function<void(std::function<void(T)>)> start_;
  std::optional<T> value_;
  std::coroutine_handle<> caller_;
};

inline Callback<bool> until(TownTime& time, Instant when) {
  return Callback<bool>([&time, when](std::function<void(bool)> done) {
    if (when <= time.now()) return done(true);
    time.at(when, [done = std::move(done)] { done(true); });
  });
}
inline Callback<bool> pause(TownTime& time, Duration length) {
  return until(time, time.now() + length);
}

// Something that changes; tasks wait for a condition over it, with a limit.
class Changes {
 public:
  void announce() {
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& wake : waiting) wake();
  }

  // Whether the condition came true by then. It is looked at now, at every announce(), and at the limit.
  Callback<bool> until(TownTime& time, std::function<bool()> condition, Instant limit) {
    return Callback<bool>([this, &time, condition = std::move(condition), limit](std::function<void(bool)> done) {
      if (condition()) return done(true);
      auto wait = std::make_shared<Wait>(Wait{condition, std::move(done)});
      waiting_.push_back([this, wait] { look(wait); });
      time.at(limit, [wait] {
        if (wait->done) std::exchange(wait->done, {})(wait->condition());
      });
    });
  }

 private:
  struct Wait {
    std::function<bool()> condition;
    std::function<void(bool)> done;  // empty once it was called
  };
  void look(const std::shared_ptr<Wait>& wait) {
    if (!wait->done) return;
    if (wait->condition()) return std::exchange(wait->done, {})(true);
    waiting_.push_back([this, wait] { look(wait); });
  }

  std::list<std::function<void()>> waiting_;
};

}  // namespace bayward::town

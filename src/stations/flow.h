// Conversations with the engine, written top to bottom: coroutines that ask or submit, wait for the answer and go on,
// always on the stations' thread.
//
//   Flow authorize(std::shared_ptr<StationSession> session, CallSerial serial, AuthorizeRequest request) {
//     const Permit permit = co_await permitted(session, ...);
//     session->answer(serial, ...);
//   }
//
// Parameters are taken by value: what a caller's reference refers to may be gone at the first wait. A conversation
// whose answer never comes (the engine has ended) is destroyed with whatever still held its continuation.
#pragma once

#include <coroutine>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

namespace bayward::stations {

// What every coroutine of a conversation knows: the outermost one, which owns the others.
struct FlowPromise {
  std::coroutine_handle<> outermost;

  [[noreturn]] void unhandled_exception() noexcept { std::abort(); }  // no exceptions here: base/result.h
};

// Conversations are being destroyed instead of finished: what they held is dropped and passes nothing on.
inline thread_local int flows_being_dropped = 0;

// The right to go on with a waiting conversation, once. Dropped instead, it ends the conversation.
class Continuation {
 public:
  Continuation(std::coroutine_handle<> at, std::coroutine_handle<> outermost) : at_(at), outermost_(outermost) {}
  Continuation(const Continuation&) = delete;
  Continuation& operator=(const Continuation&) = delete;
  ~Continuation() {
    if (!at_) return;
    ++flows_being_dropped;
    outermost_.destroy();
    --flows_being_dropped;
  }
  void go_on() { std::exchange(at_, nullptr).resume(); }

 private:
  std::coroutine_handle<> at_;
  std::coroutine_handle<> outermost_;
};

template <class Promise>
std::shared_ptr<Continuation> continuation_of(std::coroutine_handle<Promise> handle) {
  return std::make_shared<Continuation>(handle, handle.promise().outermost);
}

// An outermost conversation: runs at once until its first wait, and needs nobody to hold it.
struct Flow {
  struct promise_type : FlowPromise {
    Flow get_return_object() {
      outermost = std::coroutine_handle<promise_type>::from_promise(*this);
      return {};
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
  };
};

// A part of a conversation that gives a value: `co_await part(...)`, once.
template <class T>
class [[nodiscard]] Part {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct Return {
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle handle) noexcept { return handle.promise().caller; }
    void await_resume() noexcept {}
  };
  struct promise_type : FlowPromise {
    std::coroutine_handle<> caller;
    std::optional<T> value;

    Part get_return_object() { return Part(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Return final_suspend() noexcept { return {}; }
    void return_value(T result) { value = std::move(result); }
  };

  Part(Part&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> caller) {
    handle_.promise().caller = caller;
    handle_.promise().outermost = caller.promise().outermost;
    return handle_;
  }
  T await_resume() { return *std::move(handle_.promise().value); }

 private:
  explicit Part(Handle handle) : handle_(handle) {}
  Handle handle_;
};

}  // namespace bayward::stations

// One io thread: what runs on it, timers, signals, and the clock of the machine. Asio stays behind it.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "base/time.h"
#include "ports/clock.h"

namespace bayward::net {

// Something to be called later. Copies are the same timer; letting go of all of them doesn't cancel it.
class TimerHandle {
 public:
  TimerHandle() = default;
  // Any thread. On the io thread the function is certain not to be called any more.
  void cancel();

 private:
  friend class IoContext;
  struct State;
  std::shared_ptr<State> state_;
};

// All functions but run() and the destructor may be called from any thread; everything given to it is called on its one
// thread. Several contexts share work by each having its own connections, so nothing on an io thread needs a lock.
class IoContext {
 public:
  IoContext();
  // Stops, waits for the thread of start(), and drops what was still waiting.
  ~IoContext();
  IoContext(const IoContext&) = delete;
  IoContext& operator=(const IoContext&) = delete;

  // Either start(), which makes the thread (named for `top`, at most 15 characters), or run() in a thread of one's own.
  void start(std::string_view thread_name = "io");
  void run();
  void stop();

  void post(std::function<void()> work);
  TimerHandle after(Duration delay, std::function<void()> work);
  // From now on these signals call `arrived` instead of ending the process.
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> arrived);
  bool in_this_thread() const;

  struct Impl;
  Impl& impl() { return *impl_; }  // for net only

 private:
  std::unique_ptr<Impl> impl_;
};

class SystemClock : public Clock {
 public:
  Instant now() const override;
};

}  // namespace bayward::net

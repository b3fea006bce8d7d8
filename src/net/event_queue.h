// The frames of one event stream on their way from any thread to its connection. Internal to net.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/limits.h"
#include "ports/http.h"

namespace bayward::net {

// Any thread.
class EventQueue {
 public:
  EventQueue(std::function<void()> wake, std::function<void()> closed)
      : wake_(std::move(wake)), closed_(std::move(closed)) {}

  bool push(std::shared_ptr<const std::string> frame) {
    const std::lock_guard lock(mutex_);
    if (state_ != State::open) return false;
    if (frames_.size() >= limits::feed_queue_messages) {
      state_ = State::overrun;
    } else {
      frames_.push_back(std::move(frame));
    }
    wake_once();
    return state_ == State::open;
  }
  // What was pushed before is still written.
  void finish() {
    const std::lock_guard lock(mutex_);
    if (state_ != State::open) return;
    state_ = State::finishing;
    wake_once();
  }

  struct Batch {
    std::string bytes;
    bool last = false;  // nothing follows
    bool overrun = false;
  };
  // For the connection: about `bytes_wanted` of what waits.
  Batch take(size_t bytes_wanted) {
    Batch batch;
    const std::lock_guard lock(mutex_);
    woken_ = false;
    while (!frames_.empty() && batch.bytes.size() < bytes_wanted) {
      batch.bytes += *frames_.front();
      frames_.pop_front();
    }
    batch.overrun = state_ == State::overrun;
    batch.last = batch.overrun || (state_ == State::finishing && frames_.empty());
    return batch;
  }
  // By the connection when it is over: nothing is taken any more, `closed` is called.
  void end() {
    std::function<void()> closed;
    {
      const std::lock_guard lock(mutex_);
      state_ = State::over;
      frames_.clear();
      wake_ = {};
      closed = std::exchange(closed_, {});
    }
    if (closed) closed();
  }

 private:
  enum class State : uint8_t { open, finishing, overrun, over };

  void wake_once() {
    if (!std::exchange(woken_, true)) wake_();
  }

  std::mutex mutex_;
  State state_ = State::open;
  bool woken_ = false;  // since the last take()
  std::deque<std::shared_ptr<const std::string>> frames_;
  std::function<void()> wake_;
  std::function<void()> closed_;
};

// What the application holds; letting go of it ends the stream.
class EventQueueWriter : public EventStream {
 public:
  explicit EventQueueWriter(std::shared_ptr<EventQueue> queue) : queue_(std::move(queue)) {}
  ~EventQueueWriter() override { queue_->finish(); }

  using EventStream::send;
  bool send(std::shared_ptr<const std::string> frame) override { return queue_->push(std::move(frame)); }
  void close() override { queue_->finish(); }

 private:
  const std::shared_ptr<EventQueue> queue_;
};

}  // namespace bayward::net

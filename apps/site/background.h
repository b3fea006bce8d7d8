// One thread for what may take long (password digests): work given to it runs in order, and what has not begun when it
// is destroyed never does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace bayward {

class Background {
 public:
  Background() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

  // Any thread. Whoever gives work bounds it (limits::uplink_digests_waiting, one digest a station).
  void run_later(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
    condition_.notify_one();
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (condition_.wait(lock, stop, [this] { return !queue_.empty(); })) {
      if (stop.stop_requested()) return;
      const auto work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any condition_;
  std::deque<std::function<void()>> queue_;
  std::jthread thread_;
};

}  // namespace bayward

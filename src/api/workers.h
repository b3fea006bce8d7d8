// A few threads for what is slow on purpose or waits for a disk: password hashes, the vault, lists from tables. Never
// called from them: nothing here answers in microseconds.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bayward::api {

class Workers {
 public:
  explicit Workers(size_t threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // From any thread. False: limits::api_worker_queue jobs are waiting, the job was not taken.
  [[nodiscard]] bool post(std::function<void()> job);
  // As post(), for the second half of something already begun: never refused. There are at most as many of these as
  // commands in the engine's inbox, which bounds them.
  void finish(std::function<void()> job);
  // Does what is queued and ends the threads; what comes later is not done. Idempotent; from one thread.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace bayward::api

// Runs an Engine on two threads: one decides, the other makes durable, so that the next batch is decided while the last
// one is being written (group commit).
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "engine/engine.h"
#include "ports/clock.h"
#include "ports/journal.h"

namespace bayward {

class EngineRunner {
 public:
  struct Options {
    uint64_t snapshot_every_records = 1'000'000;
    // A journal that is fenced or corrupt can't be written again by this process: called once, then everything is
    // refused `storage_unavailable`.
    std::function<void(const JournalError&)> fatal;
    // The journal could not be written, or can again; for the log.
    std::function<void(const std::string&)> trouble;
  };

  EngineRunner(Engine& engine, Journal& journal, Clock& clock, Options options);
  ~EngineRunner();

  // engine.recover() must have succeeded.
  void start();
  // Finishes what is in the inbox, saves a snapshot, joins. Idempotent.
  void stop();

  uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

 private:
  void decide_loop();
  void commit_loop();
  void hand_over(Batch batch);
  void wait_for_work();
  void wait_until_committed();
  void rebuild();
  void give_up(const JournalError& error);

  Engine& engine_;
  Journal& journal_;
  Clock& clock_;
  Options options_;

  std::mutex mutex_;
  std::condition_variable work_;       // for the deciding thread
  std::condition_variable batches_;    // for the committing thread
  std::condition_variable committed_;  // a batch has left the pipeline
  std::deque<Batch> pipeline_;
  bool committing_ = false;
  bool stopping_ = false;
  bool decided_all_ = false;
  bool append_failed_ = false;
  bool fatal_ = false;

  std::atomic<uint64_t> commits_{0};
  std::atomic<bool> healthy_{true};
  Position last_snapshot_ = 0;
  std::thread decider_;
  std::thread committer_;
};

}  // namespace bayward

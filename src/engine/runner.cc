#include "engine/runner.h"

#include <algorithm>
#include <utility>

namespace bayward {
namespace {

constexpr size_t batches_in_flight = 2;
constexpr auto longest_wait = std::chrono::milliseconds{200};  // deadlines are looked at at least this often

}  // namespace

EngineRunner::EngineRunner(Engine& engine, Journal& journal, Clock& clock, Options options)
    : engine_(engine), journal_(journal), clock_(clock), options_(std::move(options)) {
  engine_.set_wake([this] {
    const std::lock_guard lock(mutex_);
    work_.notify_one();
  });
}

EngineRunner::~EngineRunner() {
  stop();
}

void EngineRunner::start() {
  last_snapshot_ = engine_.last_position();
  decider_ = std::thread([this] { decide_loop(); });
  committer_ = std::thread([this] { commit_loop(); });
}

void EngineRunner::stop() {
  if (!decider_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  decider_.join();
  batches_.notify_all();
  committer_.join();
  if (healthy() && engine_.last_position() > last_snapshot_) (void)journal_.save_snapshot(engine_.snapshot());
}

void EngineRunner::wait_for_work() {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return stopping_ || append_failed_ || engine_.has_work(); };
  if (ready()) return;
  auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(longest_wait);
  if (const auto due = engine_.next_due()) wait = std::clamp(*due - clock_.now(), Duration{0}, wait);
  work_.wait_for(lock, wait, ready);
}

void EngineRunner::decide_loop() {
  for (;;) {
    wait_for_work();
    {
      std::unique_lock lock(mutex_);
      if (append_failed_) {
        lock.unlock();
        rebuild();
        continue;
      }
    }
    Batch batch = engine_.prepare_unsealed(clock_.now());
    if (!batch.nothing()) hand_over(std::move(batch));
    if (engine_.last_position() - last_snapshot_ >= options_.snapshot_every_records) {
      wait_until_committed();
      const std::lock_guard lock(mutex_);
      last_snapshot_ = engine_.last_position();
      if (!append_failed_) (void)journal_.save_snapshot(engine_.snapshot());
    }
    const std::lock_guard lock(mutex_);
    if (stopping_ && !engine_.has_work()) {
      decided_all_ = true;
      return;
    }
  }
}

void EngineRunner::hand_over(Batch batch) {
  std::unique_lock lock(mutex_);
  committed_.wait(lock, [this] { return pipeline_.size() < batches_in_flight; });
  pipeline_.push_back(std::move(batch));
  batches_.notify_one();
}

void EngineRunner::wait_until_committed() {
  std::unique_lock lock(mutex_);
  committed_.wait(lock, [this] { return pipeline_.empty() && !committing_; });
}

void EngineRunner::commit_loop() {
  for (;;) {
    Batch batch;
    bool refuse = false;
    {
      std::unique_lock lock(mutex_);
      batches_.wait(lock, [this] { return !pipeline_.empty() || decided_all_; });
      if (pipeline_.empty()) return;
      batch = std::move(pipeline_.front());
      pipeline_.pop_front();
      committing_ = true;
      refuse = append_failed_;
    }
    JournalResult<Done> appended = Done{};
    batch.seal();
    if (!refuse && !batch.records.empty()) appended = journal_.append(batch.expected_last, batch.records);
    if (refuse || !appended) {
      if (!refuse && options_.trouble) options_.trouble(appended.error().message);
      engine_.failed(batch);
    } else {
      commits_.fetch_add(1, std::memory_order_relaxed);
      engine_.committed(batch);
    }
    if (!appended && appended.error().kind != JournalError::Kind::unavailable) give_up(appended.error());
    const std::lock_guard lock(mutex_);
    committing_ = false;
    if (!appended) {
      append_failed_ = true;
      healthy_.store(false, std::memory_order_relaxed);
      work_.notify_one();
    }
    committed_.notify_all();
  }
}

void EngineRunner::give_up(const JournalError& error) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(fatal_, true)) return;
  }
  if (options_.fatal) options_.fatal(error);
}

// The state is ahead of a journal that did not take the last batches: it is made anew from what is durable.
void EngineRunner::rebuild() {
  wait_until_committed();
  const auto recovered = engine_.recover();
  if (!recovered) give_up(recovered.error());
  const std::lock_guard lock(mutex_);
  append_failed_ = false;
  healthy_.store(!fatal_, std::memory_order_relaxed);
}

}  // namespace bayward

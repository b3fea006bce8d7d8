// The single writer: decides on commands in order, and lets nothing out before it is durable.
//
//   prepare()   takes commands from the inbox, decides, evolves the state, makes one record per command
//   (journal)   appends the batch durably: on another thread (engine/runner.h), or in the simulation
//   committed() gives the answers and tells the subscribers; failed() refuses the batch, then recover() is due
//
// The state runs ahead of the journal by the batches in flight; that is safe because no answer and no look at the state
// leaves before its batch is durable, and because after a failed append the state is rebuilt from the journal.
//
// submit() and ask() may be called from any thread; prepare() and recover() from one thread; committed() and failed()
// from one thread, in the order of prepare(). Time is an argument.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "core/state.h"
#include "engine/idempotency.h"
#include "engine/record.h"
#include "ports/engine.h"

namespace bayward {

struct EngineOptions {
  // True: a command and the saga steps it sets off are one record, all or nothing. False: each step is a command of its
  // own in a later batch, as when the streams belong to several machines; steps are not durable before they are done,
  // so a crash loses them and the bookings' deadlines take the sagas up again. An answer then tells of the first step
  // only.
  bool chain_sagas = true;
};

struct RecoveryReport {
  Position snapshot = 0;  // where reading began
  Position last = 0;
  uint64_t events = 0;
};

struct Batch {
  struct Decided {
    Position position = 0;
    Instant at{};
    RecordBody body;
  };

  Position expected_last = 0;
  std::vector<Decided> decided;  // not sealed yet
  std::vector<JournalRecord> records;
  std::vector<CommittedRecord> announced;  // one per record
  struct Answer {
    Reply reply;
    Outcome outcome;
  };
  std::vector<Answer> answers;
  std::vector<std::function<void()>> looks_done;
  std::vector<std::function<void()>> looks_refused;  // of the same looks, should the batch fail
  bool nothing() const { return decided.empty() && records.empty() && answers.empty() && looks_done.empty(); }

  // Makes the journal's bytes of what was decided: before the batch is appended, on whichever thread has the time.
  void seal();
};

class Engine final : public EngineDoor {
 public:
  explicit Engine(Journal& journal, EngineOptions options = {}) : journal_(journal), options_(options) {}

  void submit(Envelope envelope, Reply reply) override;
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override;
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override;

  // Rebuilds the state from the newest snapshot and the journal behind it.
  JournalResult<RecoveryReport> recover();

  Batch prepare(Instant now);
  // The same, to be sealed by the one who appends it.
  Batch prepare_unsealed(Instant now);
  void committed(Batch& batch);
  void failed(Batch& batch);

  // Commands, looks or steps of sagas are waiting. On the preparing thread.
  bool has_work() const { return waiting_.load(std::memory_order_relaxed) > 0 || !steps_.empty(); }
  size_t inbox_size() const { return waiting_.load(std::memory_order_relaxed); }
  std::optional<Instant> next_due() { return state_.next_due(); }
  // Called (on the submitting thread) when the inbox turns from empty to not empty.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  Position last_position() const { return last_; }
  const core::State& state() const { return state_; }
  // All that recover() needs: equal states give equal bytes. On the preparing thread.
  Snapshot snapshot() const;

  uint64_t shed() const { return shed_.load(std::memory_order_relaxed); }

 private:
  struct Task {
    std::optional<Envelope> envelope;  // none: a look
    Reply reply;
    Look look;
    std::function<void()> done;
    std::function<void()> refused;
  };

  bool push(Task& task);
  Outcome run(const Envelope& envelope, Instant now, Batch& batch);
  // Decides one command and evolves; steps that follow are appended to `todo`.
  core::Decided step(const core::Actor& actor, const core::Command& command, Instant now, RecordBody& body,
                     std::vector<core::Command>& todo);
  void run_steps(std::vector<core::Command> todo, Instant now, RecordBody& body);
  JournalResult<Done> replay(const Snapshot& from, RecoveryReport& report);
  bool load(const Snapshot& snapshot);

  Journal& journal_;
  const EngineOptions options_;
  std::function<void()> wake_;
  std::vector<std::function<void(const CommittedRecord&)>> subscribers_;

  std::mutex inbox_mutex_;
  std::vector<Task> inbox_;
  std::vector<Task> taken_;
  size_t taken_next_ = 0;
  std::atomic<size_t> waiting_{0};
  std::atomic<uint64_t> shed_{0};

  std::deque<core::Command> steps_;  // due by themselves, without chain_sagas

  core::State state_;
  IdempotencyTable answers_;
  Position last_ = 0;
};

}  // namespace bayward

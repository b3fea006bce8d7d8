#include "engine/engine.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "core/evolve.h"
#include "core/saga.h"

namespace bayward {

using core::Refusal;

bool Engine::push(Task& task) {
  bool was_empty = false;
  {
    const std::lock_guard lock(inbox_mutex_);
    if (waiting_.load(std::memory_order_relaxed) >= limits::inbox_commands) {
      shed_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    was_empty = inbox_.empty();
    inbox_.push_back(std::move(task));
    waiting_.fetch_add(1, std::memory_order_relaxed);
  }
  if (was_empty && wake_) wake_();
  return true;
}

void Engine::submit(Envelope envelope, Reply reply) {
  Task task;
  task.envelope = std::move(envelope);
  task.reply = std::move(reply);
  if (!push(task) && task.reply) task.reply(Failure{Refusal::overloaded});
}

void Engine::ask(Look look, std::function<void()> done, std::function<void()> refused) {
  Task task;
  task.look = std::move(look);
  task.done = std::move(done);
  task.refused = std::move(refused);
  if (!push(task) && task.refused) task.refused();
}

void Engine::subscribe(std::function<void(const CommittedRecord&)> subscriber) {
  subscribers_.push_back(std::move(subscriber));
}

core::Decided Engine::step(const core::Actor& actor, const core::Command& command, Instant now, RecordBody& body,
                           std::vector<core::Command>& todo) {
  core::Decided decided = core::decide(state_, actor, command, now);
  uint64_t sequence = 0;
  if (decided) {
    sequence = state_.sequence(decided->stream);
    for (const core::Event& event : decided->events) core::evolve(state_, decided->stream, event, now);
  }
  for (core::Command& next : core::next_steps(state_, command, decided)) todo.push_back(std::move(next));
  if (decided) {
    for (core::Event& event : decided->events) {
      body.events.push_back({decided->stream, ++sequence, std::move(event)});
    }
    decided->events.clear();
  }
  return decided;
}

Outcome Engine::run(const Envelope& envelope, Instant now, Batch& batch) {
  if (envelope.key) {
    if (const KeptAnswer* kept = answers_.find(envelope.key->key)) {
      if (kept->body != envelope.key->body) return Failure{Refusal::idempotency_conflict};
      if (kept->refusal) return Failure{*kept->refusal};
      return Accepted{kept->subject, 0, true};
    }
  }
  RecordBody body;
  body.events.reserve(4);  // a booking has three
  body.actor = envelope.actor;
  body.command = core::command_name(envelope.command);
  std::vector<core::Command> todo;
  const core::Decided decided = step(envelope.actor, envelope.command, now, body, todo);
  run_steps(std::move(todo), now, body);
  std::optional<Refusal> refusal;
  if (!decided) refusal = decided.error();
  if (decided) refusal = core::late_refusal(state_, envelope.command, decided->subject);
  const uint64_t subject = decided ? decided->subject : 0;
  if (envelope.key) {
    body.answer = KeptAnswer{envelope.key->key, envelope.key->body, subject, refusal};
    answers_.keep(*body.answer, now);
  }
  const bool changes = !body.events.empty() || body.answer;
  if (changes) batch.decided.push_back({++last_, now, std::move(body)});
  if (refusal) return Failure{*refusal};
  return Accepted{subject, changes ? last_ : 0, false};
}

void Engine::run_steps(std::vector<core::Command> todo, Instant now, RecordBody& body) {
  for (size_t i = 0; i < todo.size(); ++i) {
    core::Command next = std::move(todo[i]);
    if (!options_.chain_sagas) {
      // A step too many is a step lost: its booking's deadline comes back to it.
      if (steps_.size() < limits::inbox_commands) steps_.push_back(std::move(next));
      continue;
    }
    BAYWARD_CHECK(i < limits::saga_steps);
    (void)step(core::Actor{}, next, now, body, todo);
  }
}

void Batch::seal() {
  records.reserve(decided.size());
  announced.reserve(decided.size());
  for (Decided& one : decided) {
    RecordBody& body = one.body;
    records.push_back({one.position, one.at, encode(body)});
    announced.push_back({one.position, one.at, body.actor, std::move(body.command), std::move(body.events)});
  }
  decided.clear();
}

Batch Engine::prepare(Instant now) {
  Batch batch = prepare_unsealed(now);
  batch.seal();
  return batch;
}

Batch Engine::prepare_unsealed(Instant now) {
  Batch batch;
  batch.expected_last = last_;
  if (taken_next_ == taken_.size()) {
    taken_.clear();
    taken_next_ = 0;
    const std::lock_guard lock(inbox_mutex_);
    taken_.swap(inbox_);
  }
  size_t commands = 0;
  for (size_t due = steps_.size(); due > 0 && commands < limits::batch_commands; --due, ++commands) {
    const core::Command next = std::move(steps_.front());
    steps_.pop_front();
    (void)run(Envelope{core::Actor{}, next, std::nullopt}, now, batch);
  }
  // Many may be due at once, after a pause or an hour after many alarms: whoever asks now doesn't wait for all of them.
  for (size_t deadlines = 0; deadlines < limits::batch_deadlines && commands < limits::batch_commands; ++deadlines) {
    const auto due = state_.take_due(now);
    if (!due) break;
    (void)run(Envelope{core::Actor{}, core::PassDeadline{*due}, std::nullopt}, now, batch);
    ++commands;
  }
  const size_t first = taken_next_;
  for (; taken_next_ < taken_.size() && commands < limits::batch_commands; ++taken_next_, ++commands) {
    Task& task = taken_[taken_next_];
    if (task.envelope) {
      Outcome outcome = run(*task.envelope, now, batch);
      if (task.reply) batch.answers.push_back({std::move(task.reply), std::move(outcome)});
    } else {
      task.look(state_, now);
      if (task.done) {
        batch.looks_done.push_back(std::move(task.done));
        batch.looks_refused.push_back(std::move(task.refused));
      }
    }
  }
  waiting_.fetch_sub(taken_next_ - first, std::memory_order_relaxed);
  return batch;
}

void Engine::committed(Batch& batch) {
  for (const CommittedRecord& record : batch.announced) {
    for (const auto& subscriber : subscribers_) subscriber(record);
  }
  for (Batch::Answer& answer : batch.answers) answer.reply(answer.outcome);
  for (const auto& done : batch.looks_done) done();
}

void Engine::failed(Batch& batch) {
  for (Batch::Answer& answer : batch.answers) answer.reply(Failure{Refusal::storage_unavailable});
  // What was seen may never become durable: it is as if nobody had looked.
  for (size_t i = 0; i < batch.looks_done.size(); ++i) {
    const auto& refused = batch.looks_refused[i];
    refused ? refused() : batch.looks_done[i]();
  }
}

Snapshot Engine::snapshot() const {
  Snapshot snapshot;
  snapshot.position = last_;
  BinaryWriter out(snapshot.body);
  const std::string state = state_.save();
  out.write(state);
  answers_.save(out);
  return snapshot;
}

bool Engine::load(const Snapshot& snapshot) {
  state_ = core::State{};
  answers_ = IdempotencyTable{};
  steps_.clear();
  last_ = snapshot.position;
  if (snapshot.position == 0) return true;
  BinaryReader in(snapshot.body);
  const std::string_view state = in.raw(in.varint());
  if (!in.ok() || !state_.load(state)) return false;
  answers_.load(in);
  return in.ok() && in.at_end();
}

JournalResult<RecoveryReport> Engine::recover() {
  auto newest = journal_.newest_snapshot();
  if (!newest) return Failure{newest.error()};
  Snapshot from = *std::move(newest);
  RecoveryReport report;
  // A snapshot of another schema is no loss: the journal has everything.
  if (!load(from)) {
    from = Snapshot{};
    (void)load(from);
  }
  report.snapshot = from.position;
  if (auto read = replay(from, report); !read) return Failure{read.error()};
  report.last = last_;
  return report;
}

JournalResult<Done> Engine::replay(const Snapshot& from, RecoveryReport& report) {
  std::optional<JournalError> defect;
  auto read = journal_.read(from.position, [&](const JournalRecord& record) {
    const auto body = decode(record.body);
    if (!body) {
      defect =
          JournalError{JournalError::Kind::corrupt, "record " + std::to_string(record.position) +
                                                        " can't be read: it is damaged, or a newer version wrote it"};
      return false;
    }
    for (const StreamEvent& event : body->events) core::evolve(state_, event.stream, event.event, record.at);
    report.events += body->events.size();
    if (body->answer) answers_.keep(*body->answer, record.at);
    last_ = record.position;
    return true;
  });
  if (!read) return read;
  if (defect) return Failure{*defect};
  return Done{};
}

}  // namespace bayward

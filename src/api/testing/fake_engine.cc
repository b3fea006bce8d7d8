#include "api/testing/fake_engine.h"

#include "core/evolve.h"
#include "core/saga.h"

namespace bayward::api {

void FakeEngine::submit(Envelope envelope, Reply reply) {
  if (full) return reply(Failure{core::Refusal::overloaded});
  push([this, envelope = std::move(envelope), reply = std::move(reply)] { run(envelope, reply); });
}

void FakeEngine::ask(Look look, std::function<void()> done, std::function<void()> refused) {
  if (full) return refused();
  push([this, look = std::move(look), done = std::move(done)] {
    look(state_, clock_.now());
    done();
  });
}

void FakeEngine::subscribe(std::function<void(const CommittedRecord&)> subscriber) {
  subscribers_.push_back(std::move(subscriber));
}

void FakeEngine::forget_subscribers() {
  subscribers_.clear();
}

bool FakeEngine::step() {
  std::deque<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(work_);
  }
  for (const auto& one : work) one();
  return !work.empty();
}

void FakeEngine::push(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  work_.push_back(std::move(work));
}

core::Decided FakeEngine::apply(const core::Actor& actor, const core::Command& command, CommittedRecord& record) {
  core::Decided decided = core::decide(state_, actor, command, clock_.now());
  if (decided) {
    for (const core::Event& event : decided->events) {
      core::evolve(state_, decided->stream, event, clock_.now());
      record.events.push_back({decided->stream, state_.sequence(decided->stream), event});
    }
  }
  for (const core::Command& next : core::next_steps(state_, command, decided)) (void)apply({}, next, record);
  return decided;
}

void FakeEngine::run(const Envelope& envelope, const Reply& reply) {
  if (envelope.key) {
    if (const auto kept = kept_.find(envelope.key->key); kept != kept_.end()) {
      if (kept->second.body != envelope.key->body) return reply(Failure{core::Refusal::idempotency_conflict});
      Outcome again = kept->second.outcome;
      if (again) again->repeated = true;
      return reply(again);
    }
  }
  CommittedRecord record;
  record.position = records.size() + 1;
  record.at = clock_.now();
  record.actor = envelope.actor;
  record.command = core::command_name(envelope.command);
  const core::Decided decided = apply(envelope.actor, envelope.command, record);
  Outcome outcome = Failure{core::Refusal::invalid};
  if (!decided) outcome = Failure{decided.error()};
  if (decided) {
    outcome = Accepted{decided->subject, record.position, false};
    if (const auto late = core::late_refusal(state_, envelope.command, decided->subject)) outcome = Failure{*late};
  }
  if (envelope.key) kept_.insert_or_assign(envelope.key->key, Kept{envelope.key->body, outcome});
  records.push_back(record);
  for (const auto& subscriber : subscribers_) subscriber(record);
  reply(outcome);
}

}  // namespace bayward::api

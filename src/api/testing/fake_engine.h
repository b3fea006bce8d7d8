// A fake engine for the API's tests: decides and evolves by the real core, keeps its records in memory, and works only
// in step(), on the test's thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "core/decide.h"
#include "core/evolve.h"
#include "core/saga.h"
#include "ports/clock.h"
#include "ports/engine.h"

namespace bayward::api {

class FakeEngine final : public EngineDoor {
 public:
  FakeEngine(core::State& state, Clock& clock) : state_(state), clock_(clock) {}

  bool full = false;  // refuse everything: the inbox is full
  std::vector<CommittedRecord> records;

  void submit(Envelope envelope, Reply reply) override {
    if (full) return reply(Failure{core::Refusal::overloaded});
    push([this, envelope = std::move(envelope), reply = std::move(reply)] { run(envelope, reply); });
  }
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override {
    if (full) return refused();
    push([this, look = std::move(look), done = std::move(done)] {
      look(state_, clock_.now());
      done();
    });
  }
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override {
    subscribers_.push_back(std::move(subscriber));
  }
  void forget_subscribers() { subscribers_.clear(); }

  // Does what waits; false: nothing did.
  bool step() {
    std::deque<std::function<void()>> work;
    {
      const std::lock_guard lock(mutex_);
      work.swap(work_);
    }
    for (const auto& one : work) one();
    return !work.empty();
  }

 private:
  struct Kept {
    Fingerprint body;
    Outcome outcome;
  };

  void push(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  core::Decided apply(const core::Actor& actor, const core::Command& command, CommittedRecord& record) {
    const core::Decided decided = core::decide(state_, actor, command, clock_.now());
    if (decided) {
      for (const core::Event& event : decided->events) {
        core::evolve(state_, decided->stream, event, clock_.now());
        record.events.push_back({decided->stream, state_.sequence(decided->stream), event});
      }
    }
    for (const core::Command& next : core::next_steps(state_, command, decided)) (void)apply({}, next, record);
    return decided;
  }
  void run(const Envelope& envelope, const Reply& reply) {
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

  core::State& state_;
  Clock& clock_;
  std::vector<std::function<void(const CommittedRecord&)>> subscribers_;
  std::map<Fingerprint, Kept> kept_;
  std::mutex mutex_;
  std::deque<std::function<void()>> work_;
};

}  // namespace bayward::api

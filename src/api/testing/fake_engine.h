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
#include "ports/clock.h"
#include "ports/engine.h"

namespace bayward::api {

class FakeEngine final : public EngineDoor {
 public:
  FakeEngine(core::State& state, Clock& clock) : state_(state), clock_(clock) {}

  bool full = false;  // refuse everything: the inbox is full
  std::vector<CommittedRecord> records;

  void submit(Envelope envelope, Reply reply) override;
  void ask(Look look, std::function<void()> done, std::function<void()> refused) override;
  void subscribe(std::function<void(const CommittedRecord&)> subscriber) override;
  void forget_subscribers();

  // Does what waits; false: nothing did.
  bool step();

 private:
  struct Kept {
    Fingerprint body;
    Outcome outcome;
  };

  void push(std::function<void()> work);
  core::Decided apply(const core::Actor& actor, const core::Command& command, CommittedRecord& record);
  void run(const Envelope& envelope, const Reply& reply);

  core::State& state_;
  Clock& clock_;
  std::vector<std::function<void(const CommittedRecord&)>> subscribers_;
  std::map<Fingerprint, Kept> kept_;
  std::mutex mutex_;
  std::deque<std::function<void()>> work_;
};

}  // namespace bayward::api

// The door to the business state: how the API, the stations and the tests reach the engine without knowing it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/decide.h"
#include "ports/journal.h"

namespace bayward {

// Makes a command safe to repeat: the first answer per key is kept for limits::idempotency_hours. The same key with
// another body is refused (Refusal::idempotency_conflict).
struct IdempotencyKey {
  Fingerprint key;   // of the caller's key and the caller: two accounts never share one
  Fingerprint body;  // of what was asked
};

struct Envelope {
  core::Actor actor;
  core::Command command;
  std::optional<IdempotencyKey> key;
};

struct Accepted {
  uint64_t subject = 0;   // id of the thing made or meant, see core::Decision
  Position position = 0;  // of the record; 0: nothing changed
  bool repeated = false;  // the stored answer of an earlier command with this key
};

using Outcome = Result<Accepted, core::Refusal>;
using Reply = std::function<void(const Outcome&)>;

struct StreamEvent {
  core::StreamId stream;
  uint64_t sequence = 0;
  core::Event event;
  BAYWARD_FIELDS(StreamEvent, stream, sequence, event)
};

// A record as subscribers see it: durable, in order of position, none missing.
struct CommittedRecord {
  Position position = 0;
  Instant at{};
  core::Actor actor;
  std::string command;  // "RequestBooking"
  std::vector<StreamEvent> events;
};

class EngineDoor {
 public:
  virtual ~EngineDoor() = default;

  // From any thread. The reply comes exactly once, from the engine's threads, when what it says is durable (a refusal,
  // when what it was decided from is). A full inbox replies `overloaded` before submit() returns. Replies must not
  // block.
  virtual void submit(Envelope envelope, Reply reply) = 0;

  // From any thread. `look` runs on the engine's thread between two batches: short, reading only. `done` runs when all
  // that `look` could see is durable; it is where an answer may be given. A full inbox calls `refused` instead of both;
  // a journal that fails calls it instead of `done`.
  using Look = std::function<void(const core::State&, Instant now)>;
  virtual void ask(Look look, std::function<void()> done, std::function<void()> refused) = 0;

  // Called from the committing thread for every record after this call, in order; must not block. At start-up, before
  // traffic.
  virtual void subscribe(std::function<void(const CommittedRecord&)> subscriber) = 0;
};

}  // namespace bayward

// What the engine has acknowledged must be so: durable when it is said, there after every crash, and said again the
// same way to whoever repeats the question.
#pragma once

#include <map>

#include "engine/record.h"
#include "ports/engine.h"
#include "sim/det/checkers/books.h"
#include "sim/det/checkers/model.h"
#include "sim/det/checkers/problems.h"
#include "sim/det/marks.h"

namespace bayward::sim {

class Promises {
 public:
  Promises(const Model& model, const Books& books, Problems& problems, Marks& marks)
      : model_(model), books_(books), problems_(problems), marks_(marks) {}

  // A durable record.
  void look(const RecordBody& body);
  // An answer has left the engine; `last` is the end of the durable journal.
  void answered(const Envelope& envelope, const Outcome& outcome, Position last);
  // After a restart.
  void restarted(Position last) const;
  // All effects of all answers are there.
  void effects_remain() const;

 private:
  struct Said {
    Envelope envelope;
    uint64_t subject = 0;
    std::optional<core::Refusal> refusal;
  };
  void effect_of(const Said& said) const;

  const Model& model_;
  const Books& books_;
  Problems& problems_;
  Marks& marks_;
  std::map<Fingerprint, Said> said_;
  std::map<Fingerprint, KeptAnswer> durable_;
  Position promised_ = 0;
};

}  // namespace bayward::sim

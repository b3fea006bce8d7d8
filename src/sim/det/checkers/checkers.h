// All checkers together, fed with every durable record once, in order. Independent of the engine: they read the
// journal.
#pragma once

#include "ports/journal.h"
#include "sim/det/checkers/alarm_rule.h"
#include "sim/det/checkers/books.h"
#include "sim/det/checkers/near_rule.h"
#include "sim/det/checkers/promises.h"
#include "sim/det/checkers/rules.h"

namespace bayward::sim {

class Checkers {
 public:
  Checkers(Problems& problems, Marks& marks)
      : problems_(problems),
        marks_(marks),
        books_(problems),
        overlap_(model_, problems),
        power_(model_, problems, marks),
        quota_(model_, problems),
        window_(model_, problems),
        bill_(model_, problems),
        near_(model_, problems, marks),
        alarms_(problems, marks),
        promises_(model_, books_, problems, marks) {}

  // Takes in what has become durable since the last call.
  void follow(Journal& journal);
  // Nothing is under way any more: every booking is closed, the books are at rest, every promise kept.
  void at_rest(const core::State& state) const;

  // Live state and durable records agree: what calendar and wallets say is what the model says.
  void compare(const core::State& state) const;

  const Model& model() const { return model_; }
  const Books& books() const { return books_; }
  Promises& promises() { return promises_; }
  NearRule& near() { return near_; }
  AlarmRule& alarms() { return alarms_; }
  // Sessions the platform wants stopped, each named once.
  std::vector<SessionId> take_stop_wanted() { return std::exchange(stop_wanted_, {}); }

 private:
  void look(const StreamEvent& event, Instant at, const std::vector<StreamEvent>& record);
  void mark(const core::Event& event);
  void mark_end(const core::BookingEnded& event);

  Problems& problems_;
  Marks& marks_;
  Model model_;
  Books books_;
  OverlapRule overlap_;
  PowerRule power_;
  QuotaRule quota_;
  WindowRule window_;
  BillRule bill_;
  NearRule near_;
  AlarmRule alarms_;
  Promises promises_;
  Position followed_ = 0;
  std::map<core::StreamId, uint64_t> sequences_;
  std::vector<SessionId> stop_wanted_;
};

}  // namespace bayward::sim

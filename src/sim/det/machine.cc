#include "sim/det/machine.h"

#include <algorithm>

namespace bayward::sim {

Machine::Machine(Scheduler& scheduler, Prng& prng, Profile& profile, Checkers& checkers, Problems& problems,
                 Marks& marks)
    : scheduler_(scheduler),
      prng_(prng),
      profile_(profile),
      checkers_(checkers),
      problems_(problems),
      marks_(marks),
      journal_(profile.disk, prng) {}

void Machine::boot() {
  ++life_;
  journal_.reopen();
  engine_ = std::make_unique<Engine>(journal_, profile_.engine);
  engine_->subscribe([this](const CommittedRecord& record) {
    if (record.position != heard_ + 1) {
      problems_.report(
          "feed", "subscribers hear of record " + std::to_string(record.position) + " after " + std::to_string(heard_));
    }
    heard_ = record.position;
    if (record.position > journal_.last_position())
      problems_.report("feed", "a record is announced before it is durable");
  });
  const auto recovered = engine_->recover();
  if (!recovered) {
    problems_.report("replay", "recovery fails: " + recovered.error().message);
    return;
  }
  heard_ = recovered->last;
  checkers_.follow(journal_);
  checkers_.promises().restarted(journal_.last_position());
  compare("after a restart");
  work_planned_ = commit_planned_ = false;
  wake_planned_.reset();
  work_soon(1ms);
}

bool Machine::submit(const Envelope& envelope, Reply reply) {
  if (!up()) return false;
  engine_->submit(envelope, [this, envelope, answer = std::move(reply)](const Outcome& outcome) {
    checkers_.promises().answered(envelope, outcome, journal_.last_position());
    answer(outcome);
  });
  work_soon(Duration{prng_.between(0, 3)});
  return true;
}

void Machine::ask(EngineDoor::Look look, std::function<void()> done) {
  if (!up()) return;
  engine_->ask(std::move(look), std::move(done), [] {});
  work_soon(1ms);
}

void Machine::work_soon(Duration delay) {
  if (work_planned_) return;
  work_planned_ = true;
  scheduler_.after(delay, [this, life = life_] {
    if (life != life_) return;
    work_planned_ = false;
    work();
  });
}

void Machine::wake_at_deadline() {
  const auto due = engine_->next_due();
  if (!due) return;
  const Instant at = std::max(scheduler_.now() + 1ms, std::min(*due - offset_, scheduler_.now() + 30min));
  if (wake_planned_ && *wake_planned_ <= at) return;
  wake_planned_ = at;
  scheduler_.at(at, [this, at, life = life_] {
    if (life != life_ || wake_planned_ != at) return;
    wake_planned_.reset();
    work_soon(0ms);
    wake_at_deadline();
  });
}

void Machine::work() {
  if (in_flight_.size() >= 2) return;
  Batch batch = engine_->prepare(clock());
  if (!batch.nothing()) {
    in_flight_.push_back(std::move(batch));
    if (!commit_planned_) {
      commit_planned_ = true;
      scheduler_.after(Duration{prng_.between(1, 20)}, [this, life = life_] {
        if (life == life_) commit();
      });
    }
  }
  if (engine_->has_work() && in_flight_.size() < 2) work_soon(1ms);
  wake_at_deadline();
}

void Machine::commit() {
  commit_planned_ = false;
  Batch batch = std::move(in_flight_.front());
  in_flight_.pop_front();
  if (!batch.records.empty()) {
    const Position before = journal_.last_position();
    const auto appended = journal_.append(batch.expected_last, batch.records);
    if (journal_.crashed()) {
      journal_.reopen();
      const bool kept = journal_.last_position() != before;
      return die(kept                                                        ? Mark::crash_after_commit
                 : appended.error().message.ends_with("middle of the write") ? Mark::crash_torn_write
                                                                             : Mark::crash_before_commit);
    }
    if (!appended) return disk_full(batch);
    checkers_.follow(journal_);
    if (prng_.chance(profile_.kill_after_commit, 1000)) return die(Mark::crash_after_commit);
  }
  finish(batch);
}

void Machine::finish(Batch& batch) {
  const bool changed = !batch.records.empty();
  engine_->committed(batch);
  if (committed) committed();
  if (!in_flight_.empty()) {
    commit_planned_ = true;
    scheduler_.after(Duration{prng_.between(1, 20)}, [this, life = life_] {
      if (life == life_) commit();
    });
  } else if (changed && prng_.chance(profile_.snapshot_after_commit, 1000)) {
    (void)journal_.save_snapshot(engine_->snapshot());
  }
  work_soon(0ms);
  if (changed && storm_until_ && scheduler_.now() < *storm_until_ && prng_.chance(9, 10))
    die(Mark::crash_between_calls);
}

void Machine::disk_full(Batch& batch) {
  marks_.hit(Mark::disk_full);
  engine_->failed(batch);
  for (Batch& later : in_flight_) engine_->failed(later);
  in_flight_.clear();
  const auto recovered = engine_->recover();
  if (!recovered) problems_.report("replay", "recovery after a failed append fails: " + recovered.error().message);
  compare("after a failed append");
  work_soon(1ms);
}

void Machine::die(Mark how) {
  marks_.hit(how);
  journal_.crash();
  ++life_;
  in_flight_.clear();
  engine_.reset();
  scheduler_.after(Duration{prng_.between(100, 20'000)}, [this, life = life_] {
    if (life == life_) boot();
  });
}

void Machine::kill() {
  if (up()) die(Mark::crash_between_calls);
}

void Machine::step_clock(Duration by) {
  marks_.hit(by < Duration{0} ? Mark::clock_back : Mark::clock_forward);
  offset_ += by;
  if (up()) work_soon(1ms);
}

void Machine::next_kill() {
  if (profile_.kill_every == Duration{0}) return;
  const Duration wait{prng_.between(1, 2 * profile_.kill_every.count())};
  scheduler_.after(wait, [this] {
    if (calm_) return;
    kill();
    next_kill();
  });
}

void Machine::next_clock_step() {
  if (profile_.clock_step_every == Duration{0}) return;
  const Duration wait{prng_.between(1, 2 * profile_.clock_step_every.count())};
  scheduler_.after(wait, [this] {
    if (calm_) return;
    // It is set right again as often as it goes wrong.
    step_clock(offset_ != Duration{0} && prng_.chance(1, 2) ? -offset_
                                                            : std::chrono::seconds{prng_.between(-3600, 3 * 3600)});
    next_clock_step();
  });
}

void Machine::start_troubles() {
  next_kill();
  next_clock_step();
  if (!profile_.storm) return;
  scheduler_.after(std::chrono::minutes{prng_.between(60, 300)}, [this] { storm_until_ = scheduler_.now() + 6min; });
}

void Machine::calm() {
  calm_ = true;
  profile_.disk = FaultPlan{};
  profile_.kill_after_commit = 0;
  storm_until_.reset();
  if (offset_ != Duration{0}) step_clock(-offset_);
}

void Machine::compare(const char* when) {
  compare_replays(journal_, *engine_, when, problems_, marks_);
  checkers_.compare(engine_->state());
}

}  // namespace bayward::sim

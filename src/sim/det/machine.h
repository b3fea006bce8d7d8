// The server of the simulation: engine, journal and clock on a machine that dies, whose disk fills and whose clock
// jumps. Plays the part of EngineRunner in virtual time: a batch is decided while the last one is being written.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "engine/engine.h"
#include "journal/faulty/faulty_journal.h"
#include "sim/det/checkers/checkers.h"
#include "sim/det/checkers/replay.h"
#include "sim/det/profile.h"
#include "sim/det/scheduler.h"

namespace bayward::sim {

class Machine {
 public:
  Machine(Scheduler& scheduler, Prng& prng, Profile& profile, Checkers& checkers, Problems& problems, Marks& marks);

  void boot();
  bool up() const { return engine_ != nullptr; }
  // The engine's idea of the time.
  Instant clock() const { return scheduler_.now() + offset_; }
  // False: nobody is there to take it.
  bool submit(const Envelope& envelope, Reply reply);
  // Runs `look` when the engine gets to it, and `done` when what it saw is durable; nothing happens when it is down.
  void ask(
      EngineDoor::Look look, std::function<void()> done = [] {});
  // The power fails, now.
  void kill();
  void step_clock(Duration by);
  void start_troubles();
  // From now on nothing fails any more.
  void calm();
  // No batch is on its way; live state and journal agree.
  bool quiet() const { return up() && in_flight_.empty() && !engine_->has_work(); }
  void compare(const char* when);

  const Engine& engine() const { return *engine_; }
  FaultyJournal& journal() { return journal_; }
  ChainHash journal_hash() const { return journal_.last_hash(); }
  // After every commit: effects may be taken from the checkers.
  std::function<void()> committed;

 private:
  void work_soon(Duration delay);
  void work();
  void commit();
  void finish(Batch& batch);
  void disk_full(Batch& batch);
  void die(Mark how);
  void wake_at_deadline();
  void next_kill();
  void next_clock_step();

  Scheduler& scheduler_;
  Prng& prng_;
  Profile& profile_;
  Checkers& checkers_;
  Problems& problems_;
  Marks& marks_;
  FaultyJournal journal_;
  std::unique_ptr<Engine> engine_;
  std::deque<Batch> in_flight_;
  uint64_t life_ = 0;  // what was planned in an earlier one is void
  bool work_planned_ = false;
  std::optional<Instant> wake_planned_;
  bool commit_planned_ = false;
  bool calm_ = false;
  std::optional<Instant> storm_until_;
  Duration offset_{0};
  Position heard_ = 0;  // by the subscriber of this life
};

}  // namespace bayward::sim

// A fake journal that fails as disks and machines do, from a script or by chance, the same way for the same seed. For
// tests and the deterministic simulation.
//
// One thread. What survives a crash is what the real driver promises: every acknowledged batch, and of the batch during
// which the crash came all or nothing. Once crashed() is true the process it plays is dead: every call answers
// `unavailable`, and whoever drives it must throw away the engine and everything the engine said since, then reopen().
#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "base/prng.h"
#include "journal/memory/memory_journal.h"
#include "ports/journal.h"

namespace bayward {

enum class AppendFault : uint8_t {
  none,
  unavailable,  // disk full: the batch isn't kept, the writer lives on
  crash_lost,   // crash before the commit: the batch is gone
  crash_kept,   // crash after the commit: the batch is there though nobody was told
  crash_torn,   // crash in the middle: part of the batch is on the disk, and reopen() must discard it
  fenced,       // another writer took over: this and every later append is refused
};

// Chances are out of 1000, each append or snapshot. The caller may change the plan at any time.
struct FaultPlan {
  std::deque<AppendFault> script;  // faults of the next appends, used up before any chance is tried
  uint32_t unavailable = 0;
  uint32_t unavailable_run_max = 1;  // that many appends fail in a row at most
  uint32_t crash_lost = 0;
  uint32_t crash_kept = 0;
  uint32_t crash_torn = 0;
  uint32_t snapshot_fails = 0;
  uint32_t snapshot_damaged = 0;  // written, but found damaged when it is needed
};

struct FaultCounts {
  uint64_t unavailable = 0;
  uint64_t crashes = 0;
  uint64_t torn_records_discarded = 0;
  uint64_t snapshots_passed_over = 0;
};

class FaultyJournal final : public Journal {
 public:
  FaultyJournal(FaultPlan& plan, Prng& prng) : plan_(plan), prng_(prng) {}

  Position last_position() const override { return stored_.last_position(); }
  JournalResult<Done> append(Position expected_last, const std::vector<JournalRecord>& records) override;
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override;
  JournalResult<Snapshot> newest_snapshot() override;
  JournalResult<Done> save_snapshot(const Snapshot& snapshot) override;

  // The machine stops between two calls.
  void crash();
  bool crashed() const { return crashed_; }
  // The machine starts again: recovery as the real driver does it. No effect on fencing.
  void reopen();

  const FaultCounts& counts() const { return counts_; }
  ChainHash last_hash() const { return stored_.last_hash(); }

 private:
  AppendFault next_fault();

  FaultPlan& plan_;
  Prng& prng_;
  MemoryJournal stored_;
  std::vector<JournalRecord> torn_tail_;  // on the disk without a commit mark
  std::vector<Snapshot> snapshots_;       // newest last; not in stored_, because some of them are damaged
  std::set<Position> damaged_snapshots_;
  uint32_t unavailable_left_ = 0;
  bool crashed_ = false;
  bool fenced_ = false;
  FaultCounts counts_;
};

}  // namespace bayward

// The journal in memory, for tests and the deterministic simulation. Keeps the chain as the SQLite driver does.
//
// One thread at a time.
#pragma once

#include <map>
#include <vector>

#include "journal/chain.h"
#include "ports/journal.h"

namespace bayward {

class MemoryJournal final : public Journal {
 public:
  Position last_position() const override { return records_.size(); }
  JournalResult<Done> append(Position expected_last, const std::vector<JournalRecord>& records) override;
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override;
  JournalResult<Snapshot> newest_snapshot() override;
  JournalResult<Done> save_snapshot(const Snapshot& snapshot) override;

  // Chain hash of the last record, for comparing two journals.
  ChainHash last_hash() const { return hashes_.empty() ? ChainHash{} : hashes_.back(); }

 private:
  ChainHasher hasher_;
  std::vector<JournalRecord> records_;
  std::vector<ChainHash> hashes_;
  std::map<Position, Snapshot> snapshots_;
};

}  // namespace bayward

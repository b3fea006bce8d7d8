// The audit of a stored journal: every record's hash against the chain, and every snapshot file. Reads only, beside a
// running server or without one. Any one thread.
#pragma once

#include <optional>
#include <vector>

#include "journal/sqlite/record_block.h"
#include "journal/sqlite/sqlite_journal.h"
#include "ports/journal.h"

namespace bayward {

struct SnapshotFinding {
  enum class State : uint8_t { sound, damaged, other_history, beyond_end };
  Position position = 0;
  State state{};
};

struct VerifyReport {
  Position records = 0;  // sound ones, from position 1 on
  ChainHash last_hash{};
  std::optional<sqlite::ChainDefect> defect;  // the first; nothing after it was looked at
  std::vector<SnapshotFinding> snapshots;     // newest first

  // Damaged snapshots cost only time; a snapshot beyond the end means that records are gone.
  bool sound() const;
};

// Fails only when the journal can't be read at all.
JournalResult<VerifyReport> verify_journal(sqlite::SqliteJournalReader& journal);

}  // namespace bayward

// Snapshots of the state as files `snapshot-<position>` beside the journal: written under another name, made durable,
// then renamed, so that one is whole or absent. Each carries the chain hash of the record it follows: a snapshot of
// another history is not taken for one of this journal. Not files of truth: any of them may be deleted.
//
// Used by one thread at a time.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "ports/journal.h"

namespace bayward {

struct StoredSnapshot {
  Snapshot snapshot;
  ChainHash after{};  // chain hash of the record at snapshot.position
};

class SnapshotFiles {
 public:
  explicit SnapshotFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Positions of the files that are there, newest first; whether they are sound is not looked at.
  std::vector<Position> positions() const;
  // Nothing when the file is damaged or absent.
  std::optional<StoredSnapshot> load(Position position) const;
  // Durable on return; then deletes all but the newest limits::snapshots_kept.
  JournalResult<Done> save(const StoredSnapshot& stored);

  std::filesystem::path path_of(Position position) const;

 private:
  void prune() const;

  std::filesystem::path directory_;
};

}  // namespace bayward

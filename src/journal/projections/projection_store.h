// The projections' database: tables of every projection, and how far each has followed the journal.
//
// Used by one thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/projections/projection.h"
#include "journal/sqlite/store.h"
#include "ports/journal.h"

namespace bayward {

std::filesystem::path projections_path(const std::filesystem::path& directory);

class ProjectionStore {
 public:
  // Creates the file when it isn't there and every projection that isn't in it, is of another version or is further
  // than `journal_last`. A damaged file is replaced by an empty one: nothing is lost that isn't in the journal.
  static JournalResult<ProjectionStore> open(const std::filesystem::path& directory,
                                             const std::vector<std::unique_ptr<Projection>>& projections,
                                             Position journal_last);

  // By index of `projections`.
  Position checkpoint(size_t index) const { return checkpoints_[index]; }

  // Applies `records`, which follow checkpoint(i), to each of the projections and moves their checkpoints, all or
  // nothing.
  JournalResult<Done> apply(std::span<const size_t> indexes, std::span<const CommittedRecord> records);
  // The file was found damaged: it has to be discarded and opened anew.
  bool damaged() const { return damaged_; }
  // Deletes the file; no store may have it open.
  static void discard(const std::filesystem::path& directory);
  // Drops a projection's tables and sets it to the beginning.
  JournalResult<Done> reset(size_t index);

 private:
  ProjectionStore(std::filesystem::path path, sqlite::Database database,
                  const std::vector<std::unique_ptr<Projection>>& projections)
      : path_(std::move(path)), database_(std::move(database)), projections_(&projections) {}

  static JournalResult<ProjectionStore> open_sound(const std::filesystem::path& directory,
                                                   const std::vector<std::unique_ptr<Projection>>& projections,
                                                   Position journal_last);
  sqlite::SqlResult<Done> start_over(const Projection& projection);
  sqlite::SqlResult<Done> apply_in_transaction(std::span<const size_t> indexes,
                                               std::span<const CommittedRecord> records);
  sqlite::SqlResult<std::optional<Position>> stored_checkpoint(const Projection& projection, Position journal_last);
  Failure<JournalError> failed(const sqlite::SqlError& error, const char* doing);

  std::filesystem::path path_;
  sqlite::Database database_;
  const std::vector<std::unique_ptr<Projection>>* projections_;
  std::vector<Position> checkpoints_;
  bool damaged_ = false;
};

}  // namespace bayward

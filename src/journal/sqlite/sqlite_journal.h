// The journal in one SQLite file: `journal.db` in WAL mode with synchronous=FULL, one row a record, one transaction a
// batch. The default driver of ports/journal.h.
//
// SqliteJournal is the one writer of its directory: it holds the directory's lock from open to destruction. Everything
// but read() and last_position() belongs to one thread at a time; those two may be called by any.
// After a failed append nothing of the batch is there and the next append may succeed. One case can't be told from
// outside: when fsync itself failed and the machine then crashes before the next append, the batch may be found kept.
//
// SqliteJournalReader opens the same directory without a lock, beside a running server or without one, and never
// writes.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>

#include "journal/chain.h"
#include "journal/snapshot_files.h"
#include "journal/sqlite/database.h"
#include "journal/sqlite/directory_lock.h"
#include "journal/sqlite/record_reader.h"
#include "ports/journal.h"

namespace bayward::sqlite {

class SqliteJournal final : public Journal {
 public:
  // Creates directory and journal when they aren't there. `fenced` when another server has the directory.
  static JournalResult<std::unique_ptr<SqliteJournal>> open(const std::filesystem::path& directory);

  Position last_position() const override { return last_position_.load(std::memory_order_acquire); }
  JournalResult<Done> append(Position expected_last, const std::vector<JournalRecord>& records) override;
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override;
  // A snapshot of a position that the journal doesn't reach means that the journal has lost records: `corrupt`.
  JournalResult<Snapshot> newest_snapshot() override;
  JournalResult<Done> save_snapshot(const Snapshot& snapshot) override;

 private:
  // The writing connection; replaced when it is left in a state from which SQLite can't go on.
  struct Connection {
    Database database;
    Statement insert;
    Statement last;
  };

  SqliteJournal(const std::filesystem::path& directory, DirectoryLock lock);

  static JournalResult<Connection> connect(const std::filesystem::path& path);
  JournalResult<Done> start();
  JournalResult<Done> make_ready();
  SqlResult<RecordReader::Link> stored_last();
  SqlResult<RecordReader::Link> insert_all(const std::vector<JournalRecord>& records);
  Failure<JournalError> fenced(Position expected, Position stored) const;

  const std::filesystem::path path_;
  const DirectoryLock lock_;
  SnapshotFiles snapshots_;
  RecordReader reader_;
  ChainHasher hasher_;
  std::optional<Connection> connection_;
  ChainHash last_hash_{};
  std::atomic<Position> last_position_ = 0;
};

class SqliteJournalReader {
 public:
  static JournalResult<std::unique_ptr<SqliteJournalReader>> open(const std::filesystem::path& directory);

  JournalResult<Position> last_position();
  JournalResult<Done> read(Position after, const RecordReader::Each& each) { return reader_.read(after, each); }
  JournalResult<Snapshot> newest_snapshot();

  RecordReader& records() { return reader_; }
  const SnapshotFiles& snapshots() const { return snapshots_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit SqliteJournalReader(const std::filesystem::path& directory);

  const std::filesystem::path path_;
  SnapshotFiles snapshots_;
  RecordReader reader_;
};

}  // namespace bayward::sqlite

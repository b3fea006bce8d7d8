#include "journal/sqlite/sqlite_journal.h"

#include <string>
#include <system_error>

#include "journal/sqlite/journal_format.h"

namespace bayward::sqlite {

namespace {

using Kind = JournalError::Kind;

// The newest sound snapshot that belongs to this journal.
JournalResult<Snapshot> choose_snapshot(const SnapshotFiles& files, RecordReader& reader,
                                        const std::filesystem::path& path) {
  auto last = reader.last();
  if (!last.ok()) return Failure{last.error()};
  for (const Position position : files.positions()) {
    auto stored = files.load(position);
    if (!stored) continue;
    if (position > last->position) {
      return Failure{JournalError{
          Kind::corrupt, "the journal at " + path.string() + " ends at position " + std::to_string(last->position) +
                             ", but " + files.path_of(position).string() +
                             " was made later: the journal was cut short or replaced by an older copy. Restore the "
                             "whole data directory, or delete the snapshot to accept the loss."}};
    }
    auto link = reader.link(position);
    if (!link.ok()) return Failure{link.error()};
    if (*link && (*link)->hash == stored->after) return std::move(stored->snapshot);
  }
  return Snapshot{};
}

}  // namespace

SqliteJournal::SqliteJournal(const std::filesystem::path& directory, DirectoryLock lock)
    : path_(journal_path(directory)), lock_(std::move(lock)), snapshots_(directory), reader_(path_) {}

JournalResult<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return Failure{JournalError{Kind::unavailable, "cannot create the data directory " + directory.string() + ": " +
                                                       error.message() + ". Choose one the server's user may write."}};
  }
  auto lock = DirectoryLock::acquire(directory);
  if (!lock.ok()) return Failure{lock.error()};
  std::unique_ptr<SqliteJournal> journal(new SqliteJournal(directory, std::move(lock).value()));
  auto started = journal->start();
  if (!started.ok()) return Failure{started.error()};
  return journal;
}

JournalResult<SqliteJournal::Connection> SqliteJournal::connect(const std::filesystem::path& path) {
  auto database = open_store(path, journal_format, {.mode = OpenMode::create});
  if (!database.ok()) return Failure{database.error()};
  auto insert = database->prepare("INSERT INTO record(position, at, body, hash) VALUES (?1, ?2, ?3, ?4)");
  if (!insert.ok()) return Failure{explain(insert.error(), "open the journal", path)};
  auto last = database->prepare("SELECT position, hash FROM record ORDER BY position DESC LIMIT 1");
  if (!last.ok()) return Failure{explain(last.error(), "open the journal", path)};
  return Connection{std::move(database).value(), std::move(insert).value(), std::move(last).value()};
}

// Opens, and checks the last record against the one before it: the cheapest sign that the end is what was written.
JournalResult<Done> SqliteJournal::start() {
  auto connection = connect(path_);
  if (!connection.ok()) return Failure{connection.error()};
  connection_.emplace(std::move(connection).value());
  auto last = stored_last();
  if (!last.ok()) return Failure{explain(last.error(), "open the journal", path_)};
  if (last->position > 0) {
    auto checked = reader_.read(last->position - 1, [](const JournalRecord&) { return true; });
    if (!checked.ok()) return checked;
  }
  last_hash_ = last->hash;
  last_position_.store(last->position, std::memory_order_release);
  return Done{};
}

SqlResult<RecordReader::Link> SqliteJournal::stored_last() {
  Statement& last = connection_->last;
  auto more = last.step();
  RecordReader::Link link;
  if (more.ok() && *more) {
    link.position = static_cast<Position>(last.integer(0));
    const Blob hash = last.blob(1);
    if (hash.size() == link.hash.size()) std::copy(hash.begin(), hash.end(), link.hash.begin());
  }
  last.reset();
  if (!more.ok()) return Failure{more.error()};
  return link;
}

// A connection outside any transaction, reopened when the last failure left none.
JournalResult<Done> SqliteJournal::make_ready() {
  if (connection_ && connection_->database.in_transaction()) connection_.reset();
  if (connection_) return Done{};
  auto connection = connect(path_);
  if (!connection.ok()) return Failure{connection.error()};
  connection_.emplace(std::move(connection).value());
  return Done{};
}

Failure<JournalError> SqliteJournal::fenced(Position expected, Position stored) const {
  return {JournalError{Kind::fenced, "the journal at " + path_.string() + " ends at position " +
                                         std::to_string(stored) + " instead of " + std::to_string(expected) +
                                         ": another program has written to it. This server stops writing; find that "
                                         "program before starting again."}};
}

SqlResult<RecordReader::Link> SqliteJournal::insert_all(const std::vector<JournalRecord>& records) {
  Statement& insert = connection_->insert;
  RecordReader::Link link{last_position(), last_hash_};
  for (const JournalRecord& record : records) {
    link.hash = hasher_.next(link.hash, ++link.position, record.at, record.body);
    insert.bind(1, link.position);
    insert.bind(2, unix_ms(record.at));
    insert.bind(3, Blob(reinterpret_cast<const uint8_t*>(record.body.data()), record.body.size()));
    insert.bind(4, Blob(link.hash));
    auto inserted = insert.run();
    if (!inserted.ok()) return Failure{inserted.error()};
  }
  return link;
}

JournalResult<Done> SqliteJournal::append(Position expected_last, const std::vector<JournalRecord>& records) {
  if (expected_last != last_position()) return fenced(expected_last, last_position());
  if (records.empty()) return Done{};
  auto ready = make_ready();
  if (!ready.ok()) return ready;

  const auto failed = [this](const SqlError& error) { return Failure{explain(error, "append to the journal", path_)}; };
  auto transaction = Transaction::begin(connection_->database);
  if (!transaction.ok()) return failed(transaction.error());
  // Inside the transaction, so that nobody can write between this look and our rows.
  auto stored = stored_last();
  if (!stored.ok()) return failed(stored.error());
  if (stored->position != expected_last || stored->hash != last_hash_) return fenced(expected_last, stored->position);
  auto link = insert_all(records);
  if (!link.ok()) return failed(link.error());
  auto committed = transaction->commit();
  if (!committed.ok()) return failed(committed.error());

  last_hash_ = link->hash;
  last_position_.store(link->position, std::memory_order_release);
  return Done{};
}

JournalResult<Done> SqliteJournal::read(Position after, const std::function<bool(const JournalRecord&)>& each) {
  return reader_.read(after, each);
}

JournalResult<Snapshot> SqliteJournal::newest_snapshot() {
  return choose_snapshot(snapshots_, reader_, path_);
}

JournalResult<Done> SqliteJournal::save_snapshot(const Snapshot& snapshot) {
  auto link = reader_.link(snapshot.position);
  if (!link.ok()) return Failure{link.error()};
  if (!*link) {
    return Failure{JournalError{Kind::unavailable, "no snapshot written: the journal at " + path_.string() +
                                                       " has no record " + std::to_string(snapshot.position) + "."}};
  }
  return snapshots_.save({snapshot, (*link)->hash});
}

SqliteJournalReader::SqliteJournalReader(const std::filesystem::path& directory)
    : path_(journal_path(directory)), snapshots_(directory), reader_(path_) {}

JournalResult<std::unique_ptr<SqliteJournalReader>> SqliteJournalReader::open(const std::filesystem::path& directory) {
  std::unique_ptr<SqliteJournalReader> reader(new SqliteJournalReader(directory));
  std::error_code ignored;
  if (!std::filesystem::exists(reader->path_, ignored)) {
    return Failure{JournalError{Kind::unavailable, "there is no journal at " + reader->path_.string() +
                                                       ". Name the data directory of the server."}};
  }
  auto last = reader->reader_.last();
  if (!last.ok()) return Failure{last.error()};
  return reader;
}

JournalResult<Position> SqliteJournalReader::last_position() {
  auto last = reader_.last();
  if (!last.ok()) return Failure{last.error()};
  return last->position;
}

JournalResult<Snapshot> SqliteJournalReader::newest_snapshot() {
  return choose_snapshot(snapshots_, reader_, path_);
}

}  // namespace bayward::sqlite

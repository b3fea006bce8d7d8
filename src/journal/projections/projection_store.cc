#include "journal/projections/projection_store.h"

#include <system_error>

#include "ports/engine.h"
#include "ports/log.h"

namespace bayward {

namespace {

using sqlite::SqlResult;

constexpr sqlite::StoreFormat format{
    .what = "projections",
    .application_id = 0x42415950,  // "BAYP"
    .version = 1,
    .schema =
        "CREATE TABLE checkpoint(projection TEXT PRIMARY KEY, version INTEGER NOT NULL, "
        "position INTEGER NOT NULL) STRICT",
    // Every batch touches the ends of all tables and indexes: with less, pages are written out in the middle of a
    // transaction and read again for the next.
    .cache_kib = 32 * 1024,
    .durable = false,  // the checkpoint is undone together with the rows
};

// Tables called `<name>` or `<name>_...`; indexes go with their tables.
SqlResult<std::vector<std::string>> tables_of(sqlite::Database& database, std::string_view name) {
  std::vector<std::string> tables;
  const std::string prefix = std::string(name) + "_";
  auto rows = database.query(
      "SELECT name FROM sqlite_schema WHERE type='table' AND (name=?1 OR substr(name, 1, length(?2))=?2)", name,
      prefix);
  if (!rows.ok()) return Failure{rows.error()};
  while (true) {
    auto more = rows->next();
    if (!more.ok()) return Failure{more.error()};
    if (!*more) return tables;
    tables.emplace_back((*rows)->text(0));
  }
}

}  // namespace

std::filesystem::path projections_path(const std::filesystem::path& directory) {
  return directory / "projections.db";
}

void ProjectionStore::discard(const std::filesystem::path& directory) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(projections_path(directory).string() + suffix, ignored);
  }
}

Failure<JournalError> ProjectionStore::failed(const sqlite::SqlError& error, const char* doing) {
  damaged_ = damaged_ || error.primary() == SQLITE_CORRUPT || error.primary() == SQLITE_NOTADB;
  return {sqlite::explain(error, doing, path_)};
}

JournalResult<ProjectionStore> ProjectionStore::open(const std::filesystem::path& directory,
                                                     const std::vector<std::unique_ptr<Projection>>& projections,
                                                     Position journal_last) {
  auto store = open_sound(directory, projections, journal_last);
  if (store.ok() || store.error().kind != JournalError::Kind::corrupt) return store;
  log::warn("projections.replaced", {{"reason", store.error().message}});
  discard(directory);
  return open_sound(directory, projections, journal_last);
}

JournalResult<ProjectionStore> ProjectionStore::open_sound(const std::filesystem::path& directory,
                                                           const std::vector<std::unique_ptr<Projection>>& projections,
                                                           Position journal_last) {
  const std::filesystem::path path = projections_path(directory);
  auto database = sqlite::open_store(path, format, {.mode = sqlite::OpenMode::create});
  if (!database.ok()) return Failure{database.error()};
  ProjectionStore store(path, std::move(database).value(), projections);
  for (size_t i = 0; i < projections.size(); ++i) {
    auto position = store.stored_checkpoint(*projections[i], journal_last);
    if (!position.ok()) return store.failed(position.error(), "open the projections");
    store.checkpoints_.push_back(position->value_or(0));
    if (*position) continue;
    auto made = store.reset(i);
    if (!made.ok()) return Failure{made.error()};
  }
  return store;
}

// Nothing when the projection has to start over.
SqlResult<std::optional<Position>> ProjectionStore::stored_checkpoint(const Projection& projection,
                                                                      Position journal_last) {
  auto found = database_.query_integer("SELECT position FROM checkpoint WHERE projection=?1 AND version=?2",
                                       projection.name(), projection.version());
  if (!found.ok()) return Failure{found.error()};
  if (!*found) return std::optional<Position>{};
  const auto position = static_cast<Position>(**found);
  // The journal was replaced by an older copy: what is in the tables never happened.
  if (position > journal_last) return std::optional<Position>{};
  return std::optional<Position>{position};
}

SqlResult<Done> ProjectionStore::start_over(const Projection& projection) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction.ok()) return Failure{transaction.error()};
  auto tables = tables_of(database_, projection.name());
  if (!tables.ok()) return Failure{tables.error()};
  for (const std::string& table : *tables) {
    auto dropped = database_.execute(("DROP TABLE \"" + table + "\"").c_str());
    if (!dropped.ok()) return dropped;
  }
  auto created = database_.execute(projection.schema());
  if (!created.ok()) return created;
  auto stored =
      database_.run("INSERT OR REPLACE INTO checkpoint VALUES (?1, ?2, 0)", projection.name(), projection.version());
  if (!stored.ok()) return stored;
  return transaction->commit();
}

JournalResult<Done> ProjectionStore::reset(size_t index) {
  auto done = start_over(*(*projections_)[index]);
  if (!done.ok()) return failed(done.error(), "start a projection over");
  checkpoints_[index] = 0;
  return Done{};
}

SqlResult<Done> ProjectionStore::apply_in_transaction(std::span<const size_t> indexes,
                                                      std::span<const CommittedRecord> records) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction.ok()) return Failure{transaction.error()};
  for (const size_t index : indexes) {
    Projection& projection = *(*projections_)[index];
    for (const CommittedRecord& record : records) {
      auto applied = projection.apply(database_, record);
      if (!applied.ok()) return applied;
    }
    auto moved = database_.run("UPDATE checkpoint SET position=?2 WHERE projection=?1", projection.name(),
                               records.back().position);
    if (!moved.ok()) return moved;
  }
  return transaction->commit();
}

JournalResult<Done> ProjectionStore::apply(std::span<const size_t> indexes, std::span<const CommittedRecord> records) {
  if (records.empty()) return Done{};
  auto applied = apply_in_transaction(indexes, records);
  if (!applied.ok()) return failed(applied.error(), "bring the projections up to date");
  for (const size_t index : indexes) checkpoints_[index] = records.back().position;
  return Done{};
}

}  // namespace bayward

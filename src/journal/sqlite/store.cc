#include "journal/sqlite/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bayward::sqlite {

namespace {

using Kind = JournalError::Kind;

// Both are read in one statement before anything is written.
struct Stamp {
  int64_t application_id = 0;
  int64_t version = 0;
  int64_t objects = 0;  // tables, indexes: 0 in a fresh file

  bool fresh() const { return application_id == 0 && version == 0 && objects == 0; }
};

SqlResult<Stamp> read_stamp(Database& database) {
  auto rows = database.query(
      "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), "
      "(SELECT count(*) FROM sqlite_schema)");
  if (!rows.ok()) return Failure{rows.error()};
  auto more = rows->next();
  if (!more.ok()) return Failure{more.error()};
  return Stamp{(*rows)->integer(0), (*rows)->integer(1), (*rows)->integer(2)};
}

SqlResult<Done> create_schema(Database& database, const StoreFormat& format) {
  auto transaction = Transaction::begin(database);
  if (!transaction.ok()) return Failure{transaction.error()};
  const std::string stamp = "PRAGMA application_id=" + std::to_string(format.application_id) +
                            ";PRAGMA user_version=" + std::to_string(format.version);
  for (const char* sql : {format.schema, stamp.c_str()}) {
    auto done = database.execute(sql);
    if (!done.ok()) return done;
  }
  return transaction->commit();
}

SqlResult<Done> set_up(Database& database, const StoreFormat& format) {
  // The page size only counts before the first page is written; the rest holds for this connection.
  const std::string pragmas = "PRAGMA page_size=" + std::to_string(format.page_bytes) +
                              ";PRAGMA journal_mode=WAL;PRAGMA synchronous=" + (format.durable ? "FULL" : "NORMAL") +
                              ";PRAGMA wal_autocheckpoint=" + std::to_string(format.wal_autocheckpoint_pages) +
                              ";PRAGMA cache_size=-" + std::to_string(format.cache_kib) +
                              ";PRAGMA secure_delete=" + (format.secure_delete ? "ON" : "OFF");
  return database.execute(pragmas.c_str());
}

JournalError refuse(const StoreFormat& format, const std::filesystem::path& path, const std::string& why) {
  return {Kind::corrupt, path.string() + " is not usable as a " + std::string(format.what) + ": " + why};
}

JournalResult<Done> check_stamp(const Stamp& stamp, const StoreFormat& format, const std::filesystem::path& path) {
  if (stamp.fresh()) return Failure{refuse(format, path, "it is empty. Was the data directory copied completely?")};
  if (stamp.application_id != format.application_id) {
    return Failure{refuse(format, path, "it is a database of another program. Choose another data directory.")};
  }
  if (stamp.version > format.version) {
    return Failure{refuse(format, path,
                          "it has schema version " + std::to_string(stamp.version) + ", this program knows up to " +
                              std::to_string(format.version) + ". Start the newer program that wrote it.")};
  }
  if (stamp.version < 1) return Failure{refuse(format, path, "its schema version is missing.")};
  return Done{};
}

std::string corrupt_advice(const SqlError& error) {
  if (error.primary() == SQLITE_NOTADB) {
    return "The file is not a SQLite database: damaged, or another program's. Restore it from a backup.";
  }
  return "The file is damaged or cut short. Stop the server, run `bayward-server journal verify`, restore a backup.";
}

std::string advice(const SqlError& error, const std::filesystem::path& path) {
  // A file size limit shows as SQLITE_FULL too: the write stops short and no error is set.
  if (error.primary() == SQLITE_FULL || error.system_errno == ENOSPC || error.system_errno == EDQUOT ||
      error.system_errno == EFBIG) {
    return "The disk is full, or the process's file size limit (ulimit -f) is reached. Free space on the file system "
           "of " +
           path.parent_path().string() + "; work resumes by itself, nothing acknowledged is lost.";
  }
  if (error.primary() == SQLITE_READONLY || error.system_errno == EROFS || error.system_errno == EACCES) {
    return "The directory or file is not writable. Give the server's user write access to " +
           path.parent_path().string() + ".";
  }
  if (error.primary() == SQLITE_CANTOPEN) return "Does the file exist, and may this user read and write its directory?";
  if (error.primary() == SQLITE_BUSY || error.primary() == SQLITE_LOCKED) {
    return "Another program (sqlite3, a backup) holds the database. End it; work resumes by itself.";
  }
  if (error.primary() == SQLITE_CONSTRAINT) return "This is a defect of the program: please report it.";
  return "Check the disk and the system's log; work resumes when the disk does.";
}

}  // namespace

JournalResult<Database> open_store(const std::filesystem::path& path, const StoreFormat& format,
                                   const OpenOptions& options) {
  const std::string doing = "open the " + std::string(format.what);
  auto database = Database::open(path, options);
  if (!database.ok()) return Failure{explain(database.error(), doing, path)};
  // Looked at before anything is changed: it may be somebody else's file.
  auto stamp = read_stamp(*database);
  if (!stamp.ok()) return Failure{explain(stamp.error(), doing, path)};
  const bool create = stamp->fresh() && options.mode == OpenMode::create;
  if (!create) {
    auto checked = check_stamp(*stamp, format, path);
    if (!checked.ok()) return Failure{checked.error()};
  }
  if (options.mode == OpenMode::read_only) return std::move(database).value();

  // SQLite opens a write-protected file for reading without a word.
  if (sqlite3_db_readonly(database->handle(), "main") != 0) {
    return Failure{explain({SQLITE_READONLY, EACCES, "write-protected"}, doing, path)};
  }
  auto ready = set_up(*database, format);
  if (ready.ok() && create) ready = create_schema(*database, format);
  if (!ready.ok()) return Failure{explain(ready.error(), doing, path)};
  if (create && !sync_directory(path.parent_path())) {
    return Failure{explain({SQLITE_IOERR_DIR_FSYNC, errno, "fsync of the directory failed"}, doing, path)};
  }
  return std::move(database).value();
}

JournalError explain(const SqlError& error, std::string_view doing, const std::filesystem::path& path) {
  const std::string what = "cannot " + std::string(doing) + " at " + path.string() + ": " + error.message +
                           " (SQLite " + std::to_string(error.code) + "). ";
  switch (error.primary()) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:  // a table or column is missing
    case SQLITE_MISMATCH:
      return {Kind::corrupt, what + corrupt_advice(error)};
    default:
      return {Kind::unavailable, what + advice(error, path)};
  }
}

bool sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace bayward::sqlite

#include "site/uplink/database.h"

namespace bayward::uplink {

Query::Query(sqlite3* database, const char* sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  code_ = sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  statement_.reset(statement);
}

Query& Query::with(int64_t value) {
  if (code_ == SQLITE_OK) code_ = sqlite3_bind_int64(statement_.get(), ++bound_, value);
  return *this;
}

Query& Query::with(std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_text64(statement_.get(), ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return *this;
}

Query& Query::with_blob(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_blob64(statement_.get(), ++bound_, data, bytes.size(), SQLITE_STATIC);
  }
  return *this;
}

Result<bool> Query::failed() const {
  return fail(std::string("SQLite: ") + sqlite3_errmsg(database_));
}

Result<bool> Query::step() {
  if (code_ != SQLITE_OK) return failed();
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failed();
}

Status Query::run() {
  const auto stepped = step();
  if (!stepped) return fail(stepped.error().message);
  return Done{};
}

std::string Query::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string(reinterpret_cast<const char*>(bytes), size) : std::string{};
}

std::string Query::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes ? std::string(bytes, size) : std::string{};
}

Result<Database> Database::open(const std::filesystem::path& file, const char* schema) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) {
    const std::string why = handle ? sqlite3_errmsg(handle) : "out of memory";
    return fail(file.string() + ": " + why);
  }
  sqlite3_busy_timeout(handle, 2000);
  for (const char* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", schema}) {
    if (const Status done = database.execute(sql); !done) return fail(file.string() + ": " + done.error().message);
  }
  return database;
}

Status Database::execute(const char* sql) const {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Done{};
  return fail(std::string("SQLite: ") + sqlite3_errmsg(handle_.get()));
}

}  // namespace bayward::uplink

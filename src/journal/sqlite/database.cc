#include "journal/sqlite/database.h"

#include <cerrno>
#include <cstring>

#include "base/limits.h"

namespace bayward::sqlite {

namespace {

// Whether the system's error says more than SQLite's code does.
bool blames_system(int code) {
  const int primary = code & 0xff;
  return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_FULL || primary == SQLITE_READONLY;
}

// Characters that mean something in a file: URI (RFC 3986) are written as %XX.
std::string file_uri(const std::filesystem::path& path, bool immutable) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<uint8_t>(c);
      uri += '%';
      uri += digits[byte >> 4];
      uri += digits[byte & 15];
    } else {
      uri += c;
    }
  }
  if (immutable) uri += "?immutable=1";
  return uri;
}

}  // namespace

SqlError last_error(sqlite3* handle, int code, int system_errno) {
  SqlError error{code, 0, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)};
  if (!blames_system(code)) return error;
  // SQLite keeps errno for statements that fail in the middle, but not for a failed commit.
  error.system_errno = system_errno != 0 || handle == nullptr ? system_errno : sqlite3_system_errno(handle);
  // Probing for files that needn't be there leaves this one behind.
  if (error.system_errno == ENOENT && error.primary() != SQLITE_CANTOPEN) error.system_errno = 0;
  if (error.system_errno != 0) error.message += std::string(": ") + std::strerror(error.system_errno);
  return error;
}

void Statement::bind(int index, Blob blob) {
  const void* data = blob.data() == nullptr ? static_cast<const void*>("") : blob.data();
  note(sqlite3_bind_blob64(handle_.get(), index, data, blob.size(), SQLITE_STATIC));
}

SqlResult<bool> Statement::step() {
  if (bind_code_ != SQLITE_OK) return Failure{last_error(sqlite3_db_handle(handle_.get()), bind_code_, 0)};
  errno = 0;
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const int system_errno = errno;
  sqlite3* database = sqlite3_db_handle(handle_.get());
  return Failure{last_error(database, sqlite3_extended_errcode(database), system_errno)};
}

SqlResult<Done> Statement::run() {
  auto stepped = step();
  reset();
  if (!stepped.ok()) return Failure{stepped.error()};
  return Done{};
}

std::string_view Statement::text(int index) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), index));
  const int size = sqlite3_column_bytes(handle_.get(), index);
  return data == nullptr ? std::string_view{} : std::string_view(data, static_cast<size_t>(size));
}

Blob Statement::blob(int index) const {
  const auto* data = static_cast<const uint8_t*>(sqlite3_column_blob(handle_.get(), index));
  const int size = sqlite3_column_bytes(handle_.get(), index);
  return data == nullptr ? Blob{} : Blob(data, static_cast<size_t>(size));
}

Rows::~Rows() {
  if (database_ != nullptr) database_->give_back(std::move(sql_), std::move(statement_));
}

SqlResult<Database> Database::open(const std::filesystem::path& path, const OpenOptions& options) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
  flags |= options.mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (options.mode == OpenMode::create) flags |= SQLITE_OPEN_CREATE;

  sqlite3* handle = nullptr;
  errno = 0;
  const int code = sqlite3_open_v2(file_uri(path, options.immutable).c_str(), &handle, flags, nullptr);
  if (code != SQLITE_OK) {
    SqlError error = last_error(handle, code, errno);
    sqlite3_close(handle);
    return Failure{std::move(error)};
  }
  Database database(handle);
  // A file from elsewhere must not be able to run anything, and damage is looked for while reading.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
  auto checked = database.execute("PRAGMA cell_size_check=ON");
  if (!checked.ok()) return Failure{checked.error()};
  return database;
}

Database& Database::operator=(Database&& other) noexcept {
  idle_ = std::move(other.idle_);
  handle_ = std::move(other.handle_);
  return *this;
}

SqlResult<Done> Database::execute(const char* sql) {
  errno = 0;
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return Failure{last_error(handle_.get(), sqlite3_extended_errcode(handle_.get()), errno)};
  return Done{};
}

SqlResult<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  errno = 0;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return Failure{last_error(handle_.get(), sqlite3_extended_errcode(handle_.get()), errno)};
  return Statement(statement);
}

SqlResult<Rows> Database::checkout(std::string_view sql) {
  if (auto found = idle_.find(sql); found != idle_.end()) {
    auto node = idle_.extract(found);
    return Rows(*this, std::move(node.key()), std::move(node.mapped()));
  }
  auto statement = prepare(sql);
  if (!statement.ok()) return Failure{statement.error()};
  return Rows(*this, std::string(sql), std::move(statement).value());
}

void Database::give_back(std::string sql, Statement statement) {
  statement.reset();
  sqlite3_clear_bindings(statement.handle_.get());
  if (idle_.size() < limits::sql_statements_cached) idle_.try_emplace(std::move(sql), std::move(statement));
}

SqlResult<Transaction> Transaction::begin(Database& database) {
  auto begun = database.run("BEGIN IMMEDIATE");
  if (!begun.ok()) return Failure{begun.error()};
  return Transaction(database);
}

SqlResult<Done> Transaction::commit() {
  auto committed = database_->run("COMMIT");
  // A commit that failed may have left the transaction open: the destructor ends it.
  if (committed.ok()) database_ = nullptr;
  return committed;
}

void Transaction::rollback() {
  if (database_ == nullptr) return;
  // Some errors (disk full among them) have rolled back already; then there is nothing to do and nothing to report.
  if (database_->in_transaction()) (void)database_->run("ROLLBACK");
  database_ = nullptr;
}

}  // namespace bayward::sqlite

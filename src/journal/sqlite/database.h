// A thin owner of one SQLite connection: prepared statements, binding, stepping, transactions, errors as values.
//
// A Database and everything made from it belongs to one thread at a time (connections are opened without SQLite's own
// mutex). Statements asked for by text are cached and go back to the cache when their Rows is destroyed; Rows and
// Transactions must not outlive their Database.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace bayward::sqlite {

struct SqlError {
  int code = 0;          // extended result code of SQLite
  int system_errno = 0;  // of the last failed system call, 0 when none is to blame
  std::string message;

  int primary() const { return code & 0xff; }
};

template <class T>
using SqlResult = Result<T, SqlError>;

using Blob = std::span<const uint8_t>;

// What is bound must stay where it is until the statement was stepped for the last time.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle = nullptr) : handle_(handle) {}

  // Parameter `index` counts from 1. A failed bind is reported by the next step().
  void bind(int index, std::nullptr_t) { note(sqlite3_bind_null(handle_.get(), index)); }
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void bind(int index, T value) {
    note(sqlite3_bind_int64(handle_.get(), index, static_cast<int64_t>(value)));
  }
  void bind(int index, double value) { note(sqlite3_bind_double(handle_.get(), index, value)); }
  void bind(int index, std::string_view text) {
    note(sqlite3_bind_text64(handle_.get(), index, text.data() == nullptr ? "" : text.data(), text.size(),
                             SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, Blob blob);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, nullptr);
  }
  template <class... Args>
  void bind_all(const Args&... args) {
    int index = 0;
    (bind(++index, args), ...);
  }

  // True: a row is there to be read; false: done. Columns are valid until the next step or reset.
  SqlResult<bool> step();
  // Steps once (for statements without rows) and resets.
  SqlResult<Done> run();
  void reset() {
    sqlite3_reset(handle_.get());
    bind_code_ = SQLITE_OK;
  }

  // Column `index` counts from 0.
  bool is_null(int index) const { return sqlite3_column_type(handle_.get(), index) == SQLITE_NULL; }
  int type(int index) const { return sqlite3_column_type(handle_.get(), index); }
  int64_t integer(int index) const { return sqlite3_column_int64(handle_.get(), index); }
  double real(int index) const { return sqlite3_column_double(handle_.get(), index); }
  std::string_view text(int index) const;
  Blob blob(int index) const;

 private:
  friend class Database;
  void note(int code) {
    if (code != SQLITE_OK && bind_code_ == SQLITE_OK) bind_code_ = code;
  }

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int bind_code_ = SQLITE_OK;
};

enum class OpenMode : uint8_t { read_only, read_write, create };

struct OpenOptions {
  OpenMode mode = OpenMode::create;
  // The file can't change while it is open: no locks, no -shm file. Only for read-only media.
  bool immutable = false;
  std::chrono::milliseconds busy_timeout{5000};
};

class Database;

// The rows of a running query: `while (true) { auto more = rows.next(); ... }`. Gives its statement back at the end.
class Rows {
 public:
  Rows(Database& database, std::string sql, Statement statement)
      : database_(&database), sql_(std::move(sql)), statement_(std::move(statement)) {}
  Rows(Rows&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)),
        sql_(std::move(other.sql_)),
        statement_(std::move(other.statement_)) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows();

  SqlResult<bool> next() { return statement_.step(); }
  const Statement* operator->() const { return &statement_; }
  const Statement& operator*() const { return statement_; }

 private:
  friend class Database;
  Database* database_;
  std::string sql_;
  Statement statement_;
};

class Database {
 public:
  static SqlResult<Database> open(const std::filesystem::path& path, const OpenOptions& options);

  Database(Database&&) noexcept = default;
  Database& operator=(Database&& other) noexcept;
  ~Database() = default;

  // One or more statements without parameters.
  SqlResult<Done> execute(const char* sql);
  // A statement of the caller's own, not cached.
  SqlResult<Statement> prepare(std::string_view sql);
  // A cached statement, bound and run to its end. Arguments are bound to ?1, ?2, ... in order.
  template <class... Args>
  SqlResult<Done> run(std::string_view sql, const Args&... args) {
    auto rows = checkout(sql);
    if (!rows.ok()) return Failure{rows.error()};
    rows->statement_.bind_all(args...);
    return rows->statement_.run();
  }
  // A cached statement, bound; read it with next(). The arguments must outlive the Rows.
  template <class... Args>
  SqlResult<Rows> query(std::string_view sql, const Args&... args) {
    auto rows = checkout(sql);
    if (rows.ok()) rows->statement_.bind_all(args...);
    return rows;
  }
  // The first column of the first row; nothing when there is no row or it is NULL.
  template <class... Args>
  SqlResult<std::optional<int64_t>> query_integer(std::string_view sql, const Args&... args) {
    auto rows = query(sql, args...);
    if (!rows.ok()) return Failure{rows.error()};
    auto more = rows->next();
    if (!more.ok()) return Failure{more.error()};
    if (!*more || (*rows)->is_null(0)) return std::optional<int64_t>{};
    return std::optional<int64_t>{(*rows)->integer(0)};
  }

  int64_t changes() const { return sqlite3_changes64(handle_.get()); }
  int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(handle_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }

 private:
  friend class Rows;
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  SqlResult<Rows> checkout(std::string_view sql);
  void give_back(std::string sql, Statement statement);

  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, Statement, std::less<>> idle_;  // destroyed before handle_
};

// A write transaction; rolled back unless committed.
class Transaction {
 public:
  static SqlResult<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() { rollback(); }

  SqlResult<Done> commit();
  void rollback();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

// The error a connection has just met; `system_errno` as it was left by the call, 0 when unknown.
SqlError last_error(sqlite3* handle, int code, int system_errno);

}  // namespace bayward::sqlite

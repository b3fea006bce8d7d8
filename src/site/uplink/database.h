// One SQLite connection of the site controller: durable (WAL, synchronous=FULL), prepared statements, errors as values.
// Belongs to one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bayward::uplink {

class Database;

// A statement being run; parameters are bound in order from ?1.
class Query {
 public:
  Query(sqlite3* database, const char* sql);

  Query& with(int64_t value);
  Query& with(std::string_view text);  // stays where it is until the last step
  Query& with_blob(std::string_view bytes);

  // True: a row is there; false: done.
  Result<bool> step();
  Status run();
  int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::string text(int column) const;
  std::string blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Result<bool> failed() const;

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
  int code_ = SQLITE_OK;
};

class Database {
 public:
  // `schema` creates what is not there. A file that is damaged is a clear error.
  static Result<Database> open(const std::filesystem::path& file, const char* schema);

  Query query(const char* sql) const { return Query(handle_.get(), sql); }
  Status execute(const char* sql) const;
  int64_t changes() const { return sqlite3_changes64(handle_.get()); }

  // Runs `work` in one transaction: what it returns decides whether all of it stays.
  template <class Work>
  Status transaction(Work work) const {
    if (Status begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
    Status done = work();
    if (done) done = execute("COMMIT");
    if (!done && sqlite3_get_autocommit(handle_.get()) == 0) (void)execute("ROLLBACK");
    return done;
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace bayward::uplink

// Read-only connections to one of our databases, beside the thread that writes it. Any thread: each read has a
// connection of its own and sees one consistent state.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "journal/sqlite/database.h"

namespace bayward::sqlite {

class ReadPool {
 public:
  // `doing` completes "cannot ...": "read a list".
  ReadPool(std::filesystem::path path, std::string doing) : path_(std::move(path)), doing_(std::move(doing)) {}

  // Runs `work` within one read transaction.
  template <class T>
  Result<T> read(const std::function<SqlResult<T>(Database&)>& work) {
    auto database = borrow();
    if (!database.ok()) return Failure{database.error()};
    auto begun = database->run("BEGIN");
    if (!begun.ok()) return failed(begun.error());
    SqlResult<T> outcome = work(*database);
    // A connection that met an error is closed, not kept: its file may have been replaced.
    if (!outcome.ok()) return failed(outcome.error());
    auto ended = database->run("COMMIT");
    if (!ended.ok()) return failed(ended.error());
    give_back(std::move(database).value());
    return std::move(outcome).value();
  }

 private:
  Result<Database> borrow();
  void give_back(Database database);
  Failure<Error> failed(const SqlError& error) const;

  const std::filesystem::path path_;
  const std::string doing_;
  std::mutex mutex_;
  std::vector<Database> idle_;
};

}  // namespace bayward::sqlite

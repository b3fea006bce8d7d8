#include "journal/sqlite/read_pool.h"

#include "base/limits.h"
#include "journal/sqlite/store.h"

namespace bayward::sqlite {

Result<Database> ReadPool::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Database database = std::move(idle_.back());
      idle_.pop_back();
      return database;
    }
  }
  auto database = Database::open(path_, {.mode = OpenMode::read_only});
  if (!database.ok()) return failed(database.error());
  return std::move(database).value();
}

void ReadPool::give_back(Database database) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < limits::read_connections_idle) idle_.push_back(std::move(database));
}

Failure<Error> ReadPool::failed(const SqlError& error) const {
  return fail(explain(error, doing_, path_).message);
}

}  // namespace bayward::sqlite

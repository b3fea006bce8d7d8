#include "journal/projections/list_reader.h"

#include "journal/projections/projection_store.h"
#include "journal/sqlite/store.h"

namespace bayward {

ListReader::ListReader(const std::filesystem::path& directory) : path_(projections_path(directory)) {}

Result<sqlite::Database> ListReader::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      sqlite::Database database = std::move(idle_.back());
      idle_.pop_back();
      return database;
    }
  }
  auto database = sqlite::Database::open(path_, {.mode = sqlite::OpenMode::read_only});
  if (!database.ok()) return failed(database.error());
  return std::move(database).value();
}

void ListReader::give_back(sqlite::Database database) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < limits::list_readers_idle) idle_.push_back(std::move(database));
}

Failure<Error> ListReader::failed(const sqlite::SqlError& error) const {
  return fail(sqlite::explain(error, "read a list", path_).message);
}

}  // namespace bayward

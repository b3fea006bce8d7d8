// Campaigns, sets of settings and what is known of stations in a SQLite file of its own (`fleet.db`), beside the
// journal and not in it: it decides nothing of the business. A write is durable when put_all() returns.
//
// Any thread: a mutex serialises. It guards the connection, nothing else.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "journal/sqlite/database.h"
#include "ports/fleet.h"

namespace bayward {

class FleetStore final : public FleetRecords {
 public:
  // The directory exists and is locked by the journal.
  static Result<std::unique_ptr<FleetStore>> open(const std::filesystem::path& directory);

  Status put_all(const std::vector<FleetDocument>& documents) override;
  Result<std::vector<FleetDocument>> read(FleetKind kind) override;

 private:
  FleetStore(std::filesystem::path path, sqlite::Database database)
      : path_(std::move(path)), database_(std::move(database)) {}
  Failure<Error> failed(const sqlite::SqlError& error, const char* doing) const;
  sqlite::SqlResult<Done> put(const FleetDocument& document);

  const std::filesystem::path path_;
  std::mutex mutex_;
  sqlite::Database database_;
};

}  // namespace bayward

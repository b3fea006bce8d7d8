// The audit log of security in a SQLite file of its own (`security.db`). A record is durable when record() returns; the
// oldest beyond limits::security_events_kept are deleted.
//
// Any thread: a mutex serialises. It guards the connection, nothing else.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "journal/sqlite/database.h"
#include "ports/clock.h"
#include "ports/security_log.h"

namespace bayward {

class SecurityStore final : public SecurityLog {
 public:
  // The directory exists and is locked by the journal.
  static Result<std::unique_ptr<SecurityStore>> open(const std::filesystem::path& directory, const Clock& clock);

  Status record(const SecurityEvent& event) override;
  Result<std::vector<SecurityEvent>> read(const SecurityQuery& query) override;

 private:
  SecurityStore(std::filesystem::path path, sqlite::Database database, const Clock& clock)
      : path_(std::move(path)), database_(std::move(database)), clock_(clock) {}
  Failure<Error> failed(const sqlite::SqlError& error, const char* doing) const;

  const std::filesystem::path path_;
  std::mutex mutex_;
  sqlite::Database database_;
  const Clock& clock_;
};

}  // namespace bayward

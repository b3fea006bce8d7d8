// Opening one of our SQLite files (journal, vault, telemetry, projections): who made it, which schema it has, and
// errors an operator can act on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "journal/sqlite/database.h"
#include "ports/journal.h"

namespace bayward::sqlite {

struct StoreFormat {
  std::string_view what;  // "journal": for messages
  int32_t application_id = 0;
  int version = 1;
  const char* schema = "";  // creates everything in an empty file
  int page_bytes = 4096;
  int wal_autocheckpoint_pages = 1000;
  int cache_kib = 2048;        // of a writing connection
  bool durable = true;         // a commit survives power loss once it returns (synchronous=FULL); else it may be undone
  bool secure_delete = false;  // deleted rows are overwritten
};

// Opens `path`, creating it when the mode says so, in WAL mode. Refuses a file that is something else or that a newer
// program wrote.
JournalResult<Database> open_store(const std::filesystem::path& path, const StoreFormat& format,
                                   const OpenOptions& options);

// What to tell the operator. `doing` completes "cannot ...": "append to the journal".
JournalError explain(const SqlError& error, std::string_view doing, const std::filesystem::path& path);

// Makes a directory entry durable (a file created or renamed in it).
bool sync_directory(const std::filesystem::path& directory);

}  // namespace bayward::sqlite

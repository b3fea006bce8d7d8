// What the journal's file looks like; shared by its writer and its readers.
//
// Measured with 250-byte records: pages of 8 KiB read and append faster than of 4 KiB, larger ones lose again in small
// batches; checkpoints every 4 MiB of log stall an append for about 10 ms, every 32 MiB for 200 ms, at equal
// throughput.
#pragma once

#include <filesystem>

#include "journal/sqlite/store.h"

namespace bayward::sqlite {

inline constexpr StoreFormat journal_format{
    .what = "journal",
    .application_id = 0x4241594a,  // "BAYJ"
    .version = 1,
    .schema =
        "CREATE TABLE record(position INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL, "
        "hash BLOB NOT NULL) STRICT",
    .page_bytes = 8192,
    .wal_autocheckpoint_pages = 512,
};

inline std::filesystem::path journal_path(const std::filesystem::path& directory) {
  return directory / "journal.db";
}

}  // namespace bayward::sqlite

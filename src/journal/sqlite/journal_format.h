// What the journal's file looks like; shared by its writer and its readers.
//
// Page size and checkpoint interval were measured (bench figures in docs/adr): larger pages than 4 KiB make cold
// reading faster, a longer checkpoint interval makes appending faster at the price of a longer -wal file.
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
    .wal_autocheckpoint_pages = 4096,
};

inline std::filesystem::path journal_path(const std::filesystem::path& directory) {
  return directory / "journal.db";
}

}  // namespace bayward::sqlite

// A run of records read together, in one piece of memory that is used again and again; and the check of its chain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/chain.h"
#include "journal/sqlite/database.h"
#include "ports/journal.h"

namespace bayward::sqlite {

// The first thing wrong with the journal: `position` is where a reader has to stop.
struct ChainDefect {
  Position position = 0;
  std::string what;
};

struct RecordBlock {
  struct Entry {
    int64_t position = 0;
    int64_t at_unix_ms = 0;
    size_t body_end = 0;  // in `bodies`; it begins where the previous entry's ends
    ChainHash hash{};
  };

  ChainHash before{};  // chain hash of the record before the first entry
  std::vector<Entry> entries;
  std::string bodies;
  std::optional<ChainDefect> unreadable;  // found while reading, after the last entry

  void clear();
  std::string_view body(size_t index) const;
  Position last() const { return static_cast<Position>(entries.back().position); }

  // The row under `row` (position, at, body, hash) as the next entry; false and `unreadable` when it isn't one.
  bool add(const Statement& row);
  // The first defect of the block that follows record `after`.
  std::optional<ChainDefect> verify(Position after, ChainHasher& hasher) const;
};

}  // namespace bayward::sqlite

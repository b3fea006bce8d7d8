// A projection: tables for people and reports, made from the journal's records and from nothing else, so that they can
// be thrown away and made again at any time.
#pragma once

#include <string>
#include <string_view>

#include "journal/sqlite/database.h"

namespace bayward {

struct CommittedRecord;  // ports/engine.h

// Called by the projections' own thread only.
class Projection {
 public:
  virtual ~Projection() = default;

  // Lower-case words with underscores. Its tables and indexes are called `<name>` or `<name>_...`: that is how they are
  // found when they have to be dropped.
  virtual std::string_view name() const = 0;
  // Another number than the stored one: the tables are dropped and made again from the first record.
  virtual int version() const = 0;
  // CREATE statements for an empty database.
  virtual const char* schema() const = 0;
  // Within a transaction that also moves the checkpoint: each record is applied exactly once, in order. What it does
  // depends on the record and the own tables only. A failure undoes the batch, which is tried again later.
  virtual sqlite::SqlResult<Done> apply(sqlite::Database& database, const CommittedRecord& record) = 0;
};

}  // namespace bayward

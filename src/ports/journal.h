// The journal: the one durable truth. Records are appended in batches, each batch one durable commit, and read back in
// order. Drivers: journal/sqlite (default), journal/memory and journal/faulty (tests; the latter tears, fails and loses
// on demand). The journal knows nothing of what a record means: bodies are opaque bytes (engine/record.h gives sense).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace bayward {

// The position of a record: 1, 2, 3, ... without gaps. 0: before the first.
using Position = uint64_t;

// One link of the hash chain: SHA-256(previous hash ‖ position, time as 8 bytes little endian each ‖ body).
using ChainHash = std::array<uint8_t, 32>;

struct JournalRecord {
  Position position = 0;
  Instant at{};
  std::string body;
};

struct JournalError {
  enum class Kind : uint8_t {
    unavailable,  // disk full, I/O error: nothing of the batch was kept; may go away
    fenced,       // somebody else writes this journal: stop
    corrupt,      // what is stored is not what was written: stop, see `bayward-server journal verify`
  };
  Kind kind{};
  std::string message;  // for the operator: what and where, what to do
};

template <class T>
using JournalResult = Result<T, JournalError>;

struct Snapshot {
  Position position = 0;  // the state after this record
  std::string body;       // opaque; carries its own version
};

// Used by one thread at a time (the engine's commit thread), except read(), which any number of Readers may do.
class Journal {
 public:
  virtual ~Journal() = default;

  virtual Position last_position() const = 0;

  // Appends all or nothing; on return the records are durable. `expected_last` is the position before the batch:
  // anything else stored there means another writer, `fenced`. Positions of `records` are ignored and assigned.
  virtual JournalResult<Done> append(Position expected_last, const std::vector<JournalRecord>& records) = 0;

  // Calls `each` for every record after `after`, in order, with the chain verified; stops early when it says false.
  virtual JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) = 0;

  // The newest usable snapshot, or one at position 0 with an empty body. A damaged one is passed over for an older.
  virtual JournalResult<Snapshot> newest_snapshot() = 0;
  // Keeps the two newest. Failure to write one is never fatal.
  virtual JournalResult<Done> save_snapshot(const Snapshot& snapshot) = 0;
};

}  // namespace bayward

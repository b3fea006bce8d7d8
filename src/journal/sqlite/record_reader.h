// Reads records from a journal file with their chain verified, on connections of its own, while the writer goes on.
//
// Any number of threads may read at the same time. A read never holds a read transaction for longer than one block, so
// it does not keep the writer from checkpointing. Long reads are pipelined: a helper thread reads blocks ahead, and
// whichever of it and the caller has nothing better to do verifies them.
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "journal/sqlite/database.h"
#include "journal/sqlite/record_block.h"
#include "ports/journal.h"

namespace bayward::sqlite {

class RecordReader {
 public:
  using Each = std::function<bool(const JournalRecord&)>;

  struct Link {
    Position position = 0;  // 0: the journal is empty
    ChainHash hash{};
  };

  explicit RecordReader(std::filesystem::path path);
  ~RecordReader();

  // Every record after `after` in order until `each` says false. What was read before a defect has been handed over.
  JournalResult<Done> read(Position after, const Each& each);
  // As read(), with the defect by itself: for `journal verify`.
  JournalResult<std::optional<ChainDefect>> read_to_defect(Position after, const Each& each);

  JournalResult<Link> last();
  // Position and stored hash of one record; nothing when it isn't there.
  JournalResult<std::optional<Link>> link(Position position);

 private:
  class Session;
  class Pipeline;

  JournalResult<Session> borrow();
  void give_back(Session session);
  JournalResult<Database> open() const;

  const std::filesystem::path path_;
  std::mutex mutex_;
  std::vector<Session> idle_;
};

}  // namespace bayward::sqlite

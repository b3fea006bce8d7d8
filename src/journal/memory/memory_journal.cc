#include "journal/memory/memory_journal.h"

#include <string>

#include "base/limits.h"

namespace bayward {

using Kind = JournalError::Kind;

JournalResult<Done> MemoryJournal::append(Position expected_last, const std::vector<JournalRecord>& records) {
  if (expected_last != last_position()) {
    return Failure{JournalError{Kind::fenced, "the journal ends at position " + std::to_string(last_position()) +
                                                  " instead of " + std::to_string(expected_last)}};
  }
  for (JournalRecord record : records) {
    record.position = last_position() + 1;
    hashes_.push_back(hasher_.next(last_hash(), record.position, record.at, record.body));
    records_.push_back(std::move(record));
  }
  return Done{};
}

JournalResult<Done> MemoryJournal::read(Position after, const std::function<bool(const JournalRecord&)>& each) {
  if (after > last_position()) {
    return Failure{JournalError{Kind::corrupt, "record " + std::to_string(after) + " is missing"}};
  }
  for (size_t i = after; i < records_.size(); ++i) {
    if (!each(records_[i])) break;
  }
  return Done{};
}

JournalResult<Snapshot> MemoryJournal::newest_snapshot() {
  return snapshots_.empty() ? Snapshot{} : snapshots_.rbegin()->second;
}

JournalResult<Done> MemoryJournal::save_snapshot(const Snapshot& snapshot) {
  if (snapshot.position == 0 || snapshot.position > last_position()) {
    return Failure{JournalError{Kind::unavailable, "the journal has no record " + std::to_string(snapshot.position)}};
  }
  snapshots_.insert_or_assign(snapshot.position, snapshot);
  while (snapshots_.size() > limits::snapshots_kept) snapshots_.erase(snapshots_.begin());
  return Done{};
}

}  // namespace bayward

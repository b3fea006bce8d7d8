#include "journal/faulty/faulty_journal.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward {

namespace {

using Kind = JournalError::Kind;

Failure<JournalError> fail_as(Kind kind, std::string message) {
  return {JournalError{kind, "faulty journal: " + std::move(message)}};
}

}  // namespace

AppendFault FaultyJournal::next_fault() {
  if (!plan_.script.empty()) {
    const AppendFault fault = plan_.script.front();
    plan_.script.pop_front();
    return fault;
  }
  if (unavailable_left_ > 0) {
    --unavailable_left_;
    return AppendFault::unavailable;
  }
  if (prng_.chance(plan_.unavailable, 1000)) {
    unavailable_left_ = static_cast<uint32_t>(prng_.below(std::max(plan_.unavailable_run_max, 1U)));
    return AppendFault::unavailable;
  }
  if (prng_.chance(plan_.crash_lost, 1000)) return AppendFault::crash_lost;
  if (prng_.chance(plan_.crash_kept, 1000)) return AppendFault::crash_kept;
  if (prng_.chance(plan_.crash_torn, 1000)) return AppendFault::crash_torn;
  return AppendFault::none;
}

JournalResult<Done> FaultyJournal::append(Position expected_last, const std::vector<JournalRecord>& records) {
  if (crashed_) return fail_as(Kind::unavailable, "the process is dead");
  if (fenced_) return fail_as(Kind::fenced, "another writer has taken over");
  switch (next_fault()) {
    case AppendFault::none:
      return stored_.append(expected_last, records);
    case AppendFault::unavailable:
      ++counts_.unavailable;
      return fail_as(Kind::unavailable, "disk full");
    case AppendFault::crash_lost:
      crash();
      return fail_as(Kind::unavailable, "crashed before the commit");
    case AppendFault::crash_kept: {
      auto kept = stored_.append(expected_last, records);
      if (!kept.ok()) return kept;
      crash();
      return fail_as(Kind::unavailable, "crashed after the commit");
    }
    case AppendFault::crash_torn:
      torn_tail_.assign(records.begin(),
                        records.begin() + static_cast<std::ptrdiff_t>(prng_.below(records.size() + 1)));
      crash();
      return fail_as(Kind::unavailable, "crashed in the middle of the write");
    case AppendFault::fenced:
      fenced_ = true;
      return fail_as(Kind::fenced, "another writer has taken over");
  }
  return Done{};
}

JournalResult<Done> FaultyJournal::read(Position after, const std::function<bool(const JournalRecord&)>& each) {
  if (crashed_) return fail_as(Kind::unavailable, "the process is dead");
  return stored_.read(after, each);
}

JournalResult<Snapshot> FaultyJournal::newest_snapshot() {
  if (crashed_) return fail_as(Kind::unavailable, "the process is dead");
  for (auto snapshot = snapshots_.rbegin(); snapshot != snapshots_.rend(); ++snapshot) {
    if (!damaged_snapshots_.contains(snapshot->position)) return *snapshot;
    ++counts_.snapshots_passed_over;
  }
  return Snapshot{};
}

JournalResult<Done> FaultyJournal::save_snapshot(const Snapshot& snapshot) {
  if (crashed_) return fail_as(Kind::unavailable, "the process is dead");
  if (prng_.chance(plan_.snapshot_fails, 1000)) return fail_as(Kind::unavailable, "disk full");
  if (snapshot.position == 0 || snapshot.position > last_position()) {
    return fail_as(Kind::unavailable, "the journal has no record " + std::to_string(snapshot.position));
  }
  std::erase_if(snapshots_, [&](const Snapshot& kept) { return kept.position == snapshot.position; });
  damaged_snapshots_.erase(snapshot.position);
  snapshots_.push_back(snapshot);
  if (prng_.chance(plan_.snapshot_damaged, 1000)) damaged_snapshots_.insert(snapshot.position);
  if (snapshots_.size() > limits::snapshots_kept) {
    damaged_snapshots_.erase(snapshots_.front().position);
    snapshots_.erase(snapshots_.begin());
  }
  return Done{};
}

void FaultyJournal::crash() {
  if (!crashed_) ++counts_.crashes;
  crashed_ = true;
  unavailable_left_ = 0;
}

void FaultyJournal::reopen() {
  counts_.torn_records_discarded += torn_tail_.size();
  torn_tail_.clear();
  crashed_ = false;
}

}  // namespace bayward

// A fake journal for the engine's tests: in memory, with appends that can be made to fail. Thread safe as far as
// EngineRunner needs it.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "ports/journal.h"

namespace bayward {

class FakeJournal final : public Journal {
 public:
  Position last_position() const override {
    const std::lock_guard lock(mutex_);
    return records_.size();
  }
  JournalResult<Done> append(Position expected_last, const std::vector<JournalRecord>& records) override {
    const std::lock_guard lock(mutex_);
    if (fail_with_) {
      const JournalError error{*fail_with_, "as asked"};
      if (fail_times_ > 0 && --fail_times_ == 0) fail_with_.reset();
      return Failure{error};
    }
    if (expected_last != records_.size()) return Failure{JournalError{JournalError::Kind::fenced, "another writer"}};
    for (JournalRecord record : records) {
      record.position = records_.size() + 1;
      records_.push_back(std::move(record));
    }
    return Done{};
  }
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override {
    const std::lock_guard lock(mutex_);
    for (size_t i = after; i < records_.size(); ++i) {
      if (!each(records_[i])) break;
    }
    return Done{};
  }
  JournalResult<Snapshot> newest_snapshot() override {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  JournalResult<Done> save_snapshot(const Snapshot& snapshot) override {
    const std::lock_guard lock(mutex_);
    snapshot_ = snapshot;
    return Done{};
  }

  // The next `times` appends fail; 0: all from now on.
  void fail(JournalError::Kind kind, int times) {
    const std::lock_guard lock(mutex_);
    fail_with_ = kind;
    fail_times_ = times;
  }
  void damage(Position position) {
    const std::lock_guard lock(mutex_);
    records_[position - 1].body[0] = '\x7f';
  }
  void damage_snapshot() { snapshot_.body = "\x63"; }
  Position snapshot_position() const {
    const std::lock_guard lock(mutex_);
    return snapshot_.position;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<JournalRecord> records_;
  Snapshot snapshot_;
  std::optional<JournalError::Kind> fail_with_;
  int fail_times_ = 0;
};

}  // namespace bayward

// Which of a transaction's numbered events (OCPP 2.0.1 E01.FR.07: seqNo counts up by one from 0) have come, in whatever
// order. Belongs to one transaction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

namespace bayward::stations {

class EventNumbers {
 public:
  static constexpr size_t ahead_max = 64;  // further numbers ahead of a gap are not kept: the gap stays

  void take(int64_t number) {
    if (number < next_) return;
    if (number > next_) {
      if (ahead_.size() < ahead_max) ahead_.insert(number);
      return;
    }
    ++next_;
    while (ahead_.erase(next_) > 0) ++next_;
  }
  // Whether one below or at `last` is missing.
  bool gap_until(int64_t last) const { return next_ <= last; }
  int64_t first_missing() const { return next_; }

 private:
  int64_t next_ = 0;
  std::set<int64_t> ahead_;
};

}  // namespace bayward::stations

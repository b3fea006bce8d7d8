// What became of each row of a replay, and how it is told. Values and pure functions, but for writing the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sim/town/recorded.h"

namespace bayward::town {

struct Row {
  const RecordedSession* recorded = nullptr;
  enum class Outcome : uint8_t { waiting, replayed, rejected, mismatched } outcome = Outcome::waiting;
  std::string reason;
  std::string booking;
  int64_t billed_milliwh = 0;
};

struct Counts {
  size_t replayed = 0, rejected = 0, mismatched = 0;
};

// Tells on standard error about rows that were not replayed, the first of them.
Counts report(const std::vector<Row>& rows);
// Every row with its outcome and reason, as CSV.
Status write_report(const std::string& path, const std::vector<Row>& rows);

}  // namespace bayward::town

// Recorded charging sessions as files give them, with their defects named. Pure but for reading the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace bayward::town {

// The driver said something else at some time after plugging in.
struct Declaration {
  Instant said_at{};
  Instant departure{};
};

struct RecordedSession {
  size_t row = 0;  // 1: the first of the file
  std::string charger;
  int32_t connector = 1;
  Instant start{};
  Instant end{};
  Duration charging{};  // from start; what follows is idle
  int64_t energy_wh = 0;
  std::vector<Declaration> declarations;  // ascending; empty: none, as long as it was
  std::string defect;                     // not empty: cannot be replayed, why; other members hold what could be read
};

// By start; rows without a readable start come first. Overlaps on one connector are defects of the later row.
// sap_labs_2017_2021.csv: semicolons, times with offset, Wh.
Result<std::vector<RecordedSession>> read_sap(std::string_view text);
// acn_caltech_2021.json: an array, GMT in RFC 9110 form, kWh.
Result<std::vector<RecordedSession>> read_acn(std::string_view text);

struct Recording {
  std::vector<RecordedSession> sessions;
  std::string time_zone;  // IANA, of the place that was recorded
};
// By the file's first character.
Result<Recording> read_recording(const std::string& path);

// The Monday (UTC) of the week in which most sessions start.
Instant busiest_week(const std::vector<RecordedSession>& sessions);

}  // namespace bayward::town

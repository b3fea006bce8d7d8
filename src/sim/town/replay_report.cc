#include "sim/town/replay_report.h"

#include <cstdio>
#include <fstream>

#include "ocpp/rpc/decimal.h"

namespace bayward::town {
namespace {

constexpr size_t rejected_shown = 40;

const char* word(Row::Outcome outcome) {
  switch (outcome) {
    case Row::Outcome::waiting:
      return "not_reached";
    case Row::Outcome::replayed:
      return "replayed";
    case Row::Outcome::rejected:
      return "rejected";
    case Row::Outcome::mismatched:
      return "mismatched";
  }
  return "";
}

std::string csv_field(const std::string& value) {
  if (value.find_first_of(",\"\n") == std::string::npos) return value;
  std::string out = "\"";
  for (const char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

Status write_report(const std::string& path, const std::vector<Row>& rows) {
  std::ofstream file(path);
  file << "row,charger,connector,start,end,recorded_wh,billed_wh,outcome,reason\n";
  for (const Row& row : rows) {
    const RecordedSession& recorded = *row.recorded;
    const auto billed = ocpp::Decimal::of(row.billed_milliwh, -3).text();
    file << recorded.row << ',' << csv_field(recorded.charger) << ',' << recorded.connector << ','
         << to_rfc3339(recorded.start) << ',' << (recorded.end == Instant{} ? "" : to_rfc3339(recorded.end)) << ','
         << recorded.energy_wh << ',' << billed << ',' << word(row.outcome) << ',' << csv_field(row.reason) << '\n';
  }
  file.close();
  return file ? Status(Done{}) : Status(fail("cannot write " + path));
}

Counts report(const std::vector<Row>& rows) {
  Counts counts;
  size_t shown = 0;
  for (const Row& row : rows) {
    counts.replayed += row.outcome == Row::Outcome::replayed;
    counts.rejected += row.outcome == Row::Outcome::rejected;
    counts.mismatched += row.outcome == Row::Outcome::mismatched || row.outcome == Row::Outcome::waiting;
    if (row.outcome == Row::Outcome::replayed || ++shown > rejected_shown) continue;
    std::fprintf(stderr, "row %zu (%s/%d, %s): %s: %s\n", row.recorded->row, row.recorded->charger.c_str(),
                 row.recorded->connector, to_rfc3339(row.recorded->start).c_str(), word(row.outcome),
                 row.reason.c_str());
  }
  if (shown > rejected_shown) std::fprintf(stderr, "... and %zu more: see --report\n", shown - rejected_shown);
  return counts;
}

}  // namespace bayward::town

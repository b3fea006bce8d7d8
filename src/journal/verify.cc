#include "journal/verify.h"

#include <algorithm>

namespace bayward {

namespace {

using State = SnapshotFinding::State;

JournalResult<State> judge(sqlite::SqliteJournalReader& journal, Position position) {
  const auto stored = journal.snapshots().load(position);
  if (!stored) return State::damaged;
  auto link = journal.records().link(position);
  if (!link.ok()) return Failure{link.error()};
  if (!*link) return State::beyond_end;
  return (*link)->hash == stored->after ? State::sound : State::other_history;
}

}  // namespace

bool VerifyReport::sound() const {
  return !defect && std::none_of(snapshots.begin(), snapshots.end(),
                                 [](const SnapshotFinding& finding) { return finding.state == State::beyond_end; });
}

JournalResult<VerifyReport> verify_journal(sqlite::SqliteJournalReader& journal) {
  VerifyReport report;
  auto read = journal.records().read_to_defect(0, [&report](const JournalRecord& record) {
    report.records = record.position;
    return true;
  });
  if (!read.ok()) return Failure{read.error()};
  report.defect = *read;
  if (report.records > 0) {
    auto link = journal.records().link(report.records);
    if (!link.ok()) return Failure{link.error()};
    if (*link) report.last_hash = (*link)->hash;
  }
  for (const Position position : journal.snapshots().positions()) {
    auto state = judge(journal, position);
    if (!state.ok()) return Failure{state.error()};
    report.snapshots.push_back({position, *state});
  }
  return report;
}

}  // namespace bayward

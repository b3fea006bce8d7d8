// bayward-server journal verify | show | replay | export: reads beside a running server or without one, never writes.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/json_text.h"
#include "commands.h"
#include "engine/engine.h"
#include "engine/record.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/verify.h"

namespace bayward {
namespace {

using sqlite::SqliteJournalReader;

// A stored journal as the engine reads it; it takes no records.
class ReplayOnly final : public Journal {
 public:
  explicit ReplayOnly(SqliteJournalReader& reader) : reader_(reader) {}

  Position last_position() const override { return 0; }
  JournalResult<Done> append(Position, const std::vector<JournalRecord>&) override {
    return Failure{JournalError{JournalError::Kind::fenced, "opened for reading only"}};
  }
  JournalResult<Done> read(Position after, const std::function<bool(const JournalRecord&)>& each) override {
    return reader_.read(after, each);
  }
  // Replaying means from the first record on.
  JournalResult<Snapshot> newest_snapshot() override { return Snapshot{}; }
  JournalResult<Done> save_snapshot(const Snapshot&) override { return Done{}; }

 private:
  SqliteJournalReader& reader_;
};

int failed(const JournalError& error) {
  fmt::print(stderr, "bayward-server: {}\n", error.message);
  return 1;
}

std::string hex(const ChainHash& hash) {
  std::string out;
  for (uint8_t byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

bool touches(const RecordBody& body, const std::string& stream) {
  for (const StreamEvent& event : body.events) {
    if (core::to_text(event.stream) == stream) return true;
  }
  return stream.empty();
}

std::string readable(const JournalRecord& record, const RecordBody& body) {
  std::string out = fmt::format("{:>8}  {}  {}", record.position, to_rfc3339(record.at), body.command);
  if (body.answer && body.answer->refusal) out += fmt::format("  refused: {}", core::to_text(*body.answer->refusal));
  out += '\n';
  for (const StreamEvent& event : body.events) {
    out += fmt::format("          {:<8} {:>6}  {}\n", core::to_text(event.stream), event.sequence,
                       to_json_text(event.event));
  }
  return out;
}

// Calls `each` for every wanted record; the exit code.
template <class Each>
int for_each_record(const JournalQuery& query, Each each) {
  auto journal = SqliteJournalReader::open(query.directory);
  if (!journal) return failed(journal.error());
  uint64_t left = query.count;
  std::optional<Position> unreadable;
  const auto read = (*journal)->read(query.after, [&](const JournalRecord& record) {
    const auto body = decode(record.body);
    if (!body) {
      unreadable = record.position;
      return false;
    }
    if (!touches(*body, query.stream)) return true;
    if (left-- == 0) return false;
    each(record, *body);
    return left > 0;
  });
  if (!read) return failed(read.error());
  if (unreadable) {
    fmt::print(stderr, "bayward-server: record {} was written by a newer version, or is damaged\n", *unreadable);
    return 1;
  }
  return 0;
}

}  // namespace

int journal_verify(const JournalQuery& query) {
  auto journal = SqliteJournalReader::open(query.directory);
  if (!journal) return failed(journal.error());
  auto report = verify_journal(**journal);
  if (!report) return failed(report.error());
  fmt::print("{} records, chain {}\n", report->records, hex(report->last_hash));
  for (const SnapshotFinding& snapshot : report->snapshots) {
    static constexpr const char* words[] = {"sound", "damaged (it will be passed over)", "of another history",
                                            "beyond the journal's end: records are missing"};
    fmt::print("snapshot at {}: {}\n", snapshot.position, words[static_cast<size_t>(snapshot.state)]);
  }
  if (report->defect) fmt::print("defect at record {}: {}\n", report->defect->position, report->defect->what);
  fmt::print("{}\n", report->sound() ? "sound" : "NOT SOUND");
  return report->sound() ? 0 : 1;
}

int journal_show(const JournalQuery& query) {
  return for_each_record(
      query, [](const JournalRecord& record, const RecordBody& body) { fmt::print("{}", readable(record, body)); });
}

int journal_export(const JournalQuery& query) {
  return for_each_record(query, [](const JournalRecord& record, const RecordBody& body) {
    fmt::print("{}\n", to_json_line(record, body));
  });
}

int journal_replay(const JournalQuery& query) {
  auto journal = SqliteJournalReader::open(query.directory);
  if (!journal) return failed(journal.error());
  ReplayOnly source(**journal);
  Engine engine(source);
  const auto begun = std::chrono::steady_clock::now();
  const auto report = engine.recover();
  if (!report) return failed(report.error());
  const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  fmt::print("{} events of {} records in {:.2f} s ({:.0f} events/s)\n", report->events, report->last, took_s,
             static_cast<double>(report->events) / std::max(took_s, 1e-9));
  int64_t ledger_sum = 0;
  for (uint64_t id = 1; id <= engine.state().account_count(); ++id) {
    for (const auto& [key, minor] : engine.state().account(AccountId{id})->balances) ledger_sum += minor;
  }
  fmt::print("{} sites, {} accounts, ledger sum {}\n", engine.state().site_count(), engine.state().account_count(),
             ledger_sum);
  return ledger_sum == 0 ? 0 : 1;
}

}  // namespace bayward

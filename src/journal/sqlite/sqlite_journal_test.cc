#include "journal/sqlite/sqlite_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/limits.h"
#include "journal/testing.h"
#include "journal/verify.h"

namespace bayward::sqlite {
namespace {

using testing::HasSubstr;
using testing_support::batch_after;
using testing_support::in_child;
using testing_support::record_at;
using testing_support::same;
using testing_support::TemporaryDirectory;
using Kind = JournalError::Kind;

std::unique_ptr<SqliteJournal> open_or_fail(const std::filesystem::path& directory) {
  auto journal = SqliteJournal::open(directory);
  EXPECT_TRUE(journal.ok()) << journal.error().message;
  return std::move(journal).value();
}

void append(SqliteJournal& journal, size_t count, size_t bytes = 100) {
  const Position last = journal.last_position();
  auto appended = journal.append(last, batch_after(last, count, bytes));
  ASSERT_TRUE(appended.ok()) << appended.error().message;
}

// Positions read until the end or an error; every one must be the record that belongs there.
Position read_all(Journal& journal, size_t bytes = 100, Position after = 0) {
  Position last = after;
  auto read = journal.read(after, [&](const JournalRecord& record) {
    EXPECT_TRUE(same(record, record_at(++last, bytes))) << "position " << last;
    return true;
  });
  EXPECT_TRUE(read.ok()) << read.error().message;
  return last;
}

// Something done to the file behind the journal's back.
void tamper(const std::filesystem::path& directory, const char* sql) {
  auto database = Database::open(directory / "journal.db", {.mode = OpenMode::read_write});
  ASSERT_TRUE(database.ok());
  auto done = database->execute(sql);
  ASSERT_TRUE(done.ok()) << done.error().message;
}

TEST(SqliteJournal, RecordsAreThereInOrderAfterReopening) {
  TemporaryDirectory directory;
  {
    auto journal = open_or_fail(directory / "new");
    EXPECT_EQ(journal->last_position(), 0u);
    append(*journal, 3);
    append(*journal, 0);
    append(*journal, 1);
    EXPECT_EQ(journal->last_position(), 4u);
    EXPECT_EQ(read_all(*journal), 4u);
  }
  auto journal = open_or_fail(directory / "new");
  EXPECT_EQ(journal->last_position(), 4u);
  append(*journal, 2000);
  EXPECT_EQ(read_all(*journal), 2004u);
  EXPECT_EQ(read_all(*journal, 100, 2003), 2004u);
  EXPECT_EQ(read_all(*journal, 100, 2004), 2004u);
}

TEST(SqliteJournal, BodiesMayBeEmptyOrHoldAnyByteAndTimesMayBeNegative) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  const std::vector<JournalRecord> records{{0, from_unix_ms(-1), ""}, {0, from_unix_ms(0), std::string("\0\xff\0", 3)}};
  ASSERT_TRUE(journal->append(0, records).ok());
  std::vector<JournalRecord> found;
  ASSERT_TRUE(journal
                  ->read(0,
                         [&](const JournalRecord& record) {
                           found.push_back(record);
                           return true;
                         })
                  .ok());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].at, from_unix_ms(-1));
  EXPECT_EQ(found[0].body, "");
  EXPECT_EQ(found[1].body, records[1].body);
}

TEST(SqliteJournal, AppendAfterAnotherPositionThanTheLastIsFenced) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 2);
  auto appended = journal->append(1, batch_after(1, 1));
  ASSERT_FALSE(appended.ok());
  EXPECT_EQ(appended.error().kind, Kind::fenced);
  EXPECT_EQ(read_all(*journal), 2u);
}

TEST(SqliteJournal, WriterBehindOurBackIsNoticedAndNothingIsAppended) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 2);
  tamper(directory.path(), "INSERT INTO record VALUES (3, 0, x'00', x'00')");
  auto appended = journal->append(2, batch_after(2, 1));
  ASSERT_FALSE(appended.ok());
  EXPECT_EQ(appended.error().kind, Kind::fenced);
  EXPECT_THAT(appended.error().message, HasSubstr("ends at position 3 instead of 2"));
}

TEST(SqliteJournal, SecondServerOnTheDirectoryIsRefusedWithTheHolderNamed) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  const std::string holder = "process " + std::to_string(::getpid());
  EXPECT_EQ(in_child([&] {
              auto second = SqliteJournal::open(directory.path());
              if (second.ok() || second.error().kind != Kind::fenced) return 1;
              const std::string& message = second.error().message;
              return message.find(directory.path().string()) != std::string::npos &&
                             message.find(holder) != std::string::npos
                         ? 0
                         : 2;
            }),
            0);
  journal.reset();
  open_or_fail(directory.path());
}

TEST(SqliteJournal, ReadStopsWhenTheCallerHasEnough) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 20 * limits::journal_block_records);
  for (const Position stop : {Position{1}, Position{limits::journal_block_records}, Position{5000}}) {
    Position last = 0;
    auto read = journal->read(0, [&](const JournalRecord& record) {
      last = record.position;
      return last < stop;
    });
    EXPECT_TRUE(read.ok());
    EXPECT_EQ(last, stop);
  }
}

TEST(SqliteJournal, LongReadsAreWholeWhileTheWriterGoesOn) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 5 * limits::journal_block_records);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      do {
        const Position before = journal->last_position();
        EXPECT_GE(read_all(*journal), before);
      } while (!done);
    });
  }
  for (int i = 0; i < 100; ++i) append(*journal, 100);
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(read_all(*journal), journal->last_position());
}

TEST(SqliteJournal, ReaderWithoutLockWorksBesideAServerAndWithoutOne) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 3000);
  for (const bool running : {true, false}) {
    if (!running) journal.reset();
    auto reader = SqliteJournalReader::open(directory.path());
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    auto report = verify_journal(**reader);
    ASSERT_TRUE(report.ok()) << report.error().message;
    EXPECT_TRUE(report->sound());
    EXPECT_EQ(report->records, 3000u);
    EXPECT_EQ((*reader)->last_position().value(), 3000u);
  }
}

TEST(SqliteJournal, ReaderSaysWhenThereIsNoJournal) {
  TemporaryDirectory directory;
  auto reader = SqliteJournalReader::open(directory.path());
  ASSERT_FALSE(reader.ok());
  EXPECT_THAT(reader.error().message, HasSubstr("there is no journal at"));
}

struct Tampering {
  const char* name;
  const char* sql;
  Position defect;
  const char* what;
};

class TamperedJournal : public testing::TestWithParam<Tampering> {};

TEST_P(TamperedJournal, IsReportedAtItsPositionAndRecordsBeforeItAreStillRead) {
  TemporaryDirectory directory;
  {
    auto journal = open_or_fail(directory.path());
    append(*journal, 6000);
  }
  tamper(directory.path(), GetParam().sql);
  auto reader = SqliteJournalReader::open(directory.path());
  ASSERT_TRUE(reader.ok()) << reader.error().message;
  auto report = verify_journal(**reader);
  ASSERT_TRUE(report.ok()) << report.error().message;
  ASSERT_TRUE(report->defect);
  EXPECT_EQ(report->defect->position, GetParam().defect);
  EXPECT_THAT(report->defect->what, HasSubstr(GetParam().what));
  EXPECT_EQ(report->records, GetParam().defect - 1);

  auto read = (*reader)->read(0, [](const JournalRecord&) { return true; });
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, Kind::corrupt);
  EXPECT_THAT(read.error().message, HasSubstr("position " + std::to_string(GetParam().defect)));
}

INSTANTIATE_TEST_SUITE_P(
    All, TamperedJournal,
    testing::Values(Tampering{"FirstMissing", "DELETE FROM record WHERE position=1", 1, "missing"},
                    Tampering{"OneMissing", "DELETE FROM record WHERE position=500", 500, "missing"},
                    Tampering{"OneMissingLate", "DELETE FROM record WHERE position=5500", 5500, "missing"},
                    Tampering{"BodyChanged", "UPDATE record SET body=x'00' WHERE position=5000", 5000, "chain"},
                    Tampering{"TimeChanged", "UPDATE record SET at=at+1 WHERE position=1024", 1024, "chain"},
                    Tampering{"HashChanged", "UPDATE record SET hash=zeroblob(32) WHERE position=1025", 1025, "chain"},
                    Tampering{"HashTooShort", "UPDATE record SET hash=x'00' WHERE position=3000", 3000, "form"}),
    [](const auto& param) { return param.param.name; });

TEST(SqliteJournal, ChangedLastRecordIsNoticedWhenOpening) {
  TemporaryDirectory directory;
  append(*open_or_fail(directory.path()), 10);
  tamper(directory.path(), "UPDATE record SET body=x'00' WHERE position=10");
  auto journal = SqliteJournal::open(directory.path());
  ASSERT_FALSE(journal.ok());
  EXPECT_EQ(journal.error().kind, Kind::corrupt);
  EXPECT_THAT(journal.error().message, HasSubstr("position 10"));
}

TEST(SqliteJournal, FileThatIsNoJournalIsRefusedUnchanged) {
  TemporaryDirectory directory;
  const std::filesystem::path file = directory / "journal.db";
  std::ofstream(file) << std::string(5000, 'x');
  auto journal = SqliteJournal::open(directory.path());
  ASSERT_FALSE(journal.ok());
  EXPECT_EQ(journal.error().kind, Kind::corrupt);
  EXPECT_THAT(journal.error().message, HasSubstr("not a SQLite database"));

  std::filesystem::remove(file);
  {
    auto other = Database::open(file, {});
    ASSERT_TRUE(other->execute("CREATE TABLE t(x); INSERT INTO t VALUES (1)").ok());
  }
  journal = SqliteJournal::open(directory.path());
  ASSERT_FALSE(journal.ok());
  EXPECT_THAT(journal.error().message, HasSubstr("another program"));
  auto other = Database::open(file, {});
  EXPECT_EQ(other->query_integer("SELECT count(*) FROM t WHERE x=1").value(), 1);
  auto mode = other->query("PRAGMA journal_mode");
  ASSERT_TRUE(mode->next().value());
  EXPECT_EQ((*mode)->text(0), "delete");
}

TEST(SqliteJournal, NewerSchemaIsRefused) {
  TemporaryDirectory directory;
  open_or_fail(directory.path());
  tamper(directory.path(), "PRAGMA user_version=2");
  auto journal = SqliteJournal::open(directory.path());
  ASSERT_FALSE(journal.ok());
  EXPECT_THAT(journal.error().message, HasSubstr("schema version 2, this program knows up to 1"));
}

TEST(SqliteJournal, SnapshotsKeepTheTwoNewest) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  EXPECT_EQ(journal->newest_snapshot()->position, 0u);
  append(*journal, 30);
  for (const Position position : {10u, 20u, 30u}) {
    ASSERT_TRUE(journal->save_snapshot({position, "state " + std::to_string(position)}).ok());
  }
  EXPECT_EQ(journal->newest_snapshot()->position, 30u);
  EXPECT_EQ(journal->newest_snapshot()->body, "state 30");
  EXPECT_THAT(SnapshotFiles(directory.path()).positions(), testing::ElementsAre(30u, 20u));
  EXPECT_FALSE(journal->save_snapshot({31, "of nothing"}).ok());
}

TEST(SqliteJournal, DamagedSnapshotIsPassedOverForAnOlder) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 30);
  ASSERT_TRUE(journal->save_snapshot({20, std::string(1000, 'a')}).ok());
  ASSERT_TRUE(journal->save_snapshot({30, std::string(1000, 'b')}).ok());
  const std::filesystem::path newest = SnapshotFiles(directory.path()).path_of(30);
  std::fstream(newest, std::ios::in | std::ios::out).seekp(700).put('x');
  EXPECT_EQ(journal->newest_snapshot()->position, 20u);
  std::filesystem::resize_file(newest, 500);
  EXPECT_EQ(journal->newest_snapshot()->position, 20u);
  std::filesystem::resize_file(SnapshotFiles(directory.path()).path_of(20), 0);
  EXPECT_EQ(journal->newest_snapshot()->position, 0u);

  auto report = verify_journal(**SqliteJournalReader::open(directory.path()));
  ASSERT_EQ(report->snapshots.size(), 2u);
  EXPECT_EQ(report->snapshots[0].state, SnapshotFinding::State::damaged);
  EXPECT_TRUE(report->sound());
}

TEST(SqliteJournal, SnapshotOfAnotherHistoryIsPassedOver) {
  TemporaryDirectory directory;
  TemporaryDirectory other;
  auto journal = open_or_fail(directory.path());
  append(*journal, 30);
  auto stranger = open_or_fail(other.path());
  append(*stranger, 30, 77);
  ASSERT_TRUE(stranger->save_snapshot({30, "theirs"}).ok());
  SnapshotFiles theirs(other.path());
  std::filesystem::copy(theirs.path_of(30), SnapshotFiles(directory.path()).path_of(30));
  EXPECT_EQ(journal->newest_snapshot()->position, 0u);
}

TEST(SqliteJournal, SnapshotBeyondTheEndShowsThatRecordsAreLost) {
  TemporaryDirectory directory;
  auto journal = open_or_fail(directory.path());
  append(*journal, 30);
  ASSERT_TRUE(journal->save_snapshot({30, "state"}).ok());
  journal.reset();
  for (const char* file : {"journal.db", "journal.db-wal", "journal.db-shm"}) std::filesystem::remove(directory / file);
  journal = open_or_fail(directory.path());
  auto snapshot = journal->newest_snapshot();
  ASSERT_FALSE(snapshot.ok());
  EXPECT_EQ(snapshot.error().kind, Kind::corrupt);
  EXPECT_THAT(snapshot.error().message, HasSubstr("was cut short or replaced by an older copy"));
}

}  // namespace
}  // namespace bayward::sqlite

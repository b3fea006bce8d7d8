#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "journal/memory/memory_journal.h"
#include "journal/projections/follower.h"
#include "journal/projections/page.h"
#include "journal/sqlite/read_pool.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/testing.h"

namespace bayward {
namespace {

using sqlite::Database;
using sqlite::SqlResult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::batch_after;
using testing_support::TemporaryDirectory;

constexpr Duration patience = 30s;

// A row a record and their sum: applying one twice breaks the key, leaving one out the sum.
class Tally : public Projection {
 public:
  explicit Tally(std::string name = "tally", int version = 1) : name_(std::move(name)), version_(version) {
    schema_ = "CREATE TABLE " + name_ + "_item(position INTEGER PRIMARY KEY, version INTEGER);" + "CREATE TABLE " +
              name_ + "(only INTEGER PRIMARY KEY, total INTEGER); INSERT INTO " + name_ + " VALUES (1, 0)";
  }
  std::string_view name() const override { return name_; }
  int version() const override { return version_; }
  const char* schema() const override { return schema_.c_str(); }
  SqlResult<Done> apply(Database& database, const CommittedRecord& record) override {
    auto done = database.run("INSERT INTO " + name_ + "_item VALUES (?1, ?2)", record.position, version_);
    if (!done.ok()) return done;
    return database.run("UPDATE " + name_ + " SET total = total + ?1", record.position);
  }

 private:
  const std::string name_;
  const int version_;
  std::string schema_;
};

std::optional<CommittedRecord> decode_all(const JournalRecord& record) {
  CommittedRecord out;
  out.position = record.position;
  return out;
}

std::vector<std::unique_ptr<Projection>> tallies(int version = 1) {
  std::vector<std::unique_ptr<Projection>> projections;
  projections.push_back(std::make_unique<Tally>("tally", version));
  projections.push_back(std::make_unique<Tally>("other"));
  return projections;
}

void grow(Journal& journal, size_t count) {
  ASSERT_TRUE(journal.append(journal.last_position(), batch_after(journal.last_position(), count)).ok());
}

int64_t number(const std::filesystem::path& directory, const char* sql) {
  sqlite::ReadPool reader(projections_path(directory), "read a list");
  auto found = reader.read<std::optional<int64_t>>([sql](Database& database) { return database.query_integer(sql); });
  EXPECT_TRUE(found.ok()) << found.error().message;
  return found.ok() ? found->value_or(-1) : -1;
}

void expect_tally(const std::filesystem::path& directory, Position last) {
  const auto n = static_cast<int64_t>(last);
  EXPECT_EQ(number(directory, "SELECT total FROM tally"), n * (n + 1) / 2);
  EXPECT_EQ(number(directory, "SELECT count(*) FROM tally_item"), n);
  EXPECT_EQ(number(directory, "SELECT total FROM other"), n * (n + 1) / 2);
}

// Drivers that may be appended to by the test's thread while the follower reads.
struct Fixture {
  Fixture() : journal(std::move(sqlite::SqliteJournal::open(directory.path())).value()) {}
  ProjectionFollower follower(int version = 1) {
    return ProjectionFollower(directory.path(), *journal, decode_all, tallies(version));
  }
  TemporaryDirectory directory;
  std::unique_ptr<sqlite::SqliteJournal> journal;
};

TEST(Projections, FollowTheJournalAndGoOnAfterRestart) {
  Fixture fixture;
  grow(*fixture.journal, 5000);
  for (int round = 0; round < 3; ++round) {
    auto follower = fixture.follower();
    follower.start();
    for (int i = 0; i < 20; ++i) {
      grow(*fixture.journal, 100);
      follower.notify(fixture.journal->last_position());
    }
    ASSERT_TRUE(follower.wait_until(fixture.journal->last_position(), patience));
    EXPECT_EQ(follower.status().projections[0].lag_records, 0u);
    EXPECT_EQ(follower.status().trouble, "");
    expect_tally(fixture.directory.path(), fixture.journal->last_position());
  }
}

TEST(Projections, LagIsShown) {
  Fixture fixture;
  grow(*fixture.journal, 10);
  auto follower = fixture.follower();
  follower.notify(10);
  EXPECT_EQ(follower.status().projections[0].lag_records, 10u);
  EXPECT_FALSE(follower.wait_until(10, 0ms));
}

TEST(Projections, NewVersionIsMadeAgainWhileTheOthersStay) {
  Fixture fixture;
  grow(*fixture.journal, 3000);
  for (const int version : {1, 2}) {
    auto follower = fixture.follower(version);
    follower.start();
    ASSERT_TRUE(follower.wait_until(3000, patience));
    expect_tally(fixture.directory.path(), 3000);
    EXPECT_EQ(number(fixture.directory.path(), "SELECT max(version) FROM tally_item"), version);
    EXPECT_EQ(number(fixture.directory.path(), "SELECT min(version) FROM tally_item"), version);
  }
  EXPECT_EQ(number(fixture.directory.path(), "SELECT max(version) FROM other_item"), 1);
}

TEST(Projections, RebuildMakesThemAgainFromTheFirstRecord) {
  Fixture fixture;
  grow(*fixture.journal, 3000);
  auto follower = fixture.follower();
  follower.start();
  ASSERT_TRUE(follower.wait_until(3000, patience));
  {
    auto database = Database::open(projections_path(fixture.directory.path()), {});
    ASSERT_TRUE(database->execute("UPDATE tally SET total=0; DELETE FROM tally_item").ok());
  }
  follower.rebuild();
  ASSERT_TRUE(follower.wait_until(3000, patience));
  expect_tally(fixture.directory.path(), 3000);
}

TEST(Projections, DamagedFileIsReplacedAndFilledAgain) {
  Fixture fixture;
  grow(*fixture.journal, 3000);
  const std::filesystem::path path = projections_path(fixture.directory.path());
  for (const size_t damaged_from : {size_t{0}, size_t{5000}}) {
    {
      auto follower = fixture.follower();
      follower.start();
      ASSERT_TRUE(follower.wait_until(fixture.journal->last_position(), patience));
    }
    const size_t size = std::filesystem::file_size(path);
    ASSERT_GT(size, damaged_from);
    std::fstream(path, std::ios::in | std::ios::out).seekp(static_cast<std::streamoff>(damaged_from))
        << std::string(size - damaged_from, '\x5a');
    grow(*fixture.journal, 10);
    auto follower = fixture.follower();
    follower.start();
    ASSERT_TRUE(follower.wait_until(fixture.journal->last_position(), patience)) << follower.status().trouble;
    expect_tally(fixture.directory.path(), fixture.journal->last_position());
  }
}

TEST(Projections, JournalReplacedByAnOlderCopyMakesThemStartOver) {
  TemporaryDirectory directory;
  for (const size_t records : {3000u, 1000u}) {
    MemoryJournal journal;
    grow(journal, records);
    ProjectionFollower follower(directory.path(), journal, decode_all, tallies());
    follower.start();
    ASSERT_TRUE(follower.wait_until(records, patience));
    expect_tally(directory.path(), records);
  }
}

TEST(Projections, RecordThatCanNotBeReadStopsThemAndIsNamed) {
  TemporaryDirectory directory;
  MemoryJournal journal;
  grow(journal, 20);
  ProjectionFollower follower(
      directory.path(), journal,
      [](const JournalRecord& record) { return record.position == 13 ? std::nullopt : decode_all(record); }, tallies());
  follower.start();
  // The trouble is told with the first attempt; wait_until only gives that attempt its time.
  for (int i = 0; i < 300 && follower.status().trouble.empty(); ++i) (void)follower.wait_until(20, 100ms);
  EXPECT_THAT(follower.status().trouble, HasSubstr("position 13"));
}

TEST(Projections, EveryRecordIsAppliedOnceThoughTheFollowerIsKilledAgainAndAgain) {
  Fixture fixture;
  grow(*fixture.journal, 30'000);
  fixture.journal.reset();
  for (int round = 0; round < 8; ++round) {
    int fds[2];
    ASSERT_EQ(::pipe(fds), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto journal = sqlite::SqliteJournal::open(fixture.directory.path());
      ProjectionFollower follower(fixture.directory.path(), **journal, decode_all, tallies());
      follower.start();
      const auto before = follower.status().projections[0].position;
      (void)follower.wait_until(before + static_cast<Position>(round) * 2000 + 1, patience);
      (void)!::write(fds[1], "x", 1);
      (void)follower.wait_until(30'000, patience);
      ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(fds[0], &byte, 1), 1);
    ::usleep(static_cast<useconds_t>(round * 700));  // not a wait: moves the kill within a batch
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(fds[0]);
    ::close(fds[1]);
  }
  fixture.journal = std::move(sqlite::SqliteJournal::open(fixture.directory.path())).value();
  auto follower = fixture.follower();
  follower.start();
  ASSERT_TRUE(follower.wait_until(30'000, patience)) << follower.status().trouble;
  expect_tally(fixture.directory.path(), 30'000);
}

TEST(ReadPool, PagesNeitherSkipNorRepeat) {
  Fixture fixture;
  grow(*fixture.journal, 25);
  auto follower = fixture.follower();
  follower.start();
  ASSERT_TRUE(follower.wait_until(25, patience));
  sqlite::ReadPool reader(projections_path(fixture.directory.path()), "read a list");
  const auto newest_first = [&](const PageRequest& request) {
    return std::move(reader.read<Page<int64_t>>([&](Database& database) {
             return read_page<int64_t>(
                 database, request, INT64_MAX,
                 "SELECT position FROM tally_item WHERE position < ?1 AND position > ?3 ORDER BY position DESC LIMIT "
                 "?2",
                 [](const sqlite::Statement& row) { return row.integer(0); }, 5);
           }))
        .value();
  };
  std::vector<int64_t> seen;
  PageRequest request{.after = std::nullopt, .items_max = 7};
  while (true) {
    const Page<int64_t> page = newest_first(request);
    seen.insert(seen.end(), page.items.begin(), page.items.end());
    if (!page.next) break;
    request.after = page.next;
  }
  EXPECT_THAT(seen, ElementsAre(25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6));
  EXPECT_EQ(newest_first({.after = 6, .items_max = 7}).items.size(), 0u);
}

TEST(ReadPool, SaysWhenThereIsNothingToRead) {
  TemporaryDirectory directory;
  sqlite::ReadPool reader(projections_path(directory.path()), "read a list");
  auto found =
      reader.read<std::optional<int64_t>>([](Database& database) { return database.query_integer("SELECT 1"); });
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("cannot read a list"));
}

}  // namespace
}  // namespace bayward

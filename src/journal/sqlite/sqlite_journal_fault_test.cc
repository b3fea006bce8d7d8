// The journal against the machine: full disks, missing rights, kill -9, damaged files.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>

#include "base/prng.h"
#include "journal/sqlite/sqlite_journal.h"
#include "journal/testing.h"

namespace bayward::sqlite {
namespace {

using testing::HasSubstr;
using testing_support::batch_after;
using testing_support::in_child;
using testing_support::record_at;
using testing_support::same;
using testing_support::TemporaryDirectory;
using Kind = JournalError::Kind;

// Whether the journal holds exactly the records 1..last.
bool holds_exactly(Journal& journal, Position last) {
  Position at = 0;
  bool right = true;
  auto read = journal.read(0, [&](const JournalRecord& record) {
    right = right && same(record, record_at(++at));
    return right;
  });
  return read.ok() && right && at == last;
}

// Appends until it fails; the last position acknowledged.
JournalError append_until_failure(Journal& journal) {
  while (true) {
    const Position last = journal.last_position();
    auto appended = journal.append(last, batch_after(last, 500));
    if (!appended.ok()) return appended.error();
  }
}

TEST(SqliteJournalFaults, FullDiskLosesNothingAndAppendingResumesWhenThereIsSpace) {
  TemporaryDirectory directory;
  if (::mount("tmpfs", directory.path().c_str(), "tmpfs", 0, "size=6m") != 0) GTEST_SKIP() << "may not mount a tmpfs";
  {
    std::ofstream(directory / "filler") << std::string(3 * 1024 * 1024, 'x');
    auto journal = std::move(SqliteJournal::open(directory.path())).value();
    for (int round = 0; round < 2; ++round) {
      const JournalError error = append_until_failure(*journal);
      EXPECT_EQ(error.kind, Kind::unavailable) << error.message;
      EXPECT_THAT(error.message, HasSubstr("The disk is full"));
      EXPECT_TRUE(holds_exactly(*journal, journal->last_position()));
      // Still full: refused again, and again without harm.
      EXPECT_EQ(append_until_failure(*journal).kind, Kind::unavailable);
      EXPECT_TRUE(holds_exactly(*journal, journal->last_position()));
      EXPECT_FALSE(journal->save_snapshot({1, std::string(4 * 1024 * 1024, 's')}).ok());
      EXPECT_FALSE(std::filesystem::exists(directory / "snapshot.tmp"));

      std::filesystem::resize_file(directory / "filler", round == 0 ? 1024 * 1024 : 0);
      const Position last = journal->last_position();
      auto resumed = journal->append(last, batch_after(last, 500));
      EXPECT_TRUE(resumed.ok()) << resumed.error().message;
    }
    const Position last = journal->last_position();
    journal.reset();
    journal = std::move(SqliteJournal::open(directory.path())).value();
    EXPECT_TRUE(holds_exactly(*journal, last));
  }
  EXPECT_EQ(::umount(directory.path().c_str()), 0);
}

TEST(SqliteJournalFaults, FileSizeLimitOfTheProcessIsSurvivedAndExplained) {
  TemporaryDirectory directory;
  const int outcome = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto journal = std::move(SqliteJournal::open(directory.path())).value();
    const rlimit small{2 * 1024 * 1024, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &small) != 0) return 1;
    const JournalError error = append_until_failure(*journal);
    if (error.kind != Kind::unavailable || error.message.find("ulimit -f") == std::string::npos) return 2;
    if (!holds_exactly(*journal, journal->last_position())) return 3;
    const rlimit large{RLIM_INFINITY, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &large) != 0) return 4;
    const Position last = journal->last_position();
    if (!journal->append(last, batch_after(last, 500)).ok()) return 5;
    return holds_exactly(*journal, last + 500) ? 0 : 6;
  });
  EXPECT_EQ(outcome, 0);
}

// Runs as a user who may not write here; root may write anywhere.
int as_nobody(const std::function<int()>& work) {
  return in_child([&] {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) return 100;
    return work();
  });
}

TEST(SqliteJournalFaults, DirectoryThatMayNotBeWrittenIsNamed) {
  TemporaryDirectory directory;
  ASSERT_EQ(::chmod(directory.path().c_str(), 0555), 0);
  EXPECT_EQ(
      as_nobody([&] {
        auto journal = SqliteJournal::open(directory.path());
        if (journal.ok() || journal.error().kind != Kind::unavailable) return 1;
        return journal.error().message.find("cannot write to the data directory " + directory.path().string()) == 0 ? 0
                                                                                                                    : 2;
      }),
      0);
}

TEST(SqliteJournalFaults, JournalFileThatMayNotBeWrittenIsExplained) {
  TemporaryDirectory directory;
  { ASSERT_TRUE(SqliteJournal::open(directory.path()).ok()); }
  ASSERT_EQ(::chmod(directory.path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod((directory / "server.lock").c_str(), 0666), 0);
  ASSERT_EQ(::chmod((directory / "journal.db").c_str(), 0444), 0);
  EXPECT_EQ(as_nobody([&] {
              auto journal = SqliteJournal::open(directory.path());
              if (journal.ok() || journal.error().kind != Kind::unavailable) return 1;
              return journal.error().message.find("is not writable") != std::string::npos ? 0 : 2;
            }),
            0);
}

TEST(SqliteJournalFaults, ClosedJournalCanBeReadWhereNothingMayBeWritten) {
  TemporaryDirectory directory;
  {
    auto journal = std::move(SqliteJournal::open(directory.path())).value();
    ASSERT_TRUE(journal->append(0, batch_after(0, 2000)).ok());
  }
  ASSERT_EQ(::chmod(directory.path().c_str(), 0555), 0);
  ASSERT_EQ(::chmod((directory / "journal.db").c_str(), 0444), 0);
  EXPECT_EQ(as_nobody([&] {
              auto reader = SqliteJournalReader::open(directory.path());
              if (!reader.ok()) return 1;
              Position last = 0;
              auto read = (*reader)->read(0, [&](const JournalRecord& record) { return (last = record.position) > 0; });
              return read.ok() && last == 2000 ? 0 : 2;
            }),
            0);
}

// A child that appends and tells each acknowledged position through a pipe, until it is killed.
[[noreturn]] void append_for_ever(const std::filesystem::path& directory, int acknowledged_fd, uint64_t seed) {
  auto journal = SqliteJournal::open(directory);
  if (!journal.ok()) ::_exit(1);
  Prng prng(seed);
  while (true) {
    const Position last = (*journal)->last_position();
    const auto batch = batch_after(last, 1 + prng.below(200));
    if (!(*journal)->append(last, batch).ok()) ::_exit(2);
    const Position acknowledged = (*journal)->last_position();
    if (::write(acknowledged_fd, &acknowledged, sizeof acknowledged) < 0) ::_exit(3);
    if (prng.chance(1, 20)) (void)(*journal)->save_snapshot({acknowledged, std::string(5000, 's')});
  }
}

// Kills the child after a while; the last position it had acknowledged.
Position run_and_kill(const std::filesystem::path& directory, uint64_t seed) {
  int fds[2];
  EXPECT_EQ(::pipe(fds), 0);
  const pid_t child = ::fork();
  if (child == 0) append_for_ever(directory, fds[1], seed);
  ::close(fds[1]);
  Prng prng(seed + 1);
  Position acknowledged = 0;
  Position last = 0;
  // Killed in the middle of whatever it does after so many acknowledgements.
  for (uint64_t left = 1 + prng.below(40); left > 0 && ::read(fds[0], &last, sizeof last) == sizeof last; --left) {
    acknowledged = last;
  }
  ::usleep(static_cast<useconds_t>(prng.below(2000)));  // not a wait: moves the kill within a batch
  ::kill(child, SIGKILL);
  while (::read(fds[0], &last, sizeof last) == sizeof last) acknowledged = last;
  ::close(fds[0]);
  ::waitpid(child, nullptr, 0);
  return acknowledged;
}

TEST(SqliteJournalFaults, EveryAcknowledgedBatchSurvivesKillNine) {
  TemporaryDirectory directory;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Position acknowledged = run_and_kill(directory.path(), seed);
    ASSERT_GT(acknowledged, 0u);
    auto journal = SqliteJournal::open(directory.path());
    ASSERT_TRUE(journal.ok()) << journal.error().message;
    ASSERT_GE((*journal)->last_position(), acknowledged);
    ASSERT_TRUE(holds_exactly(**journal, (*journal)->last_position())) << "seed " << seed;
    ASSERT_TRUE((*journal)->newest_snapshot().ok());
  }
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A damaged journal may be refused, or read up to the damage; a record that was never written must not come out of it.
void expect_no_false_record(const std::filesystem::path& directory) {
  auto reader = SqliteJournalReader::open(directory);
  if (!reader.ok()) {
    EXPECT_FALSE(reader.error().message.empty());
    return;
  }
  Position at = 0;
  (void)(*reader)->read(0, [&](const JournalRecord& record) {
    EXPECT_TRUE(same(record, record_at(++at)));
    return true;
  });
}

TEST(SqliteJournalFaults, TruncatedFileIsReportedAndNeverReadWrongly) {
  TemporaryDirectory directory;
  { ASSERT_TRUE((*SqliteJournal::open(directory.path()))->append(0, batch_after(0, 3000)).ok()); }
  const std::string whole = bytes_of(directory / "journal.db");
  for (const size_t size : {whole.size() - 1, whole.size() - 8192, whole.size() / 2, size_t{8192}, size_t{100}}) {
    std::ofstream(directory / "journal.db", std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    auto journal = SqliteJournal::open(directory.path());
    // Opening looks at the end of the journal only; a cut elsewhere shows when it is read.
    const auto outcome = journal.ok() ? (*journal)->read(0, [](const JournalRecord&) { return true; })
                                      : JournalResult<Done>{Failure{journal.error()}};
    ASSERT_FALSE(outcome.ok()) << size << " bytes";
    EXPECT_EQ(outcome.error().kind, Kind::corrupt) << outcome.error().message;
    journal = Failure{outcome.error()};
    expect_no_false_record(directory.path());
  }
}

TEST(SqliteJournalFaults, FlippedBitsAreNeverReadAsRecords) {
  TemporaryDirectory directory;
  { ASSERT_TRUE((*SqliteJournal::open(directory.path()))->append(0, batch_after(0, 300)).ok()); }
  const std::string whole = bytes_of(directory / "journal.db");
  Prng prng(7);
  for (int round = 0; round < 200; ++round) {
    std::string damaged = whole;
    for (uint64_t flips = 1 + prng.below(4); flips > 0; --flips) {
      damaged[prng.below(damaged.size())] ^= static_cast<char>(1 << prng.below(8));
    }
    std::ofstream(directory / "journal.db", std::ios::binary | std::ios::trunc) << damaged;
    expect_no_false_record(directory.path());
  }
}

}  // namespace
}  // namespace bayward::sqlite

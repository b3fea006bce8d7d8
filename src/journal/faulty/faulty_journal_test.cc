#include "journal/faulty/faulty_journal.h"

#include <gtest/gtest.h>

#include "journal/testing.h"

namespace bayward {
namespace {

using testing_support::batch_after;
using testing_support::record_at;
using testing_support::same;
using Kind = JournalError::Kind;

class FaultyJournalTest : public testing::Test {
 protected:
  JournalResult<Done> append(size_t count) {
    const Position last = journal.last_position();
    return journal.append(last, batch_after(last, count));
  }
  void expect_records(Position last) {
    Position at = 0;
    ASSERT_TRUE(journal.read(0, [&](const JournalRecord& record) { return same(record, record_at(++at)); }).ok());
    EXPECT_EQ(at, last);
    EXPECT_EQ(journal.last_position(), last);
  }

  FaultPlan plan;
  Prng prng{1};
  FaultyJournal journal{plan, prng};
};

TEST_F(FaultyJournalTest, WithoutFaultsItIsAJournal) {
  ASSERT_TRUE(append(3).ok());
  ASSERT_TRUE(append(2).ok());
  expect_records(5);
  EXPECT_EQ(journal.append(3, batch_after(3, 1)).error().kind, Kind::fenced);
}

TEST_F(FaultyJournalTest, UnavailableKeepsNothingAndTheNextAppendMaySucceed) {
  plan.script = {AppendFault::unavailable};
  EXPECT_EQ(append(2).error().kind, Kind::unavailable);
  EXPECT_FALSE(journal.crashed());
  ASSERT_TRUE(append(2).ok());
  expect_records(2);
}

TEST_F(FaultyJournalTest, CrashKeepsTheBatchWholeOrNotAtAll) {
  struct Case {
    AppendFault fault;
    Position kept;
  };
  for (const Case& one :
       {Case{AppendFault::crash_lost, 1}, Case{AppendFault::crash_kept, 6}, Case{AppendFault::crash_torn, 6}}) {
    if (journal.last_position() == 0) ASSERT_TRUE(append(1).ok());
    plan.script = {one.fault};
    EXPECT_EQ(append(5).error().kind, Kind::unavailable);
    EXPECT_TRUE(journal.crashed());
    EXPECT_FALSE(append(1).ok()) << "the dead don't write";
    EXPECT_FALSE(journal.read(0, [](const JournalRecord&) { return true; }).ok());
    journal.reopen();
    expect_records(one.kept);
  }
  EXPECT_EQ(journal.counts().crashes, 3u);
}

TEST_F(FaultyJournalTest, FencedStaysFenced) {
  plan.script = {AppendFault::none, AppendFault::fenced};
  ASSERT_TRUE(append(1).ok());
  EXPECT_EQ(append(1).error().kind, Kind::fenced);
  journal.crash();
  journal.reopen();
  EXPECT_EQ(append(1).error().kind, Kind::fenced);
  expect_records(1);
}

TEST_F(FaultyJournalTest, DamagedSnapshotIsPassedOverForAnOlder) {
  ASSERT_TRUE(append(9).ok());
  ASSERT_TRUE(journal.save_snapshot({3, "three"}).ok());
  plan.snapshot_damaged = 1000;
  ASSERT_TRUE(journal.save_snapshot({6, "six"}).ok());
  EXPECT_EQ(journal.newest_snapshot()->body, "three");
  ASSERT_TRUE(journal.save_snapshot({9, "nine"}).ok());
  EXPECT_EQ(journal.newest_snapshot()->position, 0u);
  EXPECT_EQ(journal.counts().snapshots_passed_over, 3u);
  plan.snapshot_fails = 1000;
  EXPECT_FALSE(journal.save_snapshot({9, "nine"}).ok());
}

TEST_F(FaultyJournalTest, SameSeedGivesTheSameFaultsAndAcknowledgedBatchesSurvive) {
  const auto run = [](uint64_t seed) {
    FaultPlan faults{.unavailable = 50, .unavailable_run_max = 5, .crash_lost = 20, .crash_kept = 20, .crash_torn = 20};
    Prng random(seed);
    FaultyJournal one(faults, random);
    Position acknowledged = 0;
    for (int i = 0; i < 2000; ++i) {
      const Position last = one.last_position();
      if (one.append(last, batch_after(last, 3)).ok()) acknowledged = one.last_position();
      if (one.crashed()) one.reopen();
      EXPECT_GE(one.last_position(), acknowledged);
      EXPECT_EQ(one.last_position() % 3, 0u) << "half a batch";
    }
    EXPECT_GT(one.counts().torn_records_discarded, 0u);
    return one.last_hash();
  };
  EXPECT_EQ(run(5), run(5));
  EXPECT_NE(run(5), run(6));
}

}  // namespace
}  // namespace bayward

#include "sim/det/simulation.h"

#include <gtest/gtest.h>

namespace bayward::sim {
namespace {

std::string told(const SimulationReport& report) {
  std::string out = "seed " + std::to_string(report.seed) + " (" + report.town + ")";
  for (const Problem& problem : report.problems.all()) out += "\n  " + problem.checker + ": " + problem.what;
  return out;
}

TEST(Simulation, FortySeedsFindNothingAndReachTheRareBranches) {
  Marks marks;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const SimulationReport report = simulate({seed, 4000, nullptr});
    ASSERT_FALSE(report.problems.any()) << told(report);
    marks.add(report.marks);
  }
  for (const Mark mark : {Mark::moved, Mark::displaced, Mark::no_show, Mark::expired, Mark::overstay,
                          Mark::saga_retried, Mark::orphan_session, Mark::late_session_after_leave,
                          Mark::idempotent_replay, Mark::crash_torn_write, Mark::disk_full, Mark::snapshot_used}) {
    EXPECT_GT(marks.hits(mark), 0u) << to_text(mark);
  }
}

TEST(Simulation, TheSameSeedEndsTheSame) {
  const SimulationReport once = simulate({50, 3000, nullptr});
  const SimulationReport again = simulate({50, 3000, nullptr});
  EXPECT_EQ(once.hash, again.hash);
  EXPECT_EQ(once.steps, again.steps);
  EXPECT_NE(once.hash, simulate({51, 3000, nullptr}).hash);
}

// Seeds that once failed.
TEST(Simulation, AnEndedBookingsSlotsStayUsedWhenTheClockIsSetBackAndTheServerRestarts) {
  for (const uint64_t seed : {1U, 23U}) {
    const SimulationReport report = simulate({seed, 6000, nullptr});
    EXPECT_FALSE(report.problems.any()) << told(report);
  }
}

}  // namespace
}  // namespace bayward::sim

// The sums over all that happened, which show a defect of the books or of the calendar.
#include <gtest/gtest.h>

#include <random>

#include "journal/projections/read_models_for_test.h"

namespace bayward {
namespace {

using namespace core;
using namespace read_models_testing;

TEST(ReadModels, TotalsSumAllThatHappened) {
  Town town;
  visit(town);
  town.record({town.request(2, 1, hours(5, 6))});  // never confirmed
  town.follow();
  const PlatformTotals totals = town.totals();
  EXPECT_EQ(totals.bookings, 1u);
  EXPECT_EQ(totals.visits, 1u);
  EXPECT_EQ(totals.charging_sessions, 1u);
  EXPECT_EQ(totals.energy_milliwh, 5'500'000);
  EXPECT_EQ(totals.billed_minor, 640);
  EXPECT_EQ(totals.ledger_sum, 0);
  EXPECT_EQ(totals.overlaps, 0u);
}

TEST(ReadModels, EntryThatIsNotBalancedShowsInTheSum) {
  Town town;
  LedgerPosted posted;
  posted.entry.currency = euro;
  posted.entry.postings = {{LedgerAccount::psp_clearing, -100}, {LedgerAccount::user_available, 101}};
  town.record_for(driver, posted);
  town.follow();
  EXPECT_EQ(town.totals().ledger_sum, 1);
}

TEST(ReadModels, TwoBookingsOfOneBayAtOneTimeAreFound) {
  Town town;
  town.book(1, 1, hours(0, 4));
  town.book(2, 1, hours(4, 6));  // right behind
  town.book(3, 2, hours(0, 4));  // at another bay
  town.follow();
  EXPECT_EQ(town.totals().overlaps, 0u);
  town.book(4, 1, hours(3, 5));  // on both of bay 1
  town.follow();
  EXPECT_EQ(town.totals().overlaps, 2u);
}

TEST(ReadModels, SlotsGivenBackAreNoOverlap) {
  Town town;
  town.book(1, 1, hours(0, 4));
  town.end(1, BookingEnd::completed, hours(0, 2).end);
  town.book(2, 1, hours(2, 4));
  town.end(2, BookingEnd::cancelled, hours(2, 4).start);
  town.book(3, 1, hours(2, 4));
  town.record({town.request(4, 1, hours(2, 4))});  // refused by the wallet: it never was confirmed
  town.end(4, BookingEnd::no_funds, hours(2, 4).start);
  town.follow();
  EXPECT_EQ(town.totals().overlaps, 0u);
}

TEST(ReadModels, OverlapsAreThoseThatComparingEveryPairFinds) {
  std::mt19937 random(20260323);
  const auto draw = [&random](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  struct Held {
    uint32_t bay = 0;
    Interval slots;
  };
  std::vector<Held> held;
  Town town;
  for (uint32_t number = 1; number <= 300; ++number) {
    const int start = draw(0, 60);
    Held next{static_cast<uint32_t>(draw(1, 4)), hours(start, start + draw(1, 5))};
    town.book(number, next.bay, next.slots);
    if (draw(0, 2) == 0) {
      next.slots.end = next.slots.start + Duration{1h} * draw(0, 2);
      next.slots.end = std::min(next.slots.end, hours(0, start + 1).end);
      town.end(number, BookingEnd::completed, next.slots.end);
    }
    held.push_back(next);
  }
  uint64_t pairs = 0;
  for (size_t i = 0; i < held.size(); ++i) {
    for (size_t j = i + 1; j < held.size(); ++j) {
      const bool both_hold = !held[i].slots.empty() && !held[j].slots.empty();
      pairs += both_hold && held[i].bay == held[j].bay && held[i].slots.overlaps(held[j].slots);
    }
  }
  town.follow();
  EXPECT_GT(pairs, 0u);
  EXPECT_EQ(town.totals().overlaps, pairs);
}

}  // namespace
}  // namespace bayward

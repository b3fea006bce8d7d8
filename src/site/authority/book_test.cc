#include "site/authority/book.h"

#include <gtest/gtest.h>

namespace bayward::authority {
namespace {

using core::BriefedBay;
using core::Briefing;
using core::Refusal;

constexpr Instant t0 = from_unix_s(1'800'000'000);  // on a quarter hour
const SiteId site{1};
const BayId bay1 = site_scoped<BayId>(site, 1);
const BayId bay2 = site_scoped<BayId>(site, 2);

Briefing briefing(uint64_t revision, uint64_t taken = 0) {
  Briefing out;
  out.log = 1;
  out.revision = revision;
  out.watermark = t0 + 30min;
  out.taken = taken;
  for (const BayId bay : {bay1, bay2}) {
    BriefedBay told;
    told.bay = bay;
    told.open = {{t0, t0 + 30min}};
    out.bays.push_back(told);
  }
  return out;
}

Book briefed() {
  Book book;
  EXPECT_EQ(brief(book, briefing(1)), Briefed::taken_in);
  return book;
}

Wish walk_up(BayId bay, uint64_t account) {
  Wish wish;
  wish.account = AccountId{account};
  wish.bay = bay;
  return wish;
}

Refusal refused(const Book& book, const Wish& wish, Instant now = t0) {
  const auto decided = decide(book, wish, now);
  return decided ? Refusal::invalid : decided.error();
}

TEST(Book, gives_a_walk_up_its_slots_and_nobody_else_the_same) {
  Book book = briefed();
  const auto given = decide(book, walk_up(bay1, 7), t0 + 1min);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->grant.number, 1u);
  EXPECT_EQ(given->grant.span.start, t0);
  EXPECT_EQ(given->grant.granted_until, t0 + 30min);
  add(book, *given);
  EXPECT_EQ(refused(book, walk_up(bay1, 8)), Refusal::slot_taken);
  EXPECT_EQ(refused(book, walk_up(bay2, 7)), Refusal::too_many_bookings);
  EXPECT_TRUE(decide(book, walk_up(bay2, 8), t0));
  EXPECT_EQ(holder_at(book, bay1, t0)->account, AccountId{7});
}

TEST(Book, decides_nothing_about_slots_that_are_not_its_own) {
  Book book;
  EXPECT_EQ(refused(book, walk_up(bay1, 7)), Refusal::unknown_bay);  // never briefed
  book = briefed();
  EXPECT_EQ(refused(book, walk_up(bay1, 7), t0 + 30min), Refusal::beyond_horizon);
  Wish wish = walk_up(bay1, 7);
  wish.platform_asks = true;
  wish.booking_kind = core::BookingKind::advance;
  wish.span = {t0 + 15min, t0 + 90min};
  const auto given = decide(book, wish, t0);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->grant.granted_until, t0 + 30min) << "the rest is the platform's";
  wish.span.start = t0 + 30min;
  EXPECT_EQ(refused(book, wish), Refusal::beyond_horizon);
}

TEST(Book, a_claim_of_the_briefing_is_respected_and_a_closed_slot_not_given_on_the_spot) {
  Book book;
  Briefing told = briefing(1);
  told.bays[0].claims.push_back({site_scoped<BookingId>(site, 5),
                                 AccountId{9},
                                 0,
                                 core::BookingKind::advance,
                                 false,
                                 {t0 + 15min, t0 + 75min},
                                 {},
                                 {},
                                 {}});
  told.bays[1].open = {{t0 + 15min, t0 + 30min}};
  brief(book, told);
  const auto given = decide(book, walk_up(bay1, 7), t0);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->grant.granted_until, t0 + 15min);
  EXPECT_EQ(refused(book, walk_up(bay1, 7), t0 + 16min), Refusal::slot_taken);
  EXPECT_EQ(refused(book, walk_up(bay2, 7)), Refusal::outside_window);
}

TEST(Book, the_same_ask_gets_the_same_number) {
  Book book = briefed();
  Wish wish = walk_up(bay1, 7);
  wish.ask = "key-1";
  add(book, *decide(book, wish, t0));
  EXPECT_EQ(decide(book, wish, t0 + 1min)->grant.number, 1u);
  brief(book, briefing(5, 1));  // the platform has it
  EXPECT_EQ(decide(book, wish, t0 + 2min)->grant.number, 1u);
  EXPECT_EQ(book.last, 1u);
}

TEST(Book, briefings_may_come_late_twice_and_for_others) {
  Book book = briefed();
  add(book, *decide(book, walk_up(bay1, 7), t0));
  Briefing later = briefing(9);
  later.watermark = t0 + 45min;
  EXPECT_EQ(brief(book, later), Briefed::taken_in);
  EXPECT_EQ(brief(book, briefing(3)), Briefed::old);
  EXPECT_EQ(book.briefing.watermark, t0 + 45min);
  EXPECT_EQ(refused(book, walk_up(bay1, 8)), Refusal::slot_taken) << "what was given stays given";
  Briefing others = briefing(10);
  others.log = 0;
  EXPECT_EQ(brief(book, others), Briefed::other_log);
}

TEST(Book, a_number_is_dropped_when_it_is_in_the_books_and_the_claim_takes_its_place) {
  Book book = briefed();
  add(book, *decide(book, walk_up(bay1, 7), t0));
  Briefing told = briefing(4, 1);
  told.bays[0].claims.push_back(
      {site_scoped<BookingId>(site, 5), AccountId{7}, 1, core::BookingKind::walk_up, false, {t0, t0 + 2h}, {}, {}, {}});
  brief(book, told);
  EXPECT_TRUE(book.entries.empty());
  EXPECT_EQ(refused(book, walk_up(bay1, 8)), Refusal::slot_taken);
  brief(book, briefing(6, 1));  // it has ended
  EXPECT_TRUE(book.holds.empty());
  EXPECT_TRUE(decide(book, walk_up(bay1, 8), t0));
}

TEST(Book, a_hold_nobody_came_for_is_freed_and_can_be_given_again) {
  Book book = briefed();
  add(book, *decide(book, walk_up(bay1, 7), t0));
  EXPECT_FALSE(next_to_free(book, {}, t0 + 9min));
  EXPECT_FALSE(next_to_free(book, {bay1}, t0 + 10min)) << "a car stands there";
  add(book, *next_to_free(book, {}, t0 + 10min));
  EXPECT_FALSE(next_to_free(book, {}, t0 + 10min));
  const auto next = decide(book, walk_up(bay1, 8), t0 + 10min);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->grant.number, 3u);
  add(book, *next);
  EXPECT_EQ(refused(book, walk_up(bay1, 9), t0 + 11min), Refusal::slot_taken);
}

TEST(Book, a_hold_whose_car_came_does_not_expire) {
  Book book = briefed();
  add(book, *decide(book, walk_up(bay1, 7), t0));
  mark_used(book, bay1);
  EXPECT_FALSE(next_to_free(book, {}, t0 + 1h));
}

TEST(Book, a_controller_that_lost_its_memory_says_so_instead_of_counting_anew) {
  Book book;
  EXPECT_EQ(brief(book, briefing(8, 3)), Briefed::lost_memory);
  EXPECT_EQ(refused(book, walk_up(bay1, 7)), Refusal::unknown_bay);
  Briefing anew = briefing(9, 0);
  anew.log = 2;
  EXPECT_EQ(brief(book, anew), Briefed::taken_in);
}

}  // namespace
}  // namespace bayward::authority

#include "journal/projections/audit_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "base/limits.h"
#include "journal/projections/audit_projection.h"
#include "journal/testing.h"

namespace bayward {
namespace {

using namespace core;
using sqlite::Database;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Instant noon = *parse_rfc3339("2026-03-23T12:00:00Z");
const AccountId anna{42};
const AccountId bert{43};

// An index of its own, fed with records as the follower would.
class Index {
 public:
  Index() {
    EXPECT_TRUE(database_.execute("BEGIN").ok());  // one transaction for all: nothing of it has to last
    EXPECT_TRUE(database_.execute(projection_.schema()).ok());
  }

  Position add(AccountId by, std::string command, const std::vector<StreamEvent>& events, Instant at) {
    records_.push_back(
        {records_.size() + 1, at, {by ? Actor::Kind::person : Actor::Kind::system, by}, std::move(command), events});
    const auto applied = projection_.apply(database_, records_.back());
    EXPECT_TRUE(applied.ok()) << applied.error().message;
    return records_.size();
  }
  Position add(AccountId by, std::string command, const std::vector<StreamEvent>& events = {}) {
    return add(by, std::move(command), events, noon + Duration{1000} * static_cast<int64_t>(records_.size()));
  }
  ListPage<Position> page(const AuditFilter& filter, const ListQuery& query = {}) {
    auto found = search_audit(database_, filter, query);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.ok() ? *found : ListPage<Position>{};
  }
  std::vector<Position> all(const AuditFilter& filter, size_t items_max = 50) {
    std::vector<Position> found;
    ListQuery query{items_max, std::nullopt};
    while (true) {
      const ListPage<Position> next = page(filter, query);
      EXPECT_LE(next.items.size(), items_max);
      found.insert(found.end(), next.items.begin(), next.items.end());
      if (!next.next) return found;
      query.before = next.next;
    }
  }
  Database& database() { return database_; }
  const std::vector<CommittedRecord>& records() const { return records_; }

 private:
  testing_support::TemporaryDirectory directory_;
  Database database_ = std::move(Database::open(directory_ / "index.db", {})).value();
  AuditProjection projection_;
  std::vector<CommittedRecord> records_;
};

StreamEvent at_site(uint32_t number, Event event) {
  return {StreamId::of(SiteId{number}), 1, std::move(event)};
}

TEST(AuditSearch, FindsByStreamAccountAndNameOfCommandOrEventAndAllOfThemTogether) {
  Index index;
  index.add(anna, "RequestBooking", {at_site(1, BookingRequested{}), {StreamId::of(anna), 1, FundsHeld{}}});
  index.add(bert, "RequestBooking", {at_site(2, BookingRequested{}), {StreamId::of(bert), 1, FundsHeld{}}});
  index.add(anna, "CancelBooking", {at_site(1, BookingEnded{}), at_site(1, BookingEnded{})});
  index.add({}, "PassDeadline", {at_site(1, BookingEnded{})});
  EXPECT_THAT(index.all({}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(index.all({.stream = "site-1"}), ElementsAre(4, 3, 1));
  EXPECT_THAT(index.all({.stream = to_text(bert)}), ElementsAre(2));
  EXPECT_THAT(index.all({.actor = anna}), ElementsAre(3, 1));
  EXPECT_THAT(index.all({.kind = Actor::Kind::system}), ElementsAre(4));
  EXPECT_THAT(index.all({.kind = Actor::Kind::person, .word = "BookingEnded"}), ElementsAre(3));
  EXPECT_THAT(index.all({.word = "RequestBooking"}), ElementsAre(2, 1));
  EXPECT_THAT(index.all({.word = "BookingEnded"}), ElementsAre(4, 3));
  EXPECT_THAT(index.all({.stream = "site-1", .actor = anna, .word = "BookingEnded"}), ElementsAre(3));
  EXPECT_THAT(index.all({.stream = "site-2", .actor = anna}), IsEmpty());
  EXPECT_THAT(index.all({.word = "bookingended"}), IsEmpty());
  EXPECT_THAT(index.all({.stream = "site-9"}), IsEmpty());
}

TEST(AuditSearch, ATimeIncludesItsBeginningAndNotItsEnd) {
  Index index;
  for (int i = 0; i < 5; ++i) index.add(anna, "RequestBooking");
  EXPECT_THAT(index.all({.from = noon + 1s, .to = noon + 3s}), ElementsAre(3, 2));
  EXPECT_THAT(index.all({.actor = anna, .from = noon + 3s}), ElementsAre(5, 4));
  EXPECT_THAT(index.all({.from = noon + 9s}), IsEmpty());
  EXPECT_THAT(index.all({.to = noon}), IsEmpty());
}

TEST(AuditSearch, ARecordMadeAfterTheClockWasSetBackIsFoundByItsOwnTime) {
  Index index;
  index.add(anna, "A", {}, noon);
  index.add(anna, "A", {}, noon + 1h);
  index.add(anna, "A", {}, noon + 10min);  // set back by 50 minutes
  index.add(anna, "A", {}, noon + 2h);
  EXPECT_THAT(index.all({.to = noon + 30min}), ElementsAre(3, 1));
  EXPECT_THAT(index.all({.from = noon + 5min, .to = noon + 30min}), ElementsAre(3));
  EXPECT_THAT(index.all({.from = noon + 30min}), ElementsAre(4, 2));
}

TEST(AuditSearch, FindsWhatComparingEveryRecordFindsPageByPage) {
  std::mt19937 random(20260323);
  const auto draw = [&random](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const std::vector<std::string> commands = {"A", "B", "C", "D"};
  Index index;
  Instant at = noon;
  for (int i = 0; i < 2000; ++i) {
    at += Duration{draw(0, 50) == 0 ? -draw(0, 60'000) : draw(0, 2000)};
    index.add(AccountId{static_cast<uint64_t>(draw(0, 6))}, commands[static_cast<size_t>(draw(0, 3))],
              {at_site(static_cast<uint32_t>(draw(1, 5)), BookingEnded{})}, at);
  }
  for (int round = 0; round < 200; ++round) {
    AuditFilter filter;
    if (draw(0, 1)) filter.stream = "site-" + std::to_string(draw(1, 5));
    if (draw(0, 1)) filter.actor = AccountId{static_cast<uint64_t>(draw(1, 6))};
    if (draw(0, 1)) filter.word = commands[static_cast<size_t>(draw(0, 3))];
    if (draw(0, 1)) filter.from = noon + Duration{draw(0, 1'500'000)};
    if (draw(0, 1)) filter.to = noon + Duration{draw(0, 2'000'000)};
    std::vector<Position> expected;
    for (auto record = index.records().rbegin(); record != index.records().rend(); ++record) {
      const auto has = audit_words(*record);
      const auto asked = audit_words(filter);
      const bool in_time = (!filter.from || record->at >= *filter.from) && (!filter.to || record->at < *filter.to);
      if (in_time && std::includes(has.begin(), has.end(), asked.begin(), asked.end())) {
        expected.push_back(record->position);
      }
    }
    ASSERT_EQ(index.all(filter, static_cast<size_t>(draw(1, 60))), expected) << "round " << round;
  }
}

TEST(AuditSearch, NoQueryScansATableOrSorts) {
  Index index;
  for (const char* sql : audit_sql::all) {
    if (sql == audit_sql::newest) continue;  // one row from the table's end, which SQLite calls a scan
    auto plan = index.database().prepare("EXPLAIN QUERY PLAN " + std::string(sql));
    ASSERT_TRUE(plan.ok()) << sql;
    for (auto more = plan->step(); *more; more = plan->step()) {
      EXPECT_THAT(std::string(plan->text(3)), HasSubstr("SEARCH")) << sql;
      EXPECT_THAT(std::string(plan->text(3)), Not(HasSubstr("TEMP B-TREE"))) << sql;
    }
  }
}

// A million records: half by Anna, the other half by Bert, one in a thousand a refund, always Bert's; the first
// thousand touch site 7.
void fill_a_million(Database& database) {
  const auto filled = database.execute(R"(
CREATE TEMP TABLE n(i INTEGER PRIMARY KEY);
WITH RECURSIVE count(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM count WHERE i<1000000) INSERT INTO n SELECT i FROM count;
INSERT INTO audit_record SELECT i, 1774267200000+i*1000, 1774267200000+i*1000 FROM n;
INSERT INTO audit_word VALUES (1,'by acc-2a'), (2,'by acc-2b'), (3,'name BookingRefunded'), (4,'stream site-7');
INSERT INTO audit_entry SELECT 1, i FROM n WHERE i%2=0;
INSERT INTO audit_entry SELECT 2, i FROM n WHERE i%2=1;
INSERT INTO audit_entry SELECT 3, i FROM n WHERE i%1000=1;
INSERT INTO audit_entry SELECT 4, i FROM n WHERE i<=1000;
)");
  ASSERT_TRUE(filled.ok()) << filled.error().message;
}

TEST(AuditSearch, APageOfAMillionRecordsTakesTensOfMilliseconds) {
  Index index;
  fill_a_million(index.database());
  const auto timed = [&](const AuditFilter& filter, const ListQuery& query = {}) {
    const auto began = std::chrono::steady_clock::now();
    ListPage<Position> page = index.page(filter, query);
    const auto took = std::chrono::steady_clock::now() - began;
    // An optimised build on a quiet machine takes 15 ms for the worst of these; a scan takes far longer than this
    // limit.
    EXPECT_LT(took, std::chrono::seconds(1));
    return page;
  };
  EXPECT_THAT(timed({}).items, SizeIs(50));
  EXPECT_EQ(timed({.word = "BookingRefunded"}).items.front(), 999'001u);
  EXPECT_EQ(timed({.actor = bert, .word = "BookingRefunded"}).items.back(), 950'001u);
  // The beginning of the journal is as near as its end.
  EXPECT_EQ(timed({.stream = "site-7", .actor = bert, .word = "BookingRefunded"}).items.front(), 1u);
  EXPECT_EQ(timed({.to = noon + 10s}).items.size(), 9u);
  EXPECT_THAT(timed({.actor = anna}, {50, 101}).items, SizeIs(50));
  EXPECT_THAT(timed({.actor = anna, .from = noon + 999'990s}).items, SizeIs(6));
  EXPECT_THAT(timed({.actor = anna, .word = "BookingRefunded"}).items, IsEmpty());  // never together
}

TEST(AuditSearch, APageThatLookedLongGoesOnWhereItStopped) {
  Index index;
  // Anna is at one site, Bert at the other, by turns: who asks for Bert at Anna's makes the search look at all of it.
  for (size_t i = 0; i < 2 * limits::audit_scan_records; ++i) {
    index.add(i % 2 ? anna : bert, i == 0 ? "First" : "A", {at_site(i % 2 ? 1 : 2, BookingEnded{})});
  }
  const AuditFilter never{.stream = "site-1", .actor = bert};
  const ListPage<Position> page = index.page(never);
  EXPECT_THAT(page.items, IsEmpty());
  ASSERT_TRUE(page.next);
  EXPECT_LT(*page.next, index.records().size());
  EXPECT_THAT(index.all(never), IsEmpty());
  EXPECT_THAT(index.all({.stream = "site-2", .word = "First"}), ElementsAre(1));
}

}  // namespace
}  // namespace bayward

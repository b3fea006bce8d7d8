#include "journal/projections/read_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "journal/projections/read_models_for_test.h"

namespace bayward {
namespace {

using namespace core;
using namespace read_models_testing;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ReadModels, BookingIsFollowedFromTheRequestToTheEnd) {
  Town town;
  town.record({town.request(1, 1, hours(1, 3))});
  town.follow();
  EXPECT_EQ(town.booking(1).booking.phase, BookingPhase::awaiting_funds);
  EXPECT_EQ(town.booking(1).booking.charged, Money{});
  town.record({BookingConfirmed{booking_id(1)}});
  town.record({BookingMoved{booking_id(1), bay(1), bay(2)}});
  town.follow();
  EXPECT_EQ(town.booking(1).booking.phase, BookingPhase::confirmed);
  EXPECT_EQ(town.booking(1).booking.bay, bay(2));
  town.record({VisitBegan{{site_scoped<VisitId>(site, 9), bay(2), VisitKind::booked, booking_id(1), driver, noon}}});
  town.follow();
  EXPECT_EQ(town.booking(1).booking.phase, BookingPhase::active);
  EXPECT_EQ(town.booking(1).booking.visit, site_scoped<VisitId>(site, 9));
  town.record({BookingLeft{booking_id(1), hours(0, 2).end, hours(0, 2).end, hours(0, 4).end}});
  town.follow();
  EXPECT_EQ(town.booking(1).booking.slots_end, hours(0, 2).end);
  town.end(1, BookingEnd::completed, hours(0, 2).end, 400);
  town.follow();
  EXPECT_EQ(town.booking(1).booking.phase, BookingPhase::settling);
  town.record({BookingSettled{booking_id(1)}});
  town.follow();
  const BookingRow row = town.booking(1);
  EXPECT_EQ(row.booking.phase, BookingPhase::closed);
  EXPECT_EQ(row.booking.end, BookingEnd::completed);
  EXPECT_EQ(row.booking.span, hours(1, 3));
  EXPECT_EQ(row.booking.charged, (Money{400, euro}));
  EXPECT_EQ(row.booking.owner_share, (Money{200, euro}));
  EXPECT_EQ(row.booking.hold, (Money{500, euro}));
  EXPECT_EQ(row.booking.made_at, noon + 1s);
  EXPECT_EQ(row.changed_at, noon + 7s);
}

TEST(ReadModels, VisitsOfASiteAreListedNewestFirstWithTheirEnd) {
  Town town;
  const VisitId first = site_scoped<VisitId>(site, 1);
  const VisitId second = site_scoped<VisitId>(site, 2);
  town.record({VisitBegan{{first, bay(1), VisitKind::owner, {}, owner, noon}}});
  town.record({VisitBegan{{second, bay(2), VisitKind::booked, booking_id(4), driver, noon + 1h}}});
  town.record({VisitEnded{first, bay(1), noon + 2h}});
  town.record({VisitBegan{{site_scoped<VisitId>(SiteId{2}, 1), bay(1), VisitKind::owner, {}, owner, noon}}});
  town.follow();

  const auto visits = town.lists().visits(site, {});
  ASSERT_EQ(visits->items.size(), 2u);
  EXPECT_EQ(visits->items[0].visit.id, second);
  EXPECT_EQ(visits->items[0].visit.booking, booking_id(4));
  EXPECT_EQ(visits->items[0].ended_at, std::nullopt);
  EXPECT_EQ(visits->items[1].visit.kind, VisitKind::owner);
  EXPECT_EQ(visits->items[1].visit.account, owner);
  EXPECT_EQ(visits->items[1].visit.began_at, noon);
  EXPECT_EQ(visits->items[1].ended_at, noon + 2h);
}

TEST(ReadModels, VisitIsInEveryListItBelongsTo) {
  Town town;
  visit(town);
  town.follow();
  ReadModels& lists = town.lists();

  const auto sessions = lists.sessions_of(booking_id(1));
  ASSERT_EQ(sessions->size(), 1u);
  EXPECT_EQ(sessions->front().energy_milliwh, 5'500'000);
  EXPECT_EQ(sessions->front().evse, 2);
  EXPECT_EQ(sessions->front().stopped_at, noon + 2h);
  EXPECT_EQ(lists.session(session_id(1))->value().booking, booking_id(1));
  EXPECT_EQ(lists.sessions(site, {})->items.size(), 1u);
  EXPECT_THAT(lists.sessions(SiteId{2}, {})->items, IsEmpty());

  const auto invoice = lists.invoice(booking_id(1));
  ASSERT_TRUE(invoice->has_value());
  EXPECT_EQ((*invoice)->invoice.total, (Money{640, euro}));
  ASSERT_EQ((*invoice)->invoice.lines.size(), 1u);
  EXPECT_EQ((*invoice)->invoice.lines[0].interval, hours(0, 2));

  const auto entries = lists.ledger(driver, {});
  ASSERT_EQ(entries->items.size(), 1u);
  EXPECT_EQ(entries->items[0].position, town.size() - 2);
  EXPECT_EQ(entries->items[0].entry.kind, EntryKind::capture);
  EXPECT_EQ(entries->items[0].entry.booking, booking_id(1));
  ASSERT_EQ(entries->items[0].entry.postings.size(), 3u);
  EXPECT_EQ(entries->items[0].entry.postings[1].account, LedgerAccount::transit);
  EXPECT_EQ(entries->items[0].entry.sum(), 0);

  EXPECT_FALSE(lists.booking(booking_id(2))->has_value());
  EXPECT_FALSE(lists.session(session_id(2))->has_value());
  EXPECT_FALSE(lists.invoice(booking_id(2))->has_value());
}

TEST(ReadModels, DriverAndOwnerAreToldWhatConcernsThem) {
  Town town;
  visit(town);
  town.follow();
  const auto page = town.lists().notices(driver, {});
  ASSERT_EQ(page->items.size(), 1u);
  EXPECT_EQ(page->items[0].notice.kind, NoticeKind::bill_ready);
  const auto to_owner = town.lists().notices(owner, {});
  ASSERT_EQ(to_owner->items.size(), 2u);
  EXPECT_EQ(to_owner->items[0].notice.kind, NoticeKind::owner_credited);
  EXPECT_EQ(to_owner->items[0].notice.amount, (Money{320, euro}));
  EXPECT_EQ(to_owner->items[1].notice.kind, NoticeKind::bay_booked);
  EXPECT_EQ(to_owner->items[1].notice.bay, bay(1));
}

TEST(ReadModels, IncidentIsOpenUntilItIsClosed) {
  Town town;
  Incident incident;
  incident.id = site_scoped<IncidentId>(site, 1);
  incident.kind = IncidentKind::overstay;
  town.record({IncidentOpened{incident}});
  town.follow();
  EXPECT_EQ(town.lists().incidents(site, {})->items.at(0).closed_at, std::nullopt);
  town.record({IncidentClosed{incident.id, IncidentEnd::closed, {}}});
  town.follow();
  const IncidentRow row = town.lists().incidents(site, {})->items.at(0);
  EXPECT_EQ(row.closed_at, noon + 2s);
  EXPECT_EQ(row.incident.kind, IncidentKind::overstay);
}

// The numbers of the bookings of a list, read page by page.
std::vector<uint32_t> numbers(
    Town& town, const ReadModels::BookingFilter& filter, size_t items_max,
    const std::function<void()>& between_pages = [] {}) {
  std::vector<uint32_t> seen;
  ListQuery query{items_max, std::nullopt};
  while (true) {
    auto page = town.lists().bookings(filter, query);
    EXPECT_TRUE(page.ok()) << page.error().message;
    EXPECT_LE(page->items.size(), items_max);
    for (const BookingRow& row : page->items) seen.push_back(number_in_site(row.booking.id));
    if (!page->next) return seen;
    query.before = page->next;
    between_pages();
  }
}

TEST(ReadModels, PagesNeitherSkipNorRepeatWhileBookingsAreMade) {
  Town town;
  uint32_t made = 0;
  const auto make = [&] {
    const auto hour = static_cast<int>(++made);
    town.book(made, 1, hours(hour, hour + 1));
  };
  for (int i = 0; i < 9; ++i) make();
  town.follow();
  const auto more = [&] {
    make();
    town.follow();
  };
  ReadModels::BookingFilter mine;
  mine.account = driver;
  EXPECT_THAT(numbers(town, mine, 3, more), ElementsAre(9, 8, 7, 6, 5, 4, 3, 2, 1));
  ReadModels::BookingFilter of_site;
  of_site.site = site;
  EXPECT_THAT(numbers(town, of_site, 4), ElementsAre(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
}

TEST(ReadModels, BookingsAreChosenByAccountSiteAndPhase) {
  Town town;
  for (uint32_t number = 1; number <= 6; ++number) town.book(number, number, hours(0, 1));
  town.end(2, BookingEnd::cancelled, noon);
  town.end(5, BookingEnd::cancelled, noon);
  town.follow();
  ReadModels::BookingFilter filter;
  filter.account = driver;
  filter.phase = BookingPhase::settling;
  EXPECT_THAT(numbers(town, filter, 1), ElementsAre(5, 2));
  filter.phase = BookingPhase::confirmed;
  EXPECT_THAT(numbers(town, filter, 3), ElementsAre(6, 4, 3, 1));
  filter.account = owner;
  EXPECT_THAT(numbers(town, filter, 3), IsEmpty());
  filter = {};
  filter.site = SiteId{2};
  EXPECT_THAT(numbers(town, filter, 3), IsEmpty());
  filter.account = driver;
  EXPECT_THAT(numbers(town, filter, 3), IsEmpty());
}

TEST(ReadModels, CursorBeyondAllKeysBeginsAtTheNewest) {
  Town town;
  town.book(1, 1, hours(0, 1));
  town.follow();
  ReadModels::BookingFilter mine;
  mine.account = driver;
  EXPECT_EQ(town.lists().bookings(mine, {.items_max = 5, .before = UINT64_MAX - 1})->items.size(), 1u);
  EXPECT_EQ(town.lists().bookings(mine, {.items_max = 5, .before = 0})->items.size(), 0u);
}

TEST(ReadModels, LagIsWhatIsNotInTheTablesYet) {
  Town town;
  town.book(1, 1, hours(0, 1));
  ProjectionFollower follower = town.make_follower();
  SqliteReadModels lists(town.directory(), follower);
  follower.notify(2);
  EXPECT_EQ(lists.lag_records(), 2u);
  follower.start();
  ASSERT_TRUE(follower.wait_until(2, patience));
  EXPECT_EQ(lists.lag_records(), 0u);
}

TEST(ReadModels, LagIsUnknownWhileARecordCanNotBeFollowed) {
  Town town;
  town.book(1, 1, hours(0, 1));
  ProjectionFollower follower(
      town.directory(), town.journal(), [](const JournalRecord&) { return std::nullopt; }, make_projections());
  SqliteReadModels lists(town.directory(), follower);
  follower.start();
  for (int i = 0; i < 300 && follower.status().trouble.empty(); ++i) (void)follower.wait_until(2, 100ms);
  EXPECT_EQ(lists.lag_records(), std::nullopt);
}

TEST(ReadModels, BeforeThereAreTablesEveryListSaysSo) {
  Town town;
  const auto totals = town.lists().totals();
  ASSERT_FALSE(totals.ok());
  EXPECT_THAT(totals.error().message, HasSubstr("cannot read a list"));
  EXPECT_FALSE(town.lists().booking(booking_id(1)).ok());
}

std::vector<std::string> texts(sqlite::Database& database, const std::string& sql) {
  std::vector<std::string> out;
  auto rows = database.query(sql);
  EXPECT_TRUE(rows.ok()) << rows.error().message;
  while (*rows->next()) out.emplace_back((*rows)->text(0));
  return out;
}

// Every row of every table of the projections, as text, for comparing.
std::vector<std::string> dump(const std::filesystem::path& directory) {
  std::vector<std::string> out;
  auto database = sqlite::Database::open(projections_path(directory), {.mode = sqlite::OpenMode::read_only});
  EXPECT_TRUE(database.ok());
  for (const std::string& table : texts(*database, "SELECT name FROM sqlite_schema WHERE type='table' ORDER BY 1")) {
    const auto columns = texts(
        *database, "SELECT group_concat('quote(' || name || ')', '||'' ''||') FROM pragma_table_info('" + table + "')");
    for (const std::string& row : texts(*database, "SELECT " + columns.at(0) + " FROM " + table + " ORDER BY 1")) {
      out.push_back(table + ": " + row);
    }
  }
  return out;
}

TEST(ReadModels, RebuildGivesTheSameRows) {
  Town town;
  visit(town);
  town.follow();
  const std::vector<std::string> before = dump(town.directory());
  EXPECT_GT(before.size(), 10u);
  ProjectionFollower follower = town.make_follower();
  follower.start();
  ASSERT_TRUE(follower.wait_until(town.size(), patience));
  follower.rebuild();
  ASSERT_TRUE(follower.wait_until(town.size(), patience));
  EXPECT_EQ(dump(town.directory()), before);
}

TEST(ReadModels, FollowerKilledAgainAndAgainGivesTheRowsOfOneThatWasNot) {
  Town calm;
  Town killed;
  for (Town* town : {&calm, &killed}) {
    visit(*town);
    for (uint32_t number = 2; number <= 3000; ++number) {
      town->book(number, number % 7 + 1, hours(static_cast<int>(number), static_cast<int>(number) + 1));
      town->end(number, BookingEnd::completed, hours(0, static_cast<int>(number) + 1).end, 100);
    }
  }
  calm.follow();
  for (int round = 0; round < 6; ++round) {
    int fds[2];
    ASSERT_EQ(::pipe(fds), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ProjectionFollower follower = killed.make_follower();
      follower.start();
      (void)follower.wait_until(static_cast<Position>(round) * 1500 + 1, patience);
      (void)!::write(fds[1], "x", 1);
      ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(fds[0], &byte, 1), 1);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(fds[0]);
    ::close(fds[1]);
  }
  killed.follow();
  EXPECT_EQ(dump(killed.directory()), dump(calm.directory()));
  EXPECT_EQ(killed.totals().bookings, 3000u);
  EXPECT_EQ(killed.totals().overlaps, 0u);
}

}  // namespace
}  // namespace bayward

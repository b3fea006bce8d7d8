#include "journal/projections/read_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "journal/memory/memory_journal.h"
#include "journal/projections/tables.h"
#include "journal/testing.h"

namespace bayward {
namespace {

using namespace core;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::batch_after;
using testing_support::TemporaryDirectory;

constexpr Duration patience = 30s;
const SiteId site{1};
const AccountId driver{21};
const AccountId owner{22};
const Currency euro = *parse_currency("EUR");
const Instant noon = *parse_rfc3339("2026-03-23T12:00:00Z");

BayId bay(uint32_t number) {
  return site_scoped<BayId>(site, number);
}
BookingId booking_id(uint32_t number) {
  return site_scoped<BookingId>(site, number);
}
SessionId session_id(uint32_t number) {
  return site_scoped<SessionId>(site, number);
}

// A journal whose records are made from events, and what reads it. The memory journal is one thread's, so it only grows
// while nothing follows: follow() catches up and stops.
class Town {
 public:
  Position record(const std::vector<Event>& events, StreamId stream = StreamId::of(site)) {
    CommittedRecord next;
    next.position = records_.size() + 1;
    next.at = noon + Duration{1000} * static_cast<int64_t>(next.position);
    for (const Event& event : events) next.events.push_back({stream, 0, event});
    records_.push_back(next);
    EXPECT_TRUE(journal_.append(next.position - 1, batch_after(next.position - 1, 1)).ok());
    return next.position;
  }
  Position record_for(AccountId account, const Event& event) { return record({event}, StreamId::of(account)); }

  BookingRequested request(uint32_t number, uint32_t at_bay, Interval span) {
    BookingRequested event;
    event.booking = booking_id(number);
    event.account = driver;
    event.vehicle = VehicleId{driver.value << 32 | 1};
    event.bay = bay(at_bay);
    event.span = span;
    event.hold = {500, euro};
    event.energy_estimate_milliwh = 7000;
    return event;
  }
  void book(uint32_t number, uint32_t at_bay, Interval span) {
    record({request(number, at_bay, span)});
    record({BookingConfirmed{booking_id(number)}});
  }
  void end(uint32_t number, BookingEnd how, Instant slots_end, int64_t minor = 0) {
    BookingEnded event;
    event.booking = booking_id(number);
    event.end = how;
    event.slots_end = slots_end;
    event.owner = owner;
    event.invoice.currency = euro;
    event.invoice.total = event.invoice.net = {minor, euro};
    event.invoice.tax = {0, euro};
    event.invoice.lines.push_back({LineKind::parking, Period{}, {noon, slots_end}, 1, 2, {minor, euro}, false});
    event.owner_share = {minor / 2, euro};
    record({event});
  }
  void own(uint32_t at_bay) {
    BayInfo info;
    info.label = "B" + std::to_string(at_bay);
    info.owner = owner;
    record({BayDefined{bay(at_bay), info}});
  }

  void follow() {
    ProjectionFollower follower = make_follower();
    follower.start();
    ASSERT_TRUE(follower.wait_until(journal_.last_position(), patience)) << follower.status().trouble;
  }
  ProjectionFollower make_follower() {
    return ProjectionFollower(
        directory_.path(), journal_, [this](const JournalRecord& record) { return decode(record); },
        make_projections());
  }
  std::optional<CommittedRecord> decode(const JournalRecord& record) const { return records_.at(record.position - 1); }

  ReadModels& lists() { return lists_; }
  const std::filesystem::path& directory() const { return directory_.path(); }
  Journal& journal() { return journal_; }
  size_t size() const { return records_.size(); }

  BookingRow booking(uint32_t number) {
    auto row = lists().booking(booking_id(number));
    EXPECT_TRUE(row.ok()) << row.error().message;
    EXPECT_TRUE(row->has_value());
    return row->value_or(BookingRow{});
  }
  PlatformTotals totals() {
    auto sums = lists().totals();
    EXPECT_TRUE(sums.ok()) << sums.error().message;
    return sums.ok() ? *sums : PlatformTotals{};
  }

 private:
  TemporaryDirectory directory_;
  MemoryJournal journal_;
  std::vector<CommittedRecord> records_;
  ProjectionFollower idle_ = make_follower();
  SqliteReadModels lists_{directory_.path(), idle_};
};

Interval hours(int from, int to) {
  return {noon + Duration{1h} * from, noon + Duration{1h} * to};
}

// One driver's visit from the booking to the books, as the engine would journal it.
void visit(Town& town) {
  town.own(1);
  town.book(1, 1, hours(0, 3));
  town.record({BookingExtended{booking_id(1), hours(0, 4).end, {700, euro}}});
  town.record({VisitBegan{{site_scoped<VisitId>(site, 1), bay(1), VisitKind::booked, booking_id(1), driver, noon}}});
  SessionStarted started;
  started.session = session_id(1);
  started.station = site_scoped<StationId>(site, 1);
  started.evse = 2;
  started.bay = bay(1);
  started.booking = booking_id(1);
  started.account = driver;
  started.start = {noon + 1min, 1'000'000};
  town.record({started});
  town.record({SessionMetered{session_id(1), {{noon + 1h, 4'000'000}}}});
  town.record({SessionStopped{session_id(1), {noon + 2h, 6'500'000}, false}});
  town.record({VisitEnded{site_scoped<VisitId>(site, 1), bay(1), noon + 2h}});
  town.end(1, BookingEnd::completed, hours(0, 2).end, 640);
  LedgerEntry entry{EntryKind::capture, booking_id(1), "", euro, {}};
  entry.postings = {
      {LedgerAccount::user_held, -700}, {LedgerAccount::transit, 640}, {LedgerAccount::user_available, 60}};
  town.record_for(driver, FundsCaptured{booking_id(1), {640, euro}, entry});
  entry = {EntryKind::owner_credit, booking_id(1), "", euro, {}};
  entry.postings = {
      {LedgerAccount::transit, -640}, {LedgerAccount::owner_payable, 320}, {LedgerAccount::platform_fee, 320}};
  town.record_for(owner, OwnerCredited{booking_id(1), {320, euro}, entry});
  town.record({BookingSettled{booking_id(1)}});
}

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

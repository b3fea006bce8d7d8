// A journal made from events, and the lists that follow it, for the tests of the read models. Only tests include it.
#pragma once

#include <gtest/gtest.h>

#include "journal/memory/memory_journal.h"
#include "journal/projections/read_models.h"
#include "journal/projections/tables.h"
#include "journal/testing.h"

namespace bayward::read_models_testing {

using namespace core;
using testing_support::batch_after;
using testing_support::TemporaryDirectory;

inline constexpr Duration patience = 30s;
inline const SiteId site{1};
inline const AccountId driver{21};
inline const AccountId owner{22};
inline const Currency euro = *parse_currency("EUR");
inline const Instant noon = *parse_rfc3339("2026-03-23T12:00:00Z");

inline BayId bay(uint32_t number) {
  return site_scoped<BayId>(site, number);
}
inline BookingId booking_id(uint32_t number) {
  return site_scoped<BookingId>(site, number);
}
inline SessionId session_id(uint32_t number) {
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

inline Interval hours(int from, int to) {
  return {noon + Duration{1h} * from, noon + Duration{1h} * to};
}

// One driver's visit from the booking to the books, as the engine would journal it.
inline void visit(Town& town) {
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

}  // namespace bayward::read_models_testing

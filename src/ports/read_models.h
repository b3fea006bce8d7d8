// Lists and sums for people and reports, read from tables that follow the journal (journal/projections). What they say
// is durable and may be a moment old; live questions go to the engine.
//
// Any thread; every function reads a disk: not for an io thread or the engine's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "core/booking/booking.h"
#include "core/incident/incident.h"
#include "core/ledger/ledger.h"
#include "core/tariff/price.h"
#include "core/visit/visit.h"
#include "ports/engine.h"
#include "ports/notice.h"

namespace bayward {

// Newest first; a page goes on before the key of the last item shown.
struct ListQuery {
  size_t items_max = 50;           // 1..limits::page_items
  std::optional<uint64_t> before;  // `next` of the page before
};

template <class T>
struct ListPage {
  std::vector<T> items;
  std::optional<uint64_t> next;  // none: that was all
};

struct BookingRow {
  core::Booking booking;  // as far as the journal tells: without deadlines and saga counters
  Instant changed_at{};
};

struct SessionRow {
  SessionId session;
  StationId station;
  int32_t evse = 1;
  BayId bay;
  BookingId booking;
  AccountId account;
  Instant started_at{};
  std::optional<Instant> stopped_at;  // none: open
  int64_t energy_milliwh = 0;
  bool register_defect = false;
};

// A vehicle at a bay: on a booking, or its owner's own.
struct VisitRow {
  core::Visit visit;
  std::optional<Instant> ended_at;  // none: still there
};

struct LedgerRow {
  Position position = 0;
  Instant at{};
  core::LedgerEntry entry;
};

struct IncidentRow {
  core::Incident incident;
  std::optional<Instant> closed_at;  // none: open
  std::optional<Instant> acknowledged_at;
};

struct NoticeRow {
  uint64_t key = 0;
  Instant at{};
  Notice notice;
};

struct InvoiceRow {
  BookingId booking;
  Instant at{};
  Invoice invoice;
};

// What the operator's audit asks for; what is empty or missing is not asked.
struct AuditFilter {
  std::string stream{};  // a record that touches it: "site-1"
  AccountId actor{};     // made by this account
  std::optional<core::Actor::Kind> kind{};
  std::string word{};  // a command's or event's name
  std::optional<Instant> from{}, to{};
};

// Sums over all that ever happened.
struct PlatformTotals {
  uint64_t bookings = 0;  // confirmed
  uint64_t visits = 0;
  uint64_t charging_sessions = 0;
  int64_t energy_milliwh = 0;
  int64_t billed_minor = 0;  // of all invoices, minor units of all currencies added up
  int64_t ledger_sum = 0;    // of all postings; anything but 0 is a defect
  uint64_t overlaps = 0;     // pairs of bookings that hold one bay at one time; anything but 0 is a defect
};

class ReadModels {
 public:
  virtual ~ReadModels() = default;

  struct BookingFilter {
    AccountId account;  // this or site is given
    SiteId site;
    std::optional<core::BookingPhase> phase;
  };
  virtual Result<ListPage<BookingRow>> bookings(const BookingFilter& filter, const ListQuery& query) = 0;
  virtual Result<std::optional<BookingRow>> booking(BookingId booking) = 0;
  virtual Result<ListPage<SessionRow>> sessions(SiteId site, const ListQuery& query) = 0;
  virtual Result<std::vector<SessionRow>> sessions_of(BookingId booking) = 0;
  virtual Result<std::optional<SessionRow>> session(SessionId session) = 0;
  virtual Result<ListPage<VisitRow>> visits(SiteId site, const ListQuery& query) = 0;
  virtual Result<std::optional<InvoiceRow>> invoice(BookingId booking) = 0;
  virtual Result<ListPage<LedgerRow>> ledger(AccountId account, const ListQuery& query) = 0;
  // Without the police desk's (B5).
  virtual Result<ListPage<IncidentRow>> incidents(SiteId site, const ListQuery& query) = 0;
  // What is told to an account.
  virtual Result<ListPage<NoticeRow>> notices(AccountId account, const ListQuery& query) = 0;
  // Positions of the journal's records that fit. A page looks at a bounded part of the index: it may be short, or
  // empty, and still name a `next`.
  virtual Result<ListPage<Position>> audit(const AuditFilter& filter, const ListQuery& query) = 0;
  virtual Result<PlatformTotals> totals() = 0;
  // Records that are durable and not in the tables yet; nothing when they are not followed at the moment.
  virtual std::optional<uint64_t> lag_records() = 0;
};

// The journal as committed records, for readers that come back: everything after `after`, in order, until `each` says
// false.
using CommittedHistory = std::function<Status(Position after, const std::function<bool(const CommittedRecord&)>& each)>;

}  // namespace bayward

#include "journal/projections/read_rows.h"

#include <algorithm>

#include "journal/projections/ids.h"

namespace bayward::projections {

using namespace core;
using sqlite::Statement;

namespace {

Currency currency(const Statement& row, int column) {
  return parse_currency(row.text(column)).value_or(Currency{});
}

Instant instant(const Statement& row, int column) {
  return from_unix_ms(row.integer(column));
}

std::optional<Instant> instant_if_any(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return instant(row, column);
}

// Of a key made by key_in_record(), which keeps 4096 keys for each record.
Position position_of(int64_t key) {
  return static_cast<Position>(key / key_in_record(1, 0));
}

template <class Enum>
Enum word(const Statement& row, int column) {
  return static_cast<Enum>(row.integer(column));
}

}  // namespace

BookingRow read_booking(const Statement& row) {
  BookingRow out;
  Booking& booking = out.booking;
  booking.id = id<BookingId>(row.integer(1));
  booking.account = id<AccountId>(row.integer(2));
  booking.vehicle = id<VehicleId>(row.integer(3));
  booking.bay = id<BayId>(row.integer(4));
  booking.kind = word<BookingKind>(row, 5);
  booking.phase = word<BookingPhase>(row, 6);
  booking.end = word<BookingEnd>(row, 7);
  booking.span = {instant(row, 8), instant(row, 9)};
  booking.slots_end = instant(row, 10);
  booking.made_at = instant(row, 11);
  booking.hold = {row.integer(12), currency(row, 13)};
  booking.energy_estimate_milliwh = row.integer(14);
  booking.visit = id<VisitId>(row.integer(15));
  out.changed_at = instant(row, 20);
  if (row.is_null(21)) return out;
  const Currency billed = currency(row, 21);
  booking.charged = {row.integer(16), billed};
  booking.tax = {row.integer(17), billed};
  booking.owner_share = {row.integer(18), billed};
  // May be paid where nothing is billed: its currency is the site's, as the hold's is.
  if (row.integer(19) != 0) booking.compensation = {row.integer(19), booking.hold.currency};
  return out;
}

SessionRow read_session(const Statement& row) {
  SessionRow out;
  out.session = id<SessionId>(row.integer(1));
  out.station = id<StationId>(row.integer(2));
  out.evse = static_cast<int32_t>(row.integer(3));
  out.bay = id<BayId>(row.integer(4));
  out.booking = id<BookingId>(row.integer(5));
  out.account = id<AccountId>(row.integer(6));
  out.started_at = instant(row, 7);
  out.stopped_at = instant_if_any(row, 8);
  out.energy_milliwh = row.integer(10) - row.integer(9);
  out.register_defect = row.integer(11) != 0;
  return out;
}

VisitRow read_visit(const Statement& row) {
  VisitRow out;
  out.visit.id = id<VisitId>(row.integer(0));
  out.visit.bay = id<BayId>(row.integer(1));
  out.visit.kind = word<VisitKind>(row, 2);
  out.visit.booking = id<BookingId>(row.integer(3));
  out.visit.account = id<AccountId>(row.integer(4));
  out.visit.began_at = instant(row, 5);
  out.ended_at = instant_if_any(row, 6);
  return out;
}

LedgerRow read_ledger(const Statement& row) {
  LedgerRow out;
  out.position = position_of(row.integer(0));
  out.at = instant(row, 1);
  out.entry.kind = word<EntryKind>(row, 2);
  out.entry.booking = id<BookingId>(row.integer(3));
  out.entry.reference = row.text(4);
  out.entry.currency = currency(row, 5);
  return out;
}

IncidentRow read_incident(const Statement& row) {
  IncidentRow out;
  out.incident.id = id<IncidentId>(row.integer(1));
  out.incident.kind = word<IncidentKind>(row, 2);
  out.incident.bay = id<BayId>(row.integer(3));
  out.incident.booking = id<BookingId>(row.integer(4));
  out.incident.opened_at = instant(row, 5);
  out.closed_at = instant_if_any(row, 6);
  out.incident.severity = word<Severity>(row, 8);
  out.incident.end = word<IncidentEnd>(row, 9);
  out.incident.acknowledged_by = id<AccountId>(row.integer(10));
  out.acknowledged_at = instant_if_any(row, 11);
  out.incident.assigned_to = id<AccountId>(row.integer(12));
  out.incident.suppressed = row.integer(13) != 0;
  std::ranges::copy(row.blob(7).first(std::min(row.blob(7).size(), out.incident.vehicle.bytes.size())),
                    out.incident.vehicle.bytes.begin());
  return out;
}

NoticeRow read_notice(const Statement& row) {
  NoticeRow out;
  out.key = static_cast<uint64_t>(row.integer(0));
  out.at = instant(row, 1);
  out.notice.account = id<AccountId>(row.integer(2));
  out.notice.site = id<SiteId>(row.integer(3));
  out.notice.kind = word<NoticeKind>(row, 4);
  out.notice.booking = id<BookingId>(row.integer(5));
  out.notice.bay = id<BayId>(row.integer(6));
  out.notice.other_bay = id<BayId>(row.integer(7));
  out.notice.incident = id<IncidentId>(row.integer(8));
  out.notice.amount = {row.integer(9), currency(row, 10)};
  return out;
}

}  // namespace bayward::projections

#include "journal/projections/booking_projection.h"

#include <string>

#include "base/binary.h"
#include "journal/projections/ids.h"
#include "ports/engine.h"
#include "ports/notice.h"

namespace bayward {
namespace {

using namespace core;
using namespace projections;
using sqlite::Blob;
using sqlite::Database;
using sqlite::SqlError;
using sqlite::SqlResult;

// Facts of earlier events, from the own tables.
class TableContext final : public NoticeContext {
 public:
  explicit TableContext(Database& database) : database_(database) {}

  std::optional<BookingFacts> booking(BookingId booking) override {
    const int64_t wanted = key(booking);
    auto rows = database_.query("SELECT account, bay FROM booking WHERE id=?1", wanted);
    if (!has_row(rows)) return std::nullopt;
    return BookingFacts{id<AccountId>((*rows)->integer(0)), id<BayId>((*rows)->integer(1))};
  }
  AccountId owner_of(BayId bay) override {
    const int64_t wanted = key(bay);
    auto rows = database_.query("SELECT owner FROM booking_bay WHERE bay=?1", wanted);
    return has_row(rows) ? id<AccountId>((*rows)->integer(0)) : AccountId{};
  }

  std::optional<SqlError> trouble;

 private:
  bool has_row(SqlResult<sqlite::Rows>& rows) {
    if (!rows.ok()) {
      trouble = rows.error();
      return false;
    }
    auto more = rows->next();
    if (!more.ok()) trouble = more.error();
    return more.ok() && *more;
  }

  Database& database_;
};

class Writer {
 public:
  Writer(Database& database, const CommittedRecord& record)
      : database_(database), record_(record), at_(ms(record.at)) {}

  SqlResult<Done> write(const StreamEvent& event) {
    auto done = std::visit(*this, event.event);
    if (!done.ok()) return done;
    TableContext context(database_);
    const std::vector<Notice> notices = notices_of(event, context);
    if (context.trouble) return Failure{*context.trouble};
    for (const Notice& notice : notices) {
      done = tell(notice);
      if (!done.ok()) return done;
    }
    return done;
  }

  SqlResult<Done> operator()(const BayDefined& event) { return bay(event.bay, event.info); }
  SqlResult<Done> operator()(const BayChanged& event) { return bay(event.bay, event.info); }
  SqlResult<Done> operator()(const BookingRequested& event) {
    return database_.run(
        "INSERT INTO booking(position, id, account, vehicle, bay, site, kind, phase, ended, start_ms, end_ms, "
        "slots_end_ms, made_ms, hold_minor, currency, energy_estimate_milliwh, changed_ms) "
        "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,0,?9,?10,?10,?11,?12,?13,?14,?11)",
        record_.position, key(event.booking), key(event.account), key(event.vehicle), key(event.bay),
        key(site_of(event.booking)), event.kind, BookingPhase::awaiting_funds, ms(event.span.start), ms(event.span.end),
        at_, event.hold.minor, event.hold.currency.text(), event.energy_estimate_milliwh);
  }
  SqlResult<Done> operator()(const BookingConfirmed& event) {
    return database_.run("UPDATE booking SET phase=?2, confirmed=1, changed_ms=?3 WHERE id=?1", key(event.booking),
                         BookingPhase::confirmed, at_);
  }
  SqlResult<Done> operator()(const BookingExtended& event) {
    return database_.run("UPDATE booking SET end_ms=?2, slots_end_ms=?2, hold_minor=?3, changed_ms=?4 WHERE id=?1",
                         key(event.booking), ms(event.end), event.hold.minor, at_);
  }
  SqlResult<Done> operator()(const BookingMoved& event) {
    return database_.run("UPDATE booking SET bay=?2, changed_ms=?3 WHERE id=?1", key(event.booking), key(event.to),
                         at_);
  }
  SqlResult<Done> operator()(const BookingLeft& event) {
    return database_.run("UPDATE booking SET slots_end_ms=min(slots_end_ms, ?2), changed_ms=?3 WHERE id=?1",
                         key(event.booking), ms(event.slots_end), at_);
  }
  SqlResult<Done> operator()(const BookingEnded& event) {
    const BookingPhase phase = event.end == BookingEnd::no_funds ? BookingPhase::closed : BookingPhase::settling;
    auto done = database_.run(
        "UPDATE booking SET phase=?2, ended=?3, slots_end_ms=min(slots_end_ms, ?4), charged_minor=?5, tax_minor=?6, "
        "owner_share_minor=?7, compensation_minor=?8, changed_ms=?9 WHERE id=?1",
        key(event.booking), phase, event.end, ms(event.slots_end), event.invoice.total.minor, event.invoice.tax.minor,
        event.owner_share.minor, event.compensation.minor, at_);
    if (!done.ok()) return done;
    std::string bytes;
    BinaryWriter(bytes).write(event.invoice);
    return database_.run("INSERT OR REPLACE INTO booking_invoice VALUES (?1,?2,?3,?4,?5)", key(event.booking), at_,
                         event.invoice.total.minor, event.invoice.currency.text(),
                         Blob(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
  }
  SqlResult<Done> operator()(const BookingSettled& event) {
    return database_.run("UPDATE booking SET phase=?2, changed_ms=?3 WHERE id=?1", key(event.booking),
                         BookingPhase::closed, at_);
  }
  SqlResult<Done> operator()(const VisitBegan& event) {
    const Visit& visit = event.visit;
    auto done =
        database_.run("INSERT INTO booking_visit VALUES (?1,?2,?3,?4,?5,?6,?7,NULL)", key(visit.id), key(visit.bay),
                      key(site_of(visit.id)), visit.kind, key(visit.booking), key(visit.account), ms(visit.began_at));
    if (!done.ok() || !visit.booking) return done;
    return database_.run("UPDATE booking SET phase=?2, visit=?3, changed_ms=?4 WHERE id=?1", key(visit.booking),
                         BookingPhase::active, key(visit.id), at_);
  }
  SqlResult<Done> operator()(const VisitEnded& event) {
    return database_.run("UPDATE booking_visit SET ended_ms=?2 WHERE id=?1", key(event.visit), ms(event.at));
  }
  template <class Other>
  SqlResult<Done> operator()(const Other&) {
    return Done{};
  }

 private:
  SqlResult<Done> bay(BayId bay, const BayInfo& info) {
    return database_.run("INSERT OR REPLACE INTO booking_bay VALUES (?1,?2,?3)", key(bay), key(info.owner), info.label);
  }
  SqlResult<Done> tell(const Notice& notice) {
    return database_.run("INSERT INTO booking_notice VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)",
                         key_in_record(record_.position, notices_++), at_, key(notice.account), key(notice.site),
                         notice.kind, key(notice.booking), key(notice.bay), key(notice.other_bay), key(notice.incident),
                         notice.amount.minor, notice.amount.currency.text());
  }

  Database& database_;
  const CommittedRecord& record_;
  const int64_t at_;
  uint32_t notices_ = 0;
};

}  // namespace

const char* BookingProjection::schema() const {
  return R"(
CREATE TABLE booking(
  position INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, account INTEGER NOT NULL, vehicle INTEGER NOT NULL,
  bay INTEGER NOT NULL, site INTEGER NOT NULL, kind INTEGER NOT NULL, phase INTEGER NOT NULL, ended INTEGER NOT NULL,
  confirmed INTEGER NOT NULL DEFAULT 0,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, slots_end_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL,
  hold_minor INTEGER NOT NULL, currency TEXT NOT NULL, energy_estimate_milliwh INTEGER NOT NULL,
  visit INTEGER NOT NULL DEFAULT 0, charged_minor INTEGER NOT NULL DEFAULT 0, tax_minor INTEGER NOT NULL DEFAULT 0,
  owner_share_minor INTEGER NOT NULL DEFAULT 0, compensation_minor INTEGER NOT NULL DEFAULT 0,
  changed_ms INTEGER NOT NULL) STRICT;
CREATE INDEX booking_by_account ON booking(account, position);
CREATE INDEX booking_by_site ON booking(site, position);
CREATE INDEX booking_by_bay ON booking(bay, start_ms);
CREATE TABLE booking_invoice(
  booking INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, total_minor INTEGER NOT NULL, currency TEXT NOT NULL,
  invoice BLOB NOT NULL) STRICT;
CREATE TABLE booking_visit(
  id INTEGER PRIMARY KEY, bay INTEGER NOT NULL, site INTEGER NOT NULL, kind INTEGER NOT NULL, booking INTEGER NOT NULL,
  account INTEGER NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER) STRICT;
CREATE INDEX booking_visit_by_site ON booking_visit(site, id);
CREATE TABLE booking_bay(bay INTEGER PRIMARY KEY, owner INTEGER NOT NULL, label TEXT NOT NULL) STRICT;
CREATE TABLE booking_notice(
  key INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, account INTEGER NOT NULL, site INTEGER NOT NULL,
  kind INTEGER NOT NULL, booking INTEGER NOT NULL, bay INTEGER NOT NULL, other_bay INTEGER NOT NULL,
  incident INTEGER NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL) STRICT;
CREATE INDEX booking_notice_by_account ON booking_notice(account, key);
)";
}

SqlResult<Done> BookingProjection::apply(Database& database, const CommittedRecord& record) {
  Writer writer(database, record);
  for (const StreamEvent& event : record.events) {
    auto done = writer.write(event);
    if (!done.ok()) return done;
  }
  return Done{};
}

}  // namespace bayward

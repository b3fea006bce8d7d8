#include "journal/projections/read_models.h"

#include <algorithm>

#include "base/binary.h"
#include "journal/projections/audit_search.h"
#include "journal/projections/ids.h"
#include "journal/projections/page.h"
#include "journal/projections/projection_store.h"
#include "journal/projections/read_rows.h"

namespace bayward {
namespace {

using namespace projections;
using sqlite::Database;
using sqlite::SqlResult;
using sqlite::Statement;

PageRequest newest_first(const ListQuery& query) {
  PageRequest request;
  request.items_max = query.items_max;
  if (query.before) request.after = static_cast<int64_t>(std::min<uint64_t>(*query.before, INT64_MAX));
  return request;
}

template <class Row>
ListPage<Row> list_page(Page<Row> page) {
  ListPage<Row> out{std::move(page.items), std::nullopt};
  if (page.next) out.next = static_cast<uint64_t>(*page.next);
  return out;
}

// Rows of `table` where `where` holds; its parameters are counted from ?3.
template <class Row, class... Args>
SqlResult<ListPage<Row>> list(Database& database, const ListQuery& query, Row (*read_row)(const Statement&),
                              const std::string& columns, const std::string& table, const std::string& key_column,
                              const std::string& where, const Args&... args) {
  const std::string sql = "SELECT " + columns + " FROM " + table + " WHERE " + key_column + "<?1 AND " + where +
                          " ORDER BY " + key_column + " DESC LIMIT ?2";
  auto page = read_page<Row>(database, newest_first(query), INT64_MAX, sql, read_row, args...);
  if (!page.ok()) return Failure{page.error()};
  return list_page(std::move(page).value());
}

template <class Row, class... Args>
SqlResult<std::vector<Row>> all(Database& database, Row (*read_row)(const Statement&), const std::string& sql,
                                const Args&... args) {
  std::vector<Row> found;
  auto rows = database.query(sql, args...);
  if (!rows.ok()) return Failure{rows.error()};
  while (true) {
    auto more = rows->next();
    if (!more.ok()) return Failure{more.error()};
    if (!*more) return found;
    found.push_back(read_row(**rows));
  }
}

template <class Row, class... Args>
SqlResult<std::optional<Row>> first(Database& database, Row (*read_row)(const Statement&), const std::string& sql,
                                    const Args&... args) {
  auto found = all(database, read_row, sql, args...);
  if (!found.ok()) return Failure{found.error()};
  if (found->empty()) return std::optional<Row>{};
  return std::optional<Row>{std::move(found->front())};
}

const std::string booking_tables = "booking LEFT JOIN booking_invoice ON booking_invoice.booking=booking.id";

core::Posting read_posting(const Statement& row) {
  return {static_cast<core::LedgerAccount>(row.integer(0)), row.integer(1)};
}

// One row of one number each.
SqlResult<int64_t> number(Database& database, const char* sql) {
  auto found = database.query_integer(sql);
  if (!found.ok()) return Failure{found.error()};
  return found->value_or(0);
}

// Two bookings of one bay overlap when the one that begins later (or as early, but was made later) begins before the
// other's slots end. Whether the calendar would have allowed it is not asked: this is what it is checked by.
constexpr const char* overlapping_pairs =
    "SELECT count(*) FROM booking a CROSS JOIN booking b INDEXED BY booking_by_bay "
    "ON b.bay=a.bay AND b.start_ms>=a.start_ms AND b.start_ms<a.slots_end_ms "
    "WHERE a.confirmed AND b.confirmed AND b.slots_end_ms>b.start_ms "
    "AND (b.start_ms>a.start_ms OR b.position>a.position)";

SqlResult<PlatformTotals> sum_up(Database& database) {
  PlatformTotals totals;
  std::optional<sqlite::SqlError> trouble;
  const auto ask = [&](auto& into, const char* sql) {
    auto found = number(database, sql);
    if (!found.ok()) {
      trouble = found.error();
    } else {
      into = static_cast<std::remove_reference_t<decltype(into)>>(*found);
    }
  };
  ask(totals.bookings, "SELECT sum(confirmed) FROM booking");
  ask(totals.visits, "SELECT count(*) FROM booking_visit");
  ask(totals.charging_sessions, "SELECT count(*) FROM charging");
  ask(totals.energy_milliwh, "SELECT sum(latest_milliwh-start_milliwh) FROM charging WHERE stopped_ms IS NOT NULL");
  ask(totals.billed_minor, "SELECT sum(total_minor) FROM booking_invoice");
  ask(totals.ledger_sum, "SELECT sum(minor) FROM ledger_posting");
  ask(totals.overlaps, overlapping_pairs);
  if (trouble) return Failure{*trouble};
  return totals;
}

}  // namespace

SqliteReadModels::SqliteReadModels(std::filesystem::path directory, ProjectionFollower& follower)
    : follower_(follower), pool_(projections_path(directory), "read a list") {}

Result<ListPage<BookingRow>> SqliteReadModels::bookings(const BookingFilter& filter, const ListQuery& query) {
  return pool_.read<ListPage<BookingRow>>([&](Database& database) {
    const char* where = filter.account ? "booking.account=?3 AND (?4=0 OR booking.site=?4)" : "booking.site=?4";
    return list(database, query, read_booking, booking_columns, booking_tables, "booking.position",
                where + std::string(" AND (?5 IS NULL OR booking.phase=?5)"), key(filter.account), key(filter.site),
                filter.phase);
  });
}

Result<std::optional<BookingRow>> SqliteReadModels::booking(BookingId booking) {
  return pool_.read<std::optional<BookingRow>>([&](Database& database) {
    return first(database, read_booking,
                 "SELECT " + std::string(booking_columns) + " FROM " + booking_tables + " WHERE booking.id=?1",
                 key(booking));
  });
}

Result<ListPage<SessionRow>> SqliteReadModels::sessions(SiteId site, const ListQuery& query) {
  return pool_.read<ListPage<SessionRow>>([&](Database& database) {
    return list(database, query, read_session, session_columns, "charging", "position", "site=?3", key(site));
  });
}

Result<std::vector<SessionRow>> SqliteReadModels::sessions_of(BookingId booking) {
  return pool_.read<std::vector<SessionRow>>([&](Database& database) {
    return all(database, read_session,
               "SELECT " + std::string(session_columns) + " FROM charging WHERE booking=?1 ORDER BY position",
               key(booking));
  });
}

Result<std::optional<SessionRow>> SqliteReadModels::session(SessionId session) {
  return pool_.read<std::optional<SessionRow>>([&](Database& database) {
    return first(database, read_session, "SELECT " + std::string(session_columns) + " FROM charging WHERE id=?1",
                 key(session));
  });
}

Result<ListPage<VisitRow>> SqliteReadModels::visits(SiteId site, const ListQuery& query) {
  return pool_.read<ListPage<VisitRow>>([&](Database& database) {
    return list(database, query, read_visit, visit_columns, "booking_visit", "id", "site=?3", key(site));
  });
}

Result<std::optional<InvoiceRow>> SqliteReadModels::invoice(BookingId booking) {
  return pool_.read<std::optional<InvoiceRow>>([&](Database& database) -> SqlResult<std::optional<InvoiceRow>> {
    auto rows = database.query("SELECT at_ms, invoice FROM booking_invoice WHERE booking=?1", key(booking));
    if (!rows.ok()) return Failure{rows.error()};
    auto more = rows->next();
    if (!more.ok()) return Failure{more.error()};
    if (!*more) return std::optional<InvoiceRow>{};
    const sqlite::Blob bytes = (*rows)->blob(1);
    auto invoice = from_binary<Invoice>({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (!invoice) {
      return Failure{sqlite::SqlError{SQLITE_CORRUPT, 0, "the invoice of " + to_text(booking) + " can't be read"}};
    }
    return std::optional(InvoiceRow{booking, from_unix_ms((*rows)->integer(0)), *std::move(invoice)});
  });
}

Result<ListPage<LedgerRow>> SqliteReadModels::ledger(AccountId account, const ListQuery& query) {
  struct Keyed {
    int64_t key = 0;
    LedgerRow row;
  };
  return pool_.read<ListPage<LedgerRow>>([&](Database& database) -> SqlResult<ListPage<LedgerRow>> {
    const auto read_keyed = +[](const Statement& row) { return Keyed{row.integer(0), read_ledger(row)}; };
    auto entries = list(database, query, read_keyed, ledger_columns, "ledger", "key", "account=?3", key(account));
    if (!entries.ok()) return Failure{entries.error()};
    ListPage<LedgerRow> page{{}, entries->next};
    for (Keyed& entry : entries->items) {
      auto postings = all(database, read_posting,
                          "SELECT account, minor FROM ledger_posting WHERE entry=?1 ORDER BY line", entry.key);
      if (!postings.ok()) return Failure{postings.error()};
      entry.row.entry.postings = std::move(postings).value();
      page.items.push_back(std::move(entry.row));
    }
    return page;
  });
}

Result<ListPage<IncidentRow>> SqliteReadModels::incidents(SiteId site, const ListQuery& query) {
  return pool_.read<ListPage<IncidentRow>>([&](Database& database) {
    return list(database, query, read_incident, incident_columns, "field_incident", "key", "site=?3 AND kind<>?4",
                key(site), core::IncidentKind::watch_list);
  });
}

Result<ListPage<NoticeRow>> SqliteReadModels::notices(AccountId account, const ListQuery& query) {
  return pool_.read<ListPage<NoticeRow>>([&](Database& database) {
    return list(database, query, read_notice, notice_columns, "booking_notice", "key", "account=?3", key(account));
  });
}

Result<ListPage<Position>> SqliteReadModels::audit(const AuditFilter& filter, const ListQuery& query) {
  return pool_.read<ListPage<Position>>([&](Database& database) { return search_audit(database, filter, query); });
}

Result<PlatformTotals> SqliteReadModels::totals() {
  return pool_.read<PlatformTotals>(sum_up);
}

std::optional<uint64_t> SqliteReadModels::lag_records() {
  const FollowerStatus status = follower_.status();
  if (!status.trouble.empty()) return std::nullopt;
  uint64_t most = 0;
  for (const ProjectionStatus& projection : status.projections) most = std::max(most, projection.lag_records);
  return most;
}

}  // namespace bayward

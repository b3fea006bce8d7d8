// The lists and sums of ports/read_models.h, read from the tables of the projections (tables.h).
//
// Any thread: each call has a connection of its own and sees one consistent state, as of the last batch the follower
// finished. Until the follower has made the tables for the first time every call fails, and says so.
#pragma once

#include <filesystem>

#include "journal/projections/follower.h"
#include "journal/sqlite/read_pool.h"
#include "ports/read_models.h"

namespace bayward {

class SqliteReadModels final : public ReadModels {
 public:
  // The follower is asked for the lag only; it outlives this.
  SqliteReadModels(std::filesystem::path directory, ProjectionFollower& follower);

  Result<ListPage<BookingRow>> bookings(const BookingFilter& filter, const ListQuery& query) override;
  Result<std::optional<BookingRow>> booking(BookingId booking) override;
  Result<ListPage<SessionRow>> sessions(SiteId site, const ListQuery& query) override;
  Result<std::vector<SessionRow>> sessions_of(BookingId booking) override;
  Result<std::optional<SessionRow>> session(SessionId session) override;
  Result<ListPage<VisitRow>> visits(SiteId site, const ListQuery& query) override;
  Result<std::optional<InvoiceRow>> invoice(BookingId booking) override;
  Result<ListPage<LedgerRow>> ledger(AccountId account, const ListQuery& query) override;
  Result<ListPage<IncidentRow>> incidents(SiteId site, const ListQuery& query) override;
  Result<ListPage<NoticeRow>> notices(AccountId account, const ListQuery& query) override;
  Result<ListPage<Position>> audit(const AuditFilter& filter, const ListQuery& query) override;
  Result<PlatformTotals> totals() override;
  std::optional<uint64_t> lag_records() override;

 private:
  ProjectionFollower& follower_;
  sqlite::ReadPool pool_;
};

}  // namespace bayward

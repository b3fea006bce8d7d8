// Fakes for the API's tests: lists kept in vectors, and stations that a test makes up.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "ports/fleet.h"
#include "ports/read_models.h"
#include "ports/station_link.h"

namespace bayward::api {

class FakeLists final : public ReadModels {
 public:
  std::vector<BookingRow> booking_rows;
  std::vector<SessionRow> session_rows;
  std::vector<VisitRow> visit_rows;
  std::vector<InvoiceRow> invoice_rows;
  std::vector<LedgerRow> ledger_rows;
  std::vector<IncidentRow> incident_rows;
  std::vector<NoticeRow> notice_rows;
  std::vector<Position> audit_rows;
  AuditFilter audit_asked;
  PlatformTotals sums;

  Result<ListPage<BookingRow>> bookings(const BookingFilter& filter, const ListQuery& query) override {
    std::vector<BookingRow> found;
    for (const BookingRow& row : booking_rows) {
      const bool fits = (!filter.account || row.booking.account == filter.account) &&
                        (!filter.site || site_of(row.booking.id) == filter.site) &&
                        (!filter.phase || row.booking.phase == *filter.phase);
      if (fits) found.push_back(row);
    }
    return page(std::move(found), query);
  }
  Result<std::optional<BookingRow>> booking(BookingId booking) override {
    for (const BookingRow& row : booking_rows) {
      if (row.booking.id == booking) return std::optional(row);
    }
    return std::optional<BookingRow>{};
  }
  Result<ListPage<SessionRow>> sessions(SiteId, const ListQuery& query) override { return page(session_rows, query); }
  Result<std::vector<SessionRow>> sessions_of(BookingId) override { return session_rows; }
  Result<std::optional<SessionRow>> session(SessionId session) override {
    for (const SessionRow& row : session_rows) {
      if (row.session == session) return std::optional(row);
    }
    return std::optional<SessionRow>{};
  }
  Result<ListPage<VisitRow>> visits(SiteId, const ListQuery& query) override { return page(visit_rows, query); }
  Result<std::optional<InvoiceRow>> invoice(BookingId booking) override {
    for (const InvoiceRow& row : invoice_rows) {
      if (row.booking == booking) return std::optional(row);
    }
    return std::optional<InvoiceRow>{};
  }
  Result<ListPage<LedgerRow>> ledger(AccountId, const ListQuery& query) override { return page(ledger_rows, query); }
  Result<ListPage<IncidentRow>> incidents(SiteId, const ListQuery& query) override {
    return page(incident_rows, query);
  }
  Result<ListPage<NoticeRow>> notices(AccountId, const ListQuery& query) override { return page(notice_rows, query); }
  Result<ListPage<Position>> audit(const AuditFilter& filter, const ListQuery& query) override {
    audit_asked = filter;
    return page(audit_rows, query);
  }
  Result<PlatformTotals> totals() override { return sums; }
  std::optional<uint64_t> lag_records() override { return 0; }

 private:
  // The fake's cursor is how many items were shown.
  template <class T>
  static Result<ListPage<T>> page(std::vector<T> rows, const ListQuery& query) {
    ListPage<T> out;
    const size_t from = std::min<size_t>(query.before.value_or(0), rows.size());
    const size_t to = std::min(from + query.items_max, rows.size());
    out.items.assign(rows.begin() + static_cast<ptrdiff_t>(from), rows.begin() + static_cast<ptrdiff_t>(to));
    if (to < rows.size()) out.next = to;
    return out;
  }
};

class FakeStations final : public StationDesk {
 public:
  void ask_site(core::Command, std::string, std::function<void(Outcome)> answer) override {
    answer(Failure{core::Refusal::site_offline});
  }
  std::vector<PendingStation> waiting;

  void list(std::function<void(std::vector<StationStatus>)> answer) override { answer({}); }
  void pending(std::function<void(std::vector<PendingStation>)> answer) override { answer(waiting); }
  void order(StationId, StationOrder order, std::function<void(StationAnswer)> answer) override {
    ordered.push_back(std::move(order));
    answer({StationAnswer::Kind::answered, "Accepted", {}, "{\"status\":\"Accepted\"}"});
  }
  std::vector<StationOrder> ordered;
  StationCounters counters() const override { return {}; }
  void reports(StationId, std::function<void(std::vector<StationReport>)> answer) override {
    answer({{7, "NotifyReport", true, 0, {}, {"{\"seqNo\":0}"}}});
  }
  void messages(StationId, MessageQuery query, std::function<void(StationMessages)> answer) override {
    asked = std::move(query);
    answer({{{7, {}, false, StationMessage::Kind::call, "m1", "Heartbeat", "{}", 24},
             {8, {}, true, StationMessage::Kind::unreadable, "", "", "", 5000}},
            9});
  }
  MessageQuery asked;
  void security(StationId, std::function<void(Result<StationSecurity>)> answer) override { answer(kept); }
  void set_security(StationId, SecurityChange change, std::function<void(Result<StationSecurity>)> answer) override {
    kept.profile = change.profile.value_or(kept.profile);
    answer(kept);
  }
  std::string authority_roots() const override { return "roots"; }

  StationSecurity kept;
};

// Keeps what it is told; campaign and set 1 are there.
class FakeFleet final : public FleetDesk {
 public:
  void campaigns(std::function<void(std::vector<CampaignCount>)> answer) override {
    answer({{campaign_one(), {{CampaignStep::installed, 1}}}});
  }
  void campaign(uint64_t number, std::function<void(std::optional<Campaign>)> answer) override {
    answer(number == 1 ? std::optional(campaign_one()) : std::nullopt);
  }
  void begin_campaign(CampaignPlan wanted, AccountId, std::function<void(Result<Campaign>)> answer) override {
    if (wanted.group.vendor == "Nobody") return answer(fail("no station fits"));
    plan = std::move(wanted);
    answer(campaign_one());
  }
  void order_campaign(uint64_t number, CampaignOrder order,
                      std::function<void(Result<std::optional<Campaign>>)> answer) override {
    if (number != 1) return answer(std::optional<Campaign>());
    ordered.push_back(order);
    answer(std::optional(campaign_one()));
  }
  void setting_sets(std::function<void(std::vector<SettingSet>)> answer) override { answer({set}); }
  void put_setting_set(SettingSet wanted, std::function<void(Result<std::optional<SettingSet>>)> answer) override {
    if (wanted.number > 1) return answer(std::optional<SettingSet>());
    if (wanted.settings.empty()) return answer(fail("settings are expected"));
    set = std::move(wanted);
    set.number = 1;
    answer(std::optional(set));
  }
  void remove_setting_set(uint64_t number, AccountId, std::function<void(Result<bool>)> answer) override {
    answer(number == 1);
  }
  void standing(uint64_t number, std::function<void(std::optional<std::vector<StationStanding>>)> answer) override {
    if (number != 1) return answer(std::nullopt);
    answer(
        std::vector<StationStanding>{{StationId{1}, "CP-1", from_unix_s(1), "", {{1, "A.B", "1", "2", "Rejected"}}}});
  }
  void compare_now(uint64_t number, AccountId, std::function<void(std::optional<size_t>)> answer) override {
    answer(number == 1 ? std::optional<size_t>(3) : std::nullopt);
  }

  CampaignPlan plan;
  std::vector<CampaignOrder> ordered;
  SettingSet set;

 private:
  Campaign campaign_one() const {
    Campaign out;
    out.number = 1;
    out.plan = plan;
    out.stations.emplace_back().station = StationId{1};
    return out;
  }
};

}  // namespace bayward::api

#include "api/handlers/lists.h"

#include "api/live/live_index.h"
#include "api/views/views.h"

namespace bayward::api {

using namespace core;

void write(JsonOut& out, const Call& call, const BookingRow& row) {
  const auto bay = call.services().live.known_bay(row.booking.bay);
  write(out, BookingView{row.booking, bay ? bay->label : std::string(), {}});
}

void write(JsonOut& out, const Call&, const SessionRow& row) {
  out.object().field("session", row.session).field("station", row.station).field("evse", row.evse);
  out.field("bay", row.bay).field("booking", row.booking).field("account", row.account);
  out.field("started_at", row.started_at).field("stopped_at", row.stopped_at);
  out.field("open", !row.stopped_at.has_value()).field("energy_wh", WattHours{row.energy_milliwh});
  out.field("register_defect", row.register_defect).end();
}

void write(JsonOut& out, const Call& call, const VisitRow& row) {
  const auto bay = call.services().live.known_bay(row.visit.bay);
  out.object().field("visit", row.visit.id).field("kind", to_text(row.visit.kind)).field("bay", row.visit.bay);
  out.field("label", bay ? bay->label : std::string()).field("booking", row.visit.booking);
  out.field("account", row.visit.account).field("began_at", row.visit.began_at).field("ended_at", row.ended_at).end();
}

void write(JsonOut& out, const Call&, const LedgerRow& row) {
  out.object().field("at", row.at).field("kind", row.entry.kind).field("booking", row.entry.booking);
  out.field("reference", row.entry.reference).name("postings").array();
  for (const Posting& posting : row.entry.postings) {
    out.object().field("account", posting.account).field("amount", Money{posting.minor, row.entry.currency}).end();
  }
  out.end().end();
}

void write(JsonOut& out, const Call&, const IncidentRow& row) {
  out.object().field("incident", row.incident.id).field("kind", row.incident.kind).field("bay", row.incident.bay);
  out.field("booking", row.incident.booking).field("vehicle_recognised", bool(row.incident.vehicle));
  out.field("opened_at", row.incident.opened_at).field("closed_at", row.closed_at);
  out.field("severity", to_text(row.incident.severity)).field("ended", to_text(row.incident.end));
  out.field("acknowledged_at", row.acknowledged_at).field("acknowledged_by", row.incident.acknowledged_by);
  out.field("assigned_to", row.incident.assigned_to).field("suppressed", row.incident.suppressed).end();
}

void write(JsonOut& out, const Notice& notice) {
  out.field("notice", notice.kind).field("site", notice.site).field("booking", notice.booking);
  out.field("bay", notice.bay).field("other_bay", notice.other_bay).field("incident", notice.incident).name("amount");
  notice.amount.currency == Currency{} ? out.null() : out.value(notice.amount);
}

void write(JsonOut& out, const Call&, const NoticeRow& row) {
  out.object().field("at", row.at);
  write(out, row.notice);
  out.end();
}

void list_bookings(const CallPtr& call, ReadModels::BookingFilter filter) {
  if (const auto wanted = call->request().parameter("phase")) {
    for (int phase = 0; phase <= static_cast<int>(BookingPhase::closed); ++phase) {
      if (to_text(static_cast<BookingPhase>(phase)) == *wanted) filter.phase = static_cast<BookingPhase>(phase);
    }
    if (!filter.phase) {
      return call->refuse(Trouble::bad_field, {"`phase` must be awaiting_funds, confirmed, active, settling or closed.",
                                               "phase必须为awaiting_funds、confirmed、active、settling或closed。"});
    }
  }
  list(call, [filter](ReadModels& lists, const ListQuery& query) { return lists.bookings(filter, query); });
}

}  // namespace bayward::api

// Lists from the projections: page in, page out, on a worker.
#pragma once

#include "api/call.h"
#include "ports/read_models.h"

namespace bayward::api {

void write(JsonOut& out, const Call& call, const BookingRow& row);
void write(JsonOut& out, const Call& call, const SessionRow& row);
void write(JsonOut& out, const Call& call, const VisitRow& row);
void write(JsonOut& out, const Call& call, const LedgerRow& row);
void write(JsonOut& out, const Call& call, const IncidentRow& row);
void write(JsonOut& out, const Call& call, const NoticeRow& row);
void write(JsonOut& out, const Notice& notice);

// `read` (ReadModels&, const ListQuery&) -> Result<ListPage<Row>>.
template <class Read>
void list(const CallPtr& call, Read read) {
  const auto page = page_of(call);
  if (!page) return;
  call->on_worker([call, page = *page, read = std::move(read)] {
    auto rows = read(call->services().lists, ListQuery{page.limit, page.after});
    if (!rows) return call->unavailable("list", rows.error());
    JsonOut out;
    out.object().name("items").array();
    for (const auto& row : rows->items) write(out, *call, row);
    out.end();
    write_next(out, rows->next);
    call->reply(200, std::move(out.end()));
  });
}

// With ?phase=.
void list_bookings(const CallPtr& call, ReadModels::BookingFilter filter);

}  // namespace bayward::api

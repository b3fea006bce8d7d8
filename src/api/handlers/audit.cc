// The journal as the operator searches it: who did what when, with the events as they stand there. Newest first; the
// index says which records (ports/read_models.h), the journal what is in them.
#include <optional>

#include "api/handlers/handlers.h"
#include "base/json_text.h"
#include "core/event.h"

namespace bayward::api {

using namespace core;

namespace {

std::string_view to_text(Actor::Kind kind) {
  switch (kind) {
    case Actor::Kind::system:
      return "system";
    case Actor::Kind::person:
      return "person";
    case Actor::Kind::staff:
      return "staff";
    case Actor::Kind::station:
      return "station";
  }
  return "system";
}

std::optional<Actor::Kind> kind_in(std::string_view text) {
  for (const auto kind : {Actor::Kind::system, Actor::Kind::person, Actor::Kind::staff, Actor::Kind::station}) {
    if (text == to_text(kind)) return kind;
  }
  return std::nullopt;
}

void write(JsonOut& out, const CommittedRecord& record) {
  out.object()
      .field("position", record.position)
      .field("at", record.at)
      .field("actor_kind", to_text(record.actor.kind));
  out.field("actor", record.actor.account).field("command", record.command).name("events").array();
  for (const StreamEvent& event : record.events) {
    out.object().field("stream", to_text(event.stream)).field("sequence", event.sequence);
    out.field("event", event_name(event.event)).name("data").raw(to_json_text(event.event)).end();
  }
  out.end().end();
}

Status write(JsonOut& out, const CommittedHistory& history, Position position) {
  return history(position - 1, [&out](const CommittedRecord& record) {
    write(out, record);
    return false;
  });
}

}  // namespace

void search_audit(const CallPtr& call) {
  const auto page = page_of(call);
  if (!page) return;
  AuditFilter filter;
  filter.stream = call->request().parameter("stream").value_or("");
  filter.word = call->request().parameter("word").value_or("");
  if (!time_parameter(call, "from", filter.from) || !time_parameter(call, "to", filter.to)) return;
  const auto actor = call->request().parameter("actor").value_or("");
  if (!actor.empty()) {
    const auto id = parse_id<AccountId>(actor);
    if (!id) {
      return call->refuse(Trouble::bad_field,
                          {"?actor= must be an account such as acc-2a.", "?actor=必须是账户编号，例如acc-2a。"});
    }
    filter.actor = *id;
  }
  const auto kind = call->request().parameter("kind").value_or("");
  if (!kind.empty()) {
    filter.kind = kind_in(kind);
    if (!filter.kind) {
      return call->refuse(Trouble::bad_field, {"?kind= must be system, person, staff or station.",
                                               "?kind=必须是system、person、staff或station。"});
    }
  }
  call->on_worker([call, page = *page, filter] {
    const auto found = call->services().lists.audit(filter, ListQuery{page.limit, page.after});
    if (!found) return call->unavailable("list", found.error());
    JsonOut out;
    out.object().name("items").array();
    for (const Position position : found->items) {
      const Status written = write(out, call->services().history, position);
      if (!written) return call->unavailable("journal", written.error());
    }
    out.end();
    write_next(out, found->next);
    call->reply(200, std::move(out.end()));
  });
}

}  // namespace bayward::api

// The journal as the operator searches it: who did what when, with the events as they stand there. Newest first; one
// page looks at a bounded number of records and says where the next goes on.
#include <algorithm>
#include <optional>

#include "api/handlers/handlers.h"
#include "base/json_text.h"
#include "base/limits.h"
#include "core/event.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr Position chunk_records = 1000;

struct Filter {
  std::string stream;  // empty: any
  AccountId actor;     // none: anybody
  std::string word;    // of a command or event
  std::optional<Instant> from, to;
};

bool wanted(const CommittedRecord& record, const Filter& filter) {
  if (filter.actor && record.actor.account != filter.actor) return false;
  if ((filter.from && record.at < *filter.from) || (filter.to && record.at >= *filter.to)) return false;
  bool stream = filter.stream.empty();
  bool word = filter.word.empty() || record.command == filter.word;
  for (const StreamEvent& event : record.events) {
    stream = stream || to_text(event.stream) == filter.stream;
    word = word || event_name(event.event) == filter.word;
  }
  return stream && word;
}

std::string_view kind_of(const Actor& actor) {
  switch (actor.kind) {
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

void write(JsonOut& out, const CommittedRecord& record) {
  out.object().field("position", record.position).field("at", record.at).field("actor_kind", kind_of(record.actor));
  out.field("actor", record.actor.account).field("command", record.command).name("events").array();
  for (const StreamEvent& event : record.events) {
    out.object().field("stream", to_text(event.stream)).field("sequence", event.sequence);
    out.field("event", event_name(event.event)).name("data").raw(to_json_text(event.event)).end();
  }
  out.end().end();
}

struct Found {
  std::vector<CommittedRecord> records;  // newest first
  std::optional<Position> next;          // records before it have not been looked at
};

// Reads backwards by chunks, each of which is read forwards.
Result<Found> search_journal(const CommittedHistory& history, const Filter& filter, Position before, size_t limit) {
  Found found;
  const Position lowest = before > limits::audit_scan_records ? before - limits::audit_scan_records : 1;
  while (before > lowest && found.records.size() < limit) {
    const Position first = before > lowest + chunk_records ? before - chunk_records : lowest;
    std::vector<CommittedRecord> chunk;
    bool too_old = false;
    const Status read = history(first - 1, [&](const CommittedRecord& record) {
      if (record.position >= before) return false;
      if (record.position == first && filter.from && record.at < *filter.from) too_old = true;
      if (wanted(record, filter)) chunk.push_back(record);
      return true;
    });
    if (!read) return Failure{read.error()};
    for (; !chunk.empty() && found.records.size() < limit; chunk.pop_back()) {
      found.records.push_back(std::move(chunk.back()));
    }
    before = chunk.empty() ? first : found.records.back().position;
    if (too_old && chunk.empty()) return found;
  }
  if (before > 1) found.next = before;
  return found;
}

}  // namespace

void search_audit(const CallPtr& call) {
  const auto page = page_of(call);
  if (!page) return;
  Filter filter;
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
  call->on_worker([call, page = *page, filter] {
    const Position newest = call->services().health().journal_position;
    const Position before = page.after.value_or(newest + 1);
    const auto found = search_journal(call->services().history, filter, std::min(before, newest + 1), page.limit);
    if (!found) return call->unavailable("journal", found.error());
    JsonOut out;
    out.object().name("items").array();
    for (const CommittedRecord& record : found->records) write(out, record);
    out.end();
    write_next(out, found->next);
    call->reply(200, std::move(out.end()));
  });
}

}  // namespace bayward::api

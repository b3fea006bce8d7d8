// The property office: standing orders, hand-over between shifts, and the report about a period.
//
// Nothing here knows of hits of the watch list (B5).
#include <algorithm>
#include <charconv>

#include "api/handlers/handlers.h"
#include "api/handlers/people.h"
#include "api/live/live_index.h"
#include "api/report/incident_report.h"
#include "base/limits.h"

namespace bayward::api {

using namespace core;

namespace {

constexpr size_t order_lines_max = 24;
constexpr size_t order_line_bytes = 500;
constexpr size_t note_chars_max = 1000;
constexpr Duration report_max = 366 * 24h;

// One step a line, in the language's list.
std::string steps_in(Fields& in, std::string_view name) {
  std::string out;
  for (const auto& element : in.array(name, order_lines_max)) {
    const auto* line = element.if_string();
    const bool plain = line && !line->empty() && line->size() <= order_line_bytes &&
                       std::all_of(line->begin(), line->end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
    if (!plain) {
      in.refuse(name, "must be a list of steps, each a line of 1 to 500 bytes", "必须是步骤列表，每步一行，1至500字节");
      return {};
    }
    if (!out.empty()) out += '\n';
    out.append(line->data(), line->size());
  }
  if (out.size() > limits::standing_order_bytes) {
    in.refuse(name, "is too long: at most 4000 bytes together", "过长：总计最多4000字节");
  }
  return out;
}

void write_steps(JsonOut& out, std::string_view name, std::string_view lines) {
  out.name(name).array();
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    out.value(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  out.end();
}

uint64_t note_item(SiteId site, uint32_t number) {
  return (site.value << 32) | number;
}

struct Shifts {
  std::vector<Shift> shifts;
  std::vector<Incident> open;
};

void write(JsonOut& out, const CallPtr& call, SiteId site, const Shift& shift) {
  out.object().field("number", int64_t{shift.number}).field("from", shift.from).field("to", shift.to);
  out.field("from_name", personal(call, {shift.from, VaultKind::name, 0}));
  out.field("to_name", personal(call, {shift.to, VaultKind::name, 0}));
  out.field("offered_at", shift.offered_at).name("taken_at");
  shift.taken() ? out.value(shift.taken_at) : out.null();
  out.field("note", personal(call, {shift.from, VaultKind::shift_note, note_item(site, shift.number)}));
  out.field("open_count", int64_t{shift.open_count}).name("open").array();
  for (const IncidentId id : shift.open) out.value(id);
  out.end().end();
}

// What is open now and what happened since the last hand-over. On a worker.
void answer_shifts(const CallPtr& call, SiteId site, const Shifts& seen) {
  const auto taken =
      std::find_if(seen.shifts.rbegin(), seen.shifts.rend(), [](const Shift& one) { return one.taken(); });
  const Instant now = call->services().clock.now();
  const bool somebody = taken != seen.shifts.rend();
  const Instant since = somebody ? taken->taken_at : now - 24h;
  const auto report = report_of(call->services().lists, site, {since, now});
  if (!report) return call->unavailable("incidents", report.error());
  JsonOut out;
  out.object().field("on_duty", somebody ? taken->to : AccountId{}).field("since", since);
  out.field("opened", report->all.count).field("closed", report->all.closed.count);
  out.field("false_alarms", report->all.false_alarms).name("open").array();
  for (const Incident& incident : seen.open) {
    const auto bay = call->services().live.known_bay(incident.bay);
    out.object().field("incident", incident.id).field("kind", incident.kind).field("bay", incident.bay);
    out.field("bay_label", bay ? bay->label : std::string()).field("opened_at", incident.opened_at);
    out.field("severity", to_text(incident.severity)).field("acknowledged_by", incident.acknowledged_by);
    out.field("assigned_to", incident.assigned_to).end();
  }
  out.end().name("items").array();
  for (auto shift = seen.shifts.rbegin(); shift != seen.shifts.rend(); ++shift) write(out, call, site, *shift);
  out.end();
  write_next(out, std::nullopt);
  call->reply(200, std::move(out.end()));
}

std::optional<uint32_t> number_in(std::string_view text) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void write(JsonOut& out, const StandingOrder& order) {
  out.object();
  write_steps(out, "zh", order.chinese);
  write_steps(out, "en", order.english);
  out.end();
}

void list_standing_orders(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  using Orders = std::map<IncidentKind, StandingOrder>;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<Orders> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        return site->standing_orders;
      },
      [](Call& answer, const Orders& orders) {
        JsonOut out;
        out.object().name("items").array();
        for (const auto& [kind, order] : orders) {
          out.object().field("kind", to_text(kind)).name("order");
          write(out, order);
          out.end();
        }
        out.end();
        write_next(out, std::nullopt);
        answer.reply(200, std::move(out.end()));
      });
}

void set_standing_order(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  const auto kind = parse_incident_kind(call->parameter(1));
  if (!kind || *kind == IncidentKind::watch_list) return call->refuse(Refusal::unknown_thing);
  Body body(call->request().body);
  Fields in = body.fields();
  StandingOrder order;
  order.chinese = steps_in(in, "zh");
  order.english = steps_in(in, "en");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*id), SetStandingOrder{*id, *kind, order},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void list_shifts(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  ask(
      call,
      [id = *id](const State& state, Instant) -> Seen<Shifts> {
        const Site* site = state.site(id);
        if (!site) return Failure{Refusal::unknown_site};
        Shifts seen{site->shifts, {}};
        site->incidents.for_each([&](const Incident& incident) {
          const bool shown = !incident.over() && incident.kind != IncidentKind::watch_list;
          if (shown && seen.open.size() < limits::shift_incidents) seen.open.push_back(incident);
        });
        return seen;
      },
      [id = *id](Call& answer, const Shifts& seen) {
        answer.services().workers.finish(
            [call = answer.shared_from_this(), id, seen] { answer_shifts(call, id, seen); });
      });
}

void offer_shift(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  Body body(call->request().body);
  Fields in = body.fields();
  const auto to = in.id<AccountId>("to");
  const std::string note = in.maybe_text("note", 1, note_chars_max).value_or("");
  in.finish();
  if (call->refused_by(body)) return;
  submit(call, call->actor_at(*id), OfferShift{*id, to}, [id = *id, note](Call& answer, const Accepted& accepted) {
    answer.services().workers.finish(
        [call = answer.shared_from_this(), id, note, number = static_cast<uint32_t>(accepted.subject)] {
          if (!note.empty()) {
            const VaultKey key{call->account(), VaultKind::shift_note, note_item(id, number)};
            if (const auto put = call->services().vault.put({key, note, {}}); !put) {
              return call->unavailable("shift note", put.error());
            }
          }
          JsonOut out;
          call->reply(201, std::move(out.object().field("number", int64_t{number}).end()));
        });
  });
}

void take_shift(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  if (!id) return;
  const auto number = number_in(call->parameter(1));
  if (!number) return call->refuse(Refusal::unknown_thing);
  submit(call, call->actor_at(*id), TakeShift{*id, *number},
         [](Call& answer, const Accepted&) { answer.no_content(); });
}

void show_incident_report(const CallPtr& call) {
  const auto id = path_id<SiteId>(call, 0, Refusal::unknown_site);
  std::optional<Instant> from, to;
  if (!id || !time_parameter(call, "from", from) || !time_parameter(call, "to", to)) return;
  const Interval period{from.value_or(Instant{}), to.value_or(call->services().clock.now())};
  if (!from || period.empty() || period.length() > report_max) {
    return call->refuse(Trouble::bad_field,
                        {"?from= is needed, and the report is about at most 366 days that have begun before ?to=.",
                         "必须给出?from=，且报表区间须早于?to=并不超过366天。"});
  }
  const std::string format(call->request().parameter("format").value_or("json"));
  if (format != "json" && format != "csv") {
    return call->refuse(Trouble::bad_field, {"?format= must be json or csv.", "?format=必须为json或csv。"});
  }
  call->on_worker([call, id = *id, period, csv = format == "csv"] {
    const auto report = report_of(call->services().lists, id, period);
    if (!report) return call->unavailable("incidents", report.error());
    const auto label = [&](BayId bay) {
      const auto known = call->services().live.known_bay(bay);
      return known ? known->label : std::string();
    };
    if (!csv) {
      JsonOut out;
      write(out, *report, label);
      return call->reply(200, std::move(out));
    }
    HttpResponse response;
    response.content_type = "text/csv; charset=utf-8";
    response.headers.add("Cache-Control", "no-store");
    response.headers.add("Content-Disposition", "attachment; filename=\"incidents.csv\"");
    response.body = to_csv(*report, label);
    call->reply(std::move(response));
  });
}

}  // namespace bayward::api

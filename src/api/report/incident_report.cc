#include "api/report/incident_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "base/limits.h"

namespace bayward::api {
namespace {

using core::IncidentEnd;

// What figures are made of, as they are collected.
struct Heap {
  size_t count = 0;
  size_t false_alarms = 0;
  size_t suppressed = 0;
  std::vector<int64_t> acknowledged_s;
  std::vector<int64_t> closed_s;

  void add(const IncidentRow& row) {
    const Instant opened = row.incident.opened_at;
    const auto seconds = [&](Instant at) {
      return std::max<int64_t>(0, std::chrono::floor<std::chrono::seconds>(at - opened).count());
    };
    ++count;
    false_alarms += row.incident.end == IncidentEnd::false_alarm ? 1 : 0;
    suppressed += row.incident.suppressed ? 1 : 0;
    if (row.acknowledged_at) acknowledged_s.push_back(seconds(*row.acknowledged_at));
    if (row.closed_at) closed_s.push_back(seconds(*row.closed_at));
  }
};

// The nearest rank: the smallest value that so many of a hundred don't exceed.
int64_t percentile(const std::vector<int64_t>& sorted, size_t percent) {
  return sorted.empty() ? 0 : sorted[(sorted.size() * percent + 99) / 100 - 1];
}

Times times_of(std::vector<int64_t> seconds) {
  std::sort(seconds.begin(), seconds.end());
  return {seconds.size(), percentile(seconds, 50), percentile(seconds, 90)};
}

IncidentFigures figures_of(const Heap& heap) {
  return {heap.count, heap.false_alarms, heap.suppressed, times_of(heap.acknowledged_s), times_of(heap.closed_s)};
}

void write(JsonOut& out, std::string_view name, const Times& times) {
  out.name(name).object().field("count", times.count).name("median_s");
  times.count == 0 ? out.null() : out.value(times.median_s);
  out.name("p90_s");
  times.count == 0 ? out.null() : out.value(times.p90_s);
  out.end();
}

void write_figures(JsonOut& out, const IncidentFigures& figures) {
  out.field("count", figures.count).field("false_alarms", figures.false_alarms);
  out.field("suppressed", figures.suppressed);
  write(out, "acknowledged", figures.acknowledged);
  write(out, "closed", figures.closed);
}

std::string cell(std::string_view text) {
  std::string safe(text);
  constexpr std::string_view formula = "=+-@\t\r";
  if (!safe.empty() && formula.find(safe.front()) != std::string_view::npos) safe.insert(0, 1, '\'');
  if (safe.find_first_of(",;\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

void add_row(std::string& out, std::string_view group, std::string_view what, const IncidentFigures& figures) {
  out += cell(group) + "," + cell(what);
  for (const size_t number : {figures.count, figures.false_alarms, figures.suppressed}) {
    out += "," + std::to_string(number);
  }
  for (const Times& times : {figures.acknowledged, figures.closed}) {
    out += "," + std::to_string(times.count);
    out += times.count == 0 ? ",," : "," + std::to_string(times.median_s) + "," + std::to_string(times.p90_s);
  }
  out += "\r\n";
}

}  // namespace

IncidentReport make_report(Interval period, std::span<const IncidentRow> rows) {
  Heap all;
  std::map<core::IncidentKind, Heap> by_kind;
  std::map<BayId, Heap> by_bay;
  for (const IncidentRow& row : rows) {
    if (row.incident.opened_at < period.start || row.incident.opened_at >= period.end) continue;
    all.add(row);
    by_kind[row.incident.kind].add(row);
    if (row.incident.bay) by_bay[row.incident.bay].add(row);
  }
  IncidentReport report;
  report.period = period;
  report.all = figures_of(all);
  for (const auto& [kind, heap] : by_kind) report.by_kind[kind] = figures_of(heap);
  for (const auto& [bay, heap] : by_bay) report.by_bay[bay] = figures_of(heap);
  return report;
}

// The list is in the order in which they were opened, newest first.
Result<IncidentReport> report_of(ReadModels& lists, SiteId site, Interval period) {
  std::vector<IncidentRow> rows;
  ListQuery query{limits::page_items, std::nullopt};
  bool more = true;
  while (more && rows.size() < limits::report_incidents) {
    auto page = lists.incidents(site, query);
    if (!page) return Failure{page.error()};
    const bool reached = !page->items.empty() && page->items.back().incident.opened_at < period.start;
    query.before = page->next;
    more = page->next.has_value() && !reached;
    std::move(page->items.begin(), page->items.end(), std::back_inserter(rows));
  }
  IncidentReport report = make_report(period, rows);
  report.complete = !more;
  return report;
}

void write(JsonOut& out, const IncidentReport& report, const LabelOf& label) {
  out.object().field("from", report.period.start).field("to", report.period.end).field("complete", report.complete);
  out.name("all").object();
  write_figures(out, report.all);
  out.end().name("by_kind").array();
  for (const auto& [kind, figures] : report.by_kind) {
    out.object().field("kind", core::to_text(kind));
    write_figures(out, figures);
    out.end();
  }
  out.end().name("by_bay").array();
  for (const auto& [bay, figures] : report.by_bay) {
    out.object().field("bay", bay).field("label", label(bay));
    write_figures(out, figures);
    out.end();
  }
  out.end().end();
}

std::string to_csv(const IncidentReport& report, const LabelOf& label) {
  std::string out =
      "\xEF\xBB\xBFgroup,what,count,false_alarms,suppressed,acknowledged,acknowledged_median_s,acknowledged_p90_s,"
      "closed,"
      "closed_median_s,closed_p90_s\r\n";
  add_row(out, "all", "", report.all);
  for (const auto& [kind, figures] : report.by_kind) add_row(out, "kind", core::to_text(kind), figures);
  for (const auto& [bay, figures] : report.by_bay) add_row(out, "bay", label(bay), figures);
  return out;
}

}  // namespace bayward::api

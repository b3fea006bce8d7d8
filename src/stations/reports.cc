#include "stations/reports.h"

#include <algorithm>

#include "base/limits.h"

namespace bayward::stations {

void Reports::expect(int64_t request, Instant now) {
  reports_.remove_if([request](const Report& known) { return known.request == request; });
  if (reports_.size() >= limits::station_reports) reports_.pop_front();
  Report& report = reports_.emplace_back();
  report.request = request;
  report.at = now;
}

bool Reports::take(ReportPart part, Instant now) {
  const auto known =
      std::find_if(reports_.begin(), reports_.end(), [&](const Report& one) { return one.request == part.request; });
  const auto most = static_cast<int64_t>(limits::station_report_variables);
  if (known == reports_.end() || (part.number && (*part.number < 0 || *part.number > most))) return false;
  Report& report = *known;
  report.action = part.action;
  report.at = now;
  const int64_t number = part.number.value_or(static_cast<int64_t>(report.parts.size()));
  if (part.last) report.last = number;
  if (report.parts.contains(number)) return true;
  // A part costs something even when it is empty.
  const size_t items = std::max<size_t>(part.items, 1);
  if (report.items + items > limits::station_report_variables) {
    report.dropped += part.items;
    return true;
  }
  report.items += items;
  report.parts.emplace(number, std::move(part.payload));
  return true;
}

std::vector<StationReport> Reports::list() const {
  std::vector<StationReport> out;
  for (const Report& report : reports_) {
    StationReport& shown = out.emplace_back();
    shown.request = report.request;
    shown.action = report.action;
    shown.complete =
        report.last && report.dropped == 0 && static_cast<int64_t>(report.parts.size()) == *report.last + 1;
    shown.dropped = report.dropped;
    shown.at = report.at;
    for (const auto& [number, payload] : report.parts) shown.parts.push_back(payload);
  }
  return out;
}

}  // namespace bayward::stations

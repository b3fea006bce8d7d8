// The incidents of a period in figures: how many, how many false, how long until a person answered and until it was
// over; in all, by kind and by bay. Pure, but for report_of(), which reads a disk: on a worker.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "api/json_out.h"
#include "base/time.h"
#include "ports/read_models.h"

namespace bayward::api {

// Of times in seconds: how many there are, the median, and what nine of ten don't exceed.
struct Times {
  size_t count = 0;
  int64_t median_s = 0;
  int64_t p90_s = 0;
};

struct IncidentFigures {
  size_t count = 0;  // opened in the period
  size_t false_alarms = 0;
  size_t suppressed = 0;
  Times acknowledged;
  Times closed;
};

struct IncidentReport {
  Interval period;
  bool complete = true;  // false: there were more than limits::report_incidents, the latest of them are in it
  IncidentFigures all;
  std::map<core::IncidentKind, IncidentFigures> by_kind;
  std::map<BayId, IncidentFigures> by_bay;
};

// Those that were opened in the period.
IncidentReport make_report(Interval period, std::span<const IncidentRow> rows);
Result<IncidentReport> report_of(ReadModels& lists, SiteId site, Interval period);

using LabelOf = std::function<std::string(BayId)>;
void write(JsonOut& out, const IncidentReport& report, const LabelOf& label);
// RFC 4180 with a header, for spreadsheets: UTF-8 with its mark, and no cell that one would take for a formula.
std::string to_csv(const IncidentReport& report, const LabelOf& label);

}  // namespace bayward::api

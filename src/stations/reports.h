// Reports that a station sends in parts, several at once and in whatever order: base reports, monitoring reports,
// charging profiles, customer information, display messages (OCPP 2.0.1 B07, N02, K09, N09, O03). Only what staff has
// asked for is kept. Belongs to one station and the stations' thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ports/station_link.h"

namespace bayward::stations {

struct ReportPart {
  std::string_view action;
  int64_t request = 0;
  std::optional<int64_t> number;  // seqNo; none: the next
  bool last = false;              // no tbc
  size_t items = 0;               // what counts against limits::station_report_variables
  std::string payload;            // JSON
};

class Reports {
 public:
  // What `action` reports with that request id will be kept; beyond limits::station_reports the oldest is dropped.
  void expect(int64_t request, Instant now);
  // False: nobody has asked for it, or its number can't be one.
  bool take(ReportPart part, Instant now);
  // As they were asked for; parts in their order.
  std::vector<StationReport> list() const;

 private:
  struct Report {
    int64_t request = 0;
    std::string action;
    std::map<int64_t, std::string> parts;
    std::optional<int64_t> last;
    size_t items = 0;
    size_t dropped = 0;
    Instant at{};
  };
  std::list<Report> reports_;
};

}  // namespace bayward::stations

// The assembler of reports: any order of any parts, bounded and never a wrong "complete".
#include <cstdlib>

#include "base/limits.h"
#include "stations/reports.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bayward;
  stations::Reports reports;
  for (size_t at = 0; at + 3 < size; at += 4) {
    const int64_t request = data[at] % 8;
    if (data[at] >= 0x80) {
      reports.expect(request, {});
      continue;
    }
    const auto number = static_cast<int64_t>(static_cast<int8_t>(data[at + 1]));
    stations::ReportPart part{"NotifyReport", request, number, (data[at + 2] & 1) != 0, data[at + 3] * 64U, "x"};
    if ((data[at + 2] & 2) != 0) part.number.reset();
    (void)reports.take(std::move(part), {});
  }
  const auto shown = reports.list();
  if (shown.size() > limits::station_reports) std::abort();
  for (const StationReport& report : shown) {
    if (report.parts.size() > limits::station_report_variables || (report.complete && report.dropped > 0)) std::abort();
  }
  return 0;
}

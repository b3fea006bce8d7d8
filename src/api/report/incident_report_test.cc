#include "api/report/incident_report.h"

#include <gtest/gtest.h>

namespace bayward::api {
namespace {

constexpr SiteId site{1};
constexpr Instant begin{1'800'000'000'000ms};

IncidentRow row(core::IncidentKind kind, uint32_t bay, Duration after) {
  IncidentRow out;
  out.incident.kind = kind;
  out.incident.bay = site_scoped<BayId>(site, bay);
  out.incident.opened_at = begin + after;
  return out;
}
IncidentRow answered(IncidentRow out, Duration after) {
  out.acknowledged_at = out.incident.opened_at + after;
  return out;
}
IncidentRow closed(IncidentRow out, Duration after, core::IncidentEnd end = core::IncidentEnd::closed) {
  out.closed_at = out.incident.opened_at + after;
  out.incident.end = end;
  return out;
}

TEST(IncidentReport, CountsWhatWasOpenedInThePeriodOnly) {
  const std::vector<IncidentRow> rows = {row(core::IncidentKind::smoke, 1, -1s), row(core::IncidentKind::smoke, 1, 0s),
                                         row(core::IncidentKind::overstay, 2, 1h - 1ms),
                                         row(core::IncidentKind::smoke, 1, 1h)};
  const IncidentReport report = make_report({begin, begin + 1h}, rows);
  EXPECT_EQ(report.all.count, 2);
  EXPECT_EQ(report.by_kind.at(core::IncidentKind::smoke).count, 1);
  EXPECT_EQ(report.by_bay.size(), 2);
}

TEST(IncidentReport, TimesAreMedianAndNinetiethPercentileByNearestRank) {
  std::vector<IncidentRow> rows;
  for (int i = 1; i <= 10; ++i) rows.push_back(closed(answered(row(core::IncidentKind::smoke, 1, 0s), i * 10s), 1h));
  rows.push_back(closed(row(core::IncidentKind::smoke, 1, 0s), 2h, core::IncidentEnd::false_alarm));
  const IncidentFigures& all = make_report({begin, begin + 1h}, rows).all;
  EXPECT_EQ(all.acknowledged.count, 10);
  EXPECT_EQ(all.acknowledged.median_s, 50);
  EXPECT_EQ(all.acknowledged.p90_s, 90);
  EXPECT_EQ(all.closed.count, 11);
  EXPECT_EQ(all.closed.median_s, 3600);
  EXPECT_EQ(all.false_alarms, 1);
}

TEST(IncidentReport, CsvHasNoFormulasAndQuotesWhatNeedsIt) {
  const std::vector<IncidentRow> rows = {row(core::IncidentKind::smoke, 1, 0s), row(core::IncidentKind::smoke, 2, 0s)};
  const std::string csv = to_csv(make_report({begin, begin + 1h}, rows), [](BayId bay) {
    return number_in_site(bay) == 1 ? std::string("=1+1") : std::string("A, \"north\"");
  });
  EXPECT_NE(csv.find("\r\nall,,2,0,0,0,,,0,,\r\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\r\nbay,'=1+1,1,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\r\nbay,\"A, \"\"north\"\"\",1,"), std::string::npos) << csv;
}

}  // namespace
}  // namespace bayward::api

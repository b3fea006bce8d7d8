#include "stations/reports.h"

#include <gmock/gmock.h>

#include "base/limits.h"

namespace bayward::stations {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ReportPart part(int64_t request, int64_t number, bool last = false) {
  return {"NotifyReport", request, number, last, 1, std::to_string(request) + "/" + std::to_string(number)};
}

TEST(Reports, PartsOfTwoReportsInAnyOrderMakeTwoReports) {
  Reports reports;
  reports.expect(1, {});
  reports.expect(2, {});
  for (const auto& one : {part(1, 1), part(2, 0), part(1, 2, true), part(2, 1, true), part(1, 1)}) {
    EXPECT_TRUE(reports.take(one, {}));
  }
  auto shown = reports.list();
  ASSERT_THAT(shown, SizeIs(2));
  EXPECT_FALSE(shown[0].complete) << "its first part is missing";
  EXPECT_TRUE(shown[1].complete);
  EXPECT_TRUE(reports.take(part(1, 0), {}));
  shown = reports.list();
  EXPECT_TRUE(shown[0].complete);
  EXPECT_THAT(shown[0].parts, ElementsAre("1/0", "1/1", "1/2"));
}

TEST(Reports, WhatNobodyAskedForIsNotKept) {
  Reports reports;
  EXPECT_FALSE(reports.take(part(1, 0, true), {}));
  reports.expect(1, {});
  EXPECT_FALSE(reports.take(part(1, -1), {}));
  EXPECT_FALSE(reports.take(part(1, 1'000'000'000'000), {}));
  EXPECT_THAT(reports.list()[0].parts, IsEmpty());
}

TEST(Reports, AreBounded) {
  Reports reports;
  reports.expect(1, {});
  for (size_t i = 0; i <= limits::station_report_variables; ++i)
    (void)reports.take(part(1, static_cast<int64_t>(i)), {});
  EXPECT_THAT(reports.list()[0].parts, SizeIs(limits::station_report_variables));
  EXPECT_EQ(reports.list()[0].dropped, 1u);
  for (int64_t request = 2; request < 20; ++request) reports.expect(request, {});
  EXPECT_THAT(reports.list(), SizeIs(limits::station_reports));
}

}  // namespace
}  // namespace bayward::stations

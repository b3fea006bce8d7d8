#include "sim/town/recorded.h"

#include <gtest/gtest.h>

namespace bayward::town {
namespace {

const std::string header =
    "\xEF\xBB\xBFType Lieu de charge;ID transaction;ID borne;ID connecteur borne;Date demarrage;Charge batterie "
    "demarrage (%);Date fin;Charge batterie fin (%);Duree inactivite totale (s);Duree totale (s);Prix total;Devise "
    "prix "
    "total;Source prix total;Statut inactivit\xC3\xA9;Consommation totale (Wh)\n";

std::string row(const std::string& start, const std::string& end, const std::string& wh,
                const std::string& idle = "0.0") {
  return "Travail;1;House-1;2;" + start + ";0;" + end + ";0;" + idle + ";60.0;0.1;EUR;simple;E;" + wh + "\n";
}

TEST(Recorded, SapRowsKeepOffsetsIdleTimeAndWattHours) {
  const auto read = read_sap(header + row("2018-03-23T09:49:02+01:00", "2018-03-23T12:30:34+01:00", "5664", "6332.0"));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->size(), 1u);
  const RecordedSession& session = read->front();
  EXPECT_EQ(session.defect, "");
  EXPECT_EQ(session.charger, "House-1");
  EXPECT_EQ(session.connector, 2);
  EXPECT_EQ(to_rfc3339(session.start), "2018-03-23T08:49:02.000Z");
  EXPECT_EQ(session.charging, 9692s - 6332s);
  EXPECT_EQ(session.energy_wh, 5664);
}

TEST(Recorded, DefectsAreNamed) {
  const auto read =
      read_sap(header + row("2018-03-23T09:00:00Z", "2018-03-23T08:00:00Z", "1") +
               row("2018-03-24T09:00:00Z", "2018-03-24T10:00:00Z", "1") +
               row("2018-03-24T09:30:00Z", "2018-03-24T11:00:00Z", "1") + row("2018-03-25T09:00:00Z", "", "") +
               row("2018-03-26T09:00:00Z", "2018-03-26T09:00:00Z", "0") + "broken;line\n");
  ASSERT_TRUE(read.ok());
  std::vector<std::string> defects;
  for (const auto& session : *read) defects.push_back(session.defect);
  EXPECT_EQ(defects, (std::vector<std::string>{"unreadable: 2 fields", "the end is before the start", "",
                                               "overlaps row 2 on the same connector", "unreadable: end \"\"",
                                               "no time between start and end"}));
}

TEST(Recorded, ARowThatTouchesTheOneBeforeIsNoOverlap) {
  const auto read = read_sap(header + row("2018-03-24T09:00:00Z", "2018-03-24T10:00:00Z", "1") +
                             row("2018-03-24T10:00:00Z", "2018-03-24T11:00:00Z", "1"));
  EXPECT_EQ(read->back().defect, "");
}

TEST(Recorded, AcnSessionsCarryDeclarationsAndExactEnergy) {
  const auto read = read_acn(R"([{"connectionTime":"Sat, 01 May 2021 20:42:47 GMT",
    "disconnectTime":"Sat, 01 May 2021 21:32:12 GMT","doneChargingTime":null,"kWhDelivered":30.936,
    "stationID":"2-39-81-4550","userInputs":[
      {"modifiedAt":"Sat, 01 May 2021 20:50:00 GMT","requestedDeparture":"Sun, 02 May 2021 08:43:47 GMT"},
      {"modifiedAt":"Sat, 01 May 2021 20:42:46 GMT","requestedDeparture":"Sat, 01 May 2021 23:00:00 GMT"}]}])");
  ASSERT_TRUE(read.ok());
  const RecordedSession& session = read->front();
  EXPECT_EQ(session.defect, "");
  EXPECT_EQ(session.energy_wh, 30936);
  EXPECT_EQ(to_rfc3339(session.start), "2021-05-01T20:42:47.000Z");
  EXPECT_EQ(session.charging, session.end - session.start);
  ASSERT_EQ(session.declarations.size(), 2u);
  EXPECT_EQ(to_rfc3339(session.declarations[0].departure), "2021-05-01T23:00:00.000Z");
}

TEST(Recorded, AnotherFileIsRefusedWithAReason) {
  EXPECT_FALSE(read_sap("a,b,c\n1,2,3\n").ok());
  EXPECT_FALSE(read_acn("[{").ok());
  EXPECT_FALSE(read_recording("/nowhere/at/all.csv").ok());
}

TEST(Recorded, TheBusiestWeekBeginsOnMonday) {
  const auto read = read_sap(header + row("2018-03-24T09:00:00Z", "2018-03-24T10:00:00Z", "1") +
                             row("2018-03-28T09:00:00Z", "2018-03-28T10:00:00Z", "1") +
                             row("2018-03-30T10:00:00Z", "2018-03-30T11:00:00Z", "1"));
  EXPECT_EQ(to_rfc3339(busiest_week(*read)), "2018-03-26T00:00:00.000Z");
}

}  // namespace
}  // namespace bayward::town

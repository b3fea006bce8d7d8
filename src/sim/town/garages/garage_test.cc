#include "sim/town/garages/garage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sim/town/garages/garage_file.h"
#include "sim/town/garages/lot_file.h"

namespace bayward::town {
namespace {

TEST(TwoFloors, HasThirtyBaysOnEachAndAllCanBeReached) {
  const Garage garage = two_floors(60);
  ASSERT_EQ(garage.bays.size(), 60U);
  EXPECT_EQ(garage.levels.size(), 2U);
  EXPECT_TRUE(garage.find_bay("A01"));
  ASSERT_TRUE(garage.find_bay("B12"));
  EXPECT_EQ(garage.levels[garage.find_bay("B12")->level], "-1");
  for (const GarageBay& bay : garage.bays) EXPECT_TRUE(route_to(garage, bay)) << bay.label;
}

TEST(TwoFloors, GrowsDownwardsAndShrinksToWhatIsAskedFor) {
  for (const size_t bays : {6U, 12U, 24U, 61U, 400U}) {
    const Garage garage = two_floors(bays);
    EXPECT_EQ(garage.bays.size(), bays);
    EXPECT_TRUE(check_garage(garage).ok()) << bays;
  }
}

TEST(Route, GoesByTheRampAndItsLengthIsThatOfItsLegs) {
  const Garage garage = two_floors(60);
  const Route route = *route_to(garage, *garage.find_bay("B12"));
  EXPECT_EQ(route.junctions.front(), garage.entrance);
  bool ramp = false;
  for (const size_t junction : route.junctions) ramp = ramp || garage.junctions[junction].name == "B ramp";
  EXPECT_TRUE(ramp);
  EXPECT_GT(route.metres(), 60);
  EXPECT_LT(route.metres(), 150);
}

TEST(Route, TheNearerSideOfALaneIsTaken) {
  const Garage garage = two_floors(60);
  EXPECT_EQ(route_to(garage, *garage.find_bay("A01"))->junctions.size(), 2U);  // gate, south-west
}

TEST(Driving, IsContinuousNeverTooFastAndEndsInTheBay) {
  const Garage garage = two_floors(60);
  const GarageBay& bay = *garage.find_bay("B27");
  const Route route = *route_to(garage, bay);
  const Drive drive;
  const Duration total = driving_time(route, drive);
  CarPlace last = place_after(route, drive, 0ms);
  EXPECT_EQ(last.metres, 0);
  for (Duration t = 100ms; t <= total + 1s; t += 100ms) {
    const CarPlace now = place_after(route, drive, t);
    const double moved = std::hypot(now.at.east_m - last.at.east_m, now.at.north_m - last.at.north_m);
    EXPECT_LE(moved, 0.1 * drive.speed_max_m_s + 1e-6);
    EXPECT_GE(now.metres, last.metres);
    last = now;
  }
  EXPECT_NEAR(last.at.east_m, bay.at.east_m, 1e-6);
  EXPECT_NEAR(last.at.north_m, bay.at.north_m, 1e-6);
  EXPECT_EQ(last.level, bay.level);
}

TEST(GarageFile, SaysWhatIsWrong) {
  const auto error = [](const char* text) {
    const auto garage = read_garage(text);
    return garage ? std::string("nothing") : garage.error().message;
  };
  EXPECT_NE(error("{").find("no JSON"), std::string::npos);
  EXPECT_NE(error("{}").find("levels"), std::string::npos);
  EXPECT_NE(error(R"({"levels":["0"],"entrance":"a","junctions":[{"name":"a","level":"1","at":[0,0]}]})").find("\"1\""),
            std::string::npos);
  EXPECT_NE(error(R"({"levels":["0"],"entrance":"a","junctions":[{"name":"a","level":"0","at":[0]}]})").find("at"),
            std::string::npos);
  EXPECT_NE(error(R"({"levels":["0"],"entrance":"b","junctions":[{"name":"a","level":"0","at":[0,0]}]})").find("\"b\""),
            std::string::npos);
  EXPECT_NE(error(R"({"levels":["0"],"entrance":"a","junctions":[{"name":"a","level":"0","at":[0,0]},
             {"name":"b","level":"0","at":[9,0]},{"name":"c","level":"0","at":[9,9]}],"lanes":[["b","c"]],
             "rows":[{"level":"0","prefix":"X","first":1,"count":1,"from":[9,5],"step":[1,0]}]})")
                .find("cannot be reached"),
            std::string::npos);
}

TEST(Lot, TheSurveyedOneHasAllItsStallsAndWaysToThem) {
  const char* folder = std::getenv("BAYWARD_DATA");
  std::ifstream file(std::string(folder ? folder : "") + "/site/dragon_lake_lot.json");
  if (!file) GTEST_SKIP() << "no surveyed lot to read: BAYWARD_DATA is not the folder of the recorded data";
  std::stringstream text;
  text << file.rdbuf();
  const auto garage = read_lot(text.str());
  ASSERT_TRUE(garage.ok()) << garage.error().message;
  EXPECT_EQ(garage->bays.size(), 364U);
  for (const GarageBay& bay : garage->bays) {
    const auto route = route_to(*garage, bay);
    ASSERT_TRUE(route) << bay.label;
    EXPECT_LT(route->metres(), 300) << bay.label;
  }
}

TEST(Lot, NonsenseIsRefusedWithAReason) {
  EXPECT_FALSE(read_lot("[]").ok());
  EXPECT_FALSE(read_lot(R"({"areas":[],"entrance":[[1,1]]})").ok());
  EXPECT_FALSE(read_lot(R"({"areas":[{"id":"A","rows":9,"cols":1,"bounds":[[0,0]]}],"entrance":[[1,1]]})").ok());
  EXPECT_FALSE(read_lot(R"({"areas":[{"id":"A","rows":1,"cols":4,"bounds":[[0,0],[9,5]]}],"entrance":[[1,9]]})").ok());
}

}  // namespace
}  // namespace bayward::town

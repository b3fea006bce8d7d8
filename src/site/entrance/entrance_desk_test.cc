#include "site/entrance/entrance_desk.h"

#include <gtest/gtest.h>

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);

class FakeExpected : public ExpectedCars {
 public:
  std::optional<CarToGuide> expected(const std::string& plate, Instant) override {
    if (plate == "MAN1") return CarToGuide{BookingId{5}, BayId{1}};
    return std::nullopt;
  }
};

TEST(EntranceDesk, OnlyACarWithABookingIsGuided) {
  core::GaragePlan plan{
      .levels = {"P1"},
      .nodes = {{.name = "gate", .kind = core::GarageNodeKind::entrance, .level = "P1"},
                {.name = "b1", .kind = core::GarageNodeKind::bay, .east_dm = 100, .level = "P1", .bay = BayId{1}}},
      .lanes = {{"gate", "b1"}}};
  FakeExpected cars;
  Guide guide(*core::GarageGraph::build(plan), {});
  EntranceDesk desk({{"cam-1", "gate"}}, {}, cars, guide);
  const auto read = [&](std::string plate, std::string camera = "cam-1", int confidence = 99) {
    return desk.read({.camera = std::move(camera), .plate = std::move(plate), .confidence_percent = confidence}, start);
  };
  EXPECT_EQ(read("M-AN 2"), EntranceWhat::no_booking);
  EXPECT_EQ(read("M-AN 1", "cam-1", 20), EntranceWhat::not_read);
  EXPECT_EQ(read("M-AN 1", "cam-9"), std::nullopt);
  EXPECT_TRUE(guide.lamps().empty());
  EXPECT_EQ(read("M-AN 1"), EntranceWhat::guided);
  EXPECT_FALSE(guide.lamps().empty());
  EXPECT_EQ(read("M-AN 1"), std::nullopt);
}

}  // namespace
}  // namespace bayward::site

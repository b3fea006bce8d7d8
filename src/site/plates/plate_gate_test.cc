#include "site/plates/plate_gate.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace bayward::site {
namespace {

constexpr Instant start = from_unix_s(1'900'000'000);

PlateReading reading(std::string plate, int confidence = 95, std::string camera = "gate") {
  return {.camera = std::move(camera), .plate = std::move(plate), .confidence_percent = confidence};
}

TEST(PlateGate, OneSpellingAndEachCarOnce) {
  PlateGate gate({});
  EXPECT_EQ(*gate.admit(reading("m-an 1234"), start), "MAN1234");
  EXPECT_EQ(gate.admit(reading("MAN1234"), start + 20s).error(), PlateRefusal::repeated);
  EXPECT_EQ(gate.admit(reading("MAN1234"), start + 45s).error(), PlateRefusal::repeated) << "it still stands there";
  EXPECT_TRUE(gate.admit(reading("MAN1234", 95, "back"), start + 45s).ok()) << "another entrance";
  EXPECT_TRUE(gate.admit(reading("MAN1234"), start + 76s).ok()) << "it came back";
  EXPECT_EQ(*gate.admit(reading("粤B·12345"), start), "粤B12345");
}

TEST(PlateGate, GuessesAndNonsenseAreNoPlates) {
  PlateGate gate({});
  EXPECT_EQ(gate.admit(reading("MAN1234", 50), start).error(), PlateRefusal::unsure);
  EXPECT_EQ(gate.admit(reading(""), start).error(), PlateRefusal::unreadable);
  EXPECT_EQ(gate.admit(reading("<script>"), start).error(), PlateRefusal::unreadable);
}

TEST(PlateGate, ItsMemoryIsBounded) {
  PlateGate gate({});
  for (size_t i = 0; i < 2 * limits::plates_remembered; ++i) {
    EXPECT_TRUE(gate.admit(reading("A" + std::to_string(i)), start).ok());
  }
  EXPECT_EQ(gate.admit(reading("A" + std::to_string(2 * limits::plates_remembered - 1)), start).error(),
            PlateRefusal::repeated);
}

TEST(PlatePush, OnlyWellFormedReadingsComeIn) {
  const auto good = read_plate_push(R"({"camera":"gate","plate":"M-AN 1","confidence":93,"vendor":{}})", start);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(good->confidence_percent, 93);
  for (const std::string_view bad :
       {"", "[]", "{}", R"({"camera":"","plate":"x"})", R"({"camera":"gate"})",
        R"({"camera":"gate","plate":"x","confidence":101})", R"({"camera":"gate","plate":"x","confidence":"1"})"}) {
    EXPECT_FALSE(read_plate_push(bad, start).ok()) << bad;
  }
}

}  // namespace
}  // namespace bayward::site

#include "sim/town/drills/timeline.h"

#include <gtest/gtest.h>

namespace bayward::town {
namespace {

constexpr Timeline::At at(int us) {
  return Timeline::At{} + std::chrono::microseconds{us};
}

TEST(Timeline, TheFirstMarkOfANameCountsAndAMovedOneIsTheLast) {
  Timeline line;
  line.mark("sample", at(1000), from_unix_s(1));
  line.mark("told", at(2500), from_unix_s(2));
  line.mark("told", at(9000), from_unix_s(3));
  line.move("last", at(3000), from_unix_s(2), "a");
  line.move("last", at(4000), from_unix_s(2), "b");
  EXPECT_EQ(line.ms("told"), 1.5);
  EXPECT_EQ(line.ms("last"), 3.0);
  EXPECT_EQ(line.ms("last", "told"), 1.5);
  EXPECT_FALSE(line.ms("never"));
}

TEST(Timeline, IsShownInTheOrderOfTimeWhateverTheOrderOfTheMarks) {
  Timeline line;
  line.mark("second", at(2000), from_unix_s(2), "later");
  line.mark("first", at(1000), from_unix_s(1));
  const std::string text = line.for_people();
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_NE(text.find("1.000 ms"), std::string::npos);
  EXPECT_NE(text.find("later"), std::string::npos);
  EXPECT_EQ(ocpp::to_text(line.to_json()),
            R"([{"mark":"first","ms":0,"town_time":"1970-01-01T00:00:01.000Z","note":""},)"
            R"({"mark":"second","ms":1,"town_time":"1970-01-01T00:00:02.000Z","note":"later"}])");
}

}  // namespace
}  // namespace bayward::town

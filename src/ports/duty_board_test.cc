#include "ports/duty_board.h"

#include <gtest/gtest.h>

namespace bayward {
namespace {

TEST(DutyBoard, AQuestionIsAnsweredOnceAndInTime) {
  FakeClock clock;
  DutyBoard board(clock);
  std::vector<int> told;
  const auto answer = [&](uint8_t number) { told.push_back(number); };
  EXPECT_FALSE(board.answer("district", 1));
  board.ask("district", 5min, answer);
  EXPECT_EQ(board.open().size(), 1U);
  EXPECT_TRUE(board.answer("district", 42));
  EXPECT_FALSE(board.answer("district", 42)) << "once";
  EXPECT_EQ(told, std::vector{42});
  board.ask("district", 5min, answer);
  clock.advance(5min);
  EXPECT_TRUE(board.open().empty());
  EXPECT_FALSE(board.answer("district", 7)) << "too late";
  EXPECT_EQ(told.size(), 1U);
}

TEST(DutyBoard, ANewQuestionTakesThePlaceOfTheOldOne) {
  FakeClock clock;
  DutyBoard board(clock);
  int first = 0, second = 0;
  board.ask("district", 1min, [&](uint8_t) { ++first; });
  board.ask("district", 5min, [&](uint8_t) { ++second; });
  EXPECT_EQ(board.open().size(), 1U);
  EXPECT_TRUE(board.answer("district", 1));
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

}  // namespace
}  // namespace bayward

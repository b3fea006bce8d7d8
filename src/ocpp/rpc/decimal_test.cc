#include "ocpp/rpc/decimal.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace bayward::ocpp {
namespace {

std::string round_trip(std::string_view text) {
  const auto number = Decimal::parse(text);
  return number ? number->text() : "refused";
}

TEST(Decimal, KeepsEveryDigitOfAnEnergyRegister) {
  EXPECT_EQ(Decimal::parse("12345.678")->scaled(3), 12345678);
  EXPECT_EQ(Decimal::parse("16777217.0")->scaled(3), 16777217000);             // float32 would say 16777216
  EXPECT_EQ(Decimal::parse("9007199254740993")->scaled(0), 9007199254740993);  // double would say ...992
  EXPECT_EQ(Decimal::parse("0.1")->scaled(1), 1);
  EXPECT_EQ(Decimal::parse("1e3")->scaled(0), 1000);
}

TEST(Decimal, WritesTheShortestPlainForm) {
  EXPECT_EQ(round_trip("12345.678"), "12345.678");
  EXPECT_EQ(round_trip("16777217.0"), "16777217");
  EXPECT_EQ(round_trip("1e3"), "1000");
  EXPECT_EQ(round_trip("-0.000"), "0");
  EXPECT_EQ(round_trip("-1.50E-2"), "-0.015");
  EXPECT_EQ(round_trip("+007.5"), "7.5");
  EXPECT_EQ(round_trip("1e300"), "1e300");
  EXPECT_EQ(round_trip("12e-300"), "12e-300");
  EXPECT_EQ(round_trip("0.0000001"), "0.0000001");
}

TEST(Decimal, RefusesWhatIsNoNumberAndWhatNobodyMeasures) {
  for (const char* text :
       {"", "+", "-", ".5", "5.", "1e", "1e+", "1,5", " 1", "1 ", "0x1", "NaN", "1e401", "1e-401", "1e99999999999"}) {
    EXPECT_EQ(Decimal::parse(text), std::nullopt) << text;
  }
  EXPECT_TRUE(Decimal::parse(std::string(64, '1')));
  EXPECT_FALSE(Decimal::parse(std::string(65, '1')));
}

TEST(Decimal, ScalesExactlyOrNotAtAllAndRoundsHalfAwayFromZeroWhenAsked) {
  EXPECT_EQ(Decimal::parse("1.2345")->scaled(3), std::nullopt);
  EXPECT_EQ(Decimal::parse("1.2345")->scaled_rounded(3), 1235);
  EXPECT_EQ(Decimal::parse("-1.2345")->scaled_rounded(3), -1235);
  EXPECT_EQ(Decimal::parse("1.23449")->scaled_rounded(3), 1234);
  EXPECT_EQ(Decimal::parse("99.9996")->scaled_rounded(3), 100000);
  EXPECT_EQ(Decimal::parse("0.0004")->scaled_rounded(3), 0);
  EXPECT_EQ(Decimal::parse("0.0005")->scaled_rounded(3), 1);
  EXPECT_EQ(Decimal::parse("9223372036854775807")->scaled(0), INT64_MAX);
  EXPECT_EQ(Decimal::parse("-9223372036854775808")->scaled(0), INT64_MIN);
  EXPECT_EQ(Decimal::parse("9223372036854775808")->scaled(0), std::nullopt);
  EXPECT_EQ(Decimal::parse("9223372036854775807.5")->scaled_rounded(0), std::nullopt);
}

TEST(Decimal, MovesThePointForUnitsAndMultipliers) {
  EXPECT_EQ(Decimal::parse("12.345")->times_ten_to(3)->scaled(3), 12345000);
  EXPECT_EQ(Decimal::of(5).times_ten_to(-1)->text(), "0.5");
  EXPECT_EQ(Decimal::of(5, 400).times_ten_to(1), std::nullopt);
}

TEST(Decimal, AMultipleMayBeOffByBinaryRoundingOnly) {
  EXPECT_TRUE(Decimal::parse("32.1")->has_at_most_places(1));
  EXPECT_TRUE(Decimal::parse("0.30000000000000004")->has_at_most_places(1));
  EXPECT_TRUE(Decimal::parse("31.999999999999996")->has_at_most_places(1));
  EXPECT_TRUE(Decimal::parse("1e-9")->has_at_most_places(1));
  EXPECT_FALSE(Decimal::parse("32.15")->has_at_most_places(1));
  EXPECT_FALSE(Decimal::parse("32.1001")->has_at_most_places(1));
}

RC_GTEST_PROP(DecimalProperty, EveryScaledIntegerComesBack, (int64_t mantissa)) {
  const auto exponent = *rc::gen::inRange<int32_t>(-30, 30);
  const Decimal number = Decimal::of(mantissa, exponent);
  RC_ASSERT(number.scaled(-exponent) == mantissa);
  const auto read = Decimal::parse(number.text());
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == number);
}

RC_GTEST_PROP(DecimalProperty, OrderIsThatOfTheNumbers, (int32_t a, int32_t b)) {
  const auto shift = *rc::gen::inRange<int32_t>(-9, 9);
  RC_ASSERT((Decimal::of(a, shift) <=> Decimal::of(b, shift)) == (a <=> b));
  RC_ASSERT((Decimal::of(a) == Decimal::of(int64_t{b} * 10, -1)) == (a == b));
}

}  // namespace
}  // namespace bayward::ocpp

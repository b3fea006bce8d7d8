// An exact decimal number, as OCPP's "decimal" and the numbers in its texts are: no double is ever in between, so that
// the energy register 16777217.1 Wh stays what it is. A value without threads or clocks.
//
// Always holds: digits have no leading and no trailing zero, zero has none at all, so equal numbers are equal members.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bayward::ocpp {

class Decimal {
 public:
  static constexpr size_t digits_max = 64;      // Java's BigDecimal(double) prints up to about 50
  static constexpr int32_t exponent_max = 400;  // beyond any double; keeps text() small

  Decimal() = default;
  // mantissa × 10^exponent; the exponent within ±exponent_max.
  static Decimal of(int64_t mantissa, int32_t exponent = 0);
  // [+-] digits [. digits] [e [+-] digits]. Nothing when it is anything else, or beyond the bounds above.
  static std::optional<Decimal> parse(std::string_view text);

  // This × 10^places, when that is exactly an int64: "12345.678" (Wh) with 3 places is 12345678 (mWh).
  std::optional<int64_t> scaled(int32_t places) const;
  // The same rounded half away from zero. Nothing only when outside int64.
  std::optional<int64_t> scaled_rounded(int32_t places) const;
  // This × 10^exponent: kWh to Wh, or OCPP 2's unitOfMeasure.multiplier. Nothing beyond exponent_max.
  std::optional<Decimal> times_ten_to(int32_t exponent) const;
  // Whether this is a multiple of 10^-places, or off by less than a millionth of that: devices compute in binary
  // floating point, and 0.1 + 0.2 is 0.30000000000000004 there.
  bool has_at_most_places(int32_t places) const;

  bool negative() const { return negative_; }
  bool is_zero() const { return digits_.empty(); }
  // JSON and XML Schema spelling; without exponent where that is at most about 20 digits.
  std::string text() const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  Decimal(bool negative, std::string digits, int64_t exponent);
  // Decimal places before the point, 0 for 0.x: compares magnitudes.
  int64_t integer_digits() const { return static_cast<int64_t>(digits_.size()) + exponent_; }

  bool negative_ = false;
  int32_t exponent_ = 0;  // value = digits as an integer × 10^exponent
  std::string digits_;
};

}  // namespace bayward::ocpp

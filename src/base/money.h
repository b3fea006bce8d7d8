// Money: integer minor units of one currency (ISO 4217). Never a floating point number.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"

namespace bayward {

struct Currency {
  std::array<char, 3> code{'X', 'X', 'X'};  // ISO 4217 alphabetic code; XXX: none

  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;
  std::string_view text() const { return {code.data(), code.size()}; }
  // Digits after the decimal point (ISO 4217 minor unit): 0 for JPY and KRW, 3 for KWD, 2 otherwise.
  int exponent() const;
};

// Three upper-case letters, or nothing.
std::optional<Currency> parse_currency(std::string_view code);

struct Money {
  int64_t minor = 0;
  Currency currency{};

  friend constexpr bool operator==(const Money&, const Money&) = default;
};

// Adding or comparing two currencies is a defect of ours, as is an overflow: both are CHECKed.
Money operator+(const Money& a, const Money& b);
Money operator-(const Money& a, const Money& b);
Money operator-(const Money& a);
bool operator<(const Money& a, const Money& b);

// "12.34 EUR".
std::string to_text(const Money& money);

}  // namespace bayward

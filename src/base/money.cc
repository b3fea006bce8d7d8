#include "base/money.h"

#include <cstdlib>

namespace bayward {

int Currency::exponent() const {
  for (std::string_view none : {"JPY", "KRW", "VND", "CLP", "ISK"}) {
    if (text() == none) return 0;
  }
  for (std::string_view three : {"KWD", "BHD", "OMR", "TND", "JOD"}) {
    if (text() == three) return 3;
  }
  return 2;
}

std::optional<Currency> parse_currency(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  Currency out;
  for (size_t i = 0; i < 3; ++i) {
    if (code[i] < 'A' || code[i] > 'Z') return std::nullopt;
    out.code[i] = code[i];
  }
  return out;
}

Money operator+(const Money& a, const Money& b) {
  BAYWARD_CHECK(a.currency == b.currency);
  Money out{0, a.currency};
  BAYWARD_CHECK(!__builtin_add_overflow(a.minor, b.minor, &out.minor));
  return out;
}

Money operator-(const Money& a) {
  return Money{0, a.currency} - a;
}

Money operator-(const Money& a, const Money& b) {
  BAYWARD_CHECK(a.currency == b.currency);
  Money out{0, a.currency};
  BAYWARD_CHECK(!__builtin_sub_overflow(a.minor, b.minor, &out.minor));
  return out;
}

bool operator<(const Money& a, const Money& b) {
  BAYWARD_CHECK(a.currency == b.currency);
  return a.minor < b.minor;
}

std::string to_text(const Money& money) {
  const int exponent = money.currency.exponent();
  std::string digits = std::to_string(money.minor < 0 ? -money.minor : money.minor);
  if (exponent > 0) {
    const auto width = static_cast<size_t>(exponent) + 1;
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    digits.insert(digits.size() - static_cast<size_t>(exponent), 1, '.');
  }
  return (money.minor < 0 ? "-" : "") + digits + " " + std::string(money.currency.text());
}

}  // namespace bayward

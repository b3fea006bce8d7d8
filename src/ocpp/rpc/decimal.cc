#include "ocpp/rpc/decimal.h"

#include <charconv>

#include "base/check.h"

namespace bayward::ocpp {
namespace {

std::string_view take_digits(std::string_view& rest) {
  size_t count = 0;
  while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
  const std::string_view digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

bool take_one_of(std::string_view& rest, std::string_view set, char& taken) {
  if (rest.empty() || set.find(rest.front()) == std::string_view::npos) return false;
  taken = rest.front();
  rest.remove_prefix(1);
  return true;
}

std::optional<int64_t> to_int64(bool negative, const std::string& digits) {
  const std::string signed_digits = (negative ? "-" : "") + (digits.empty() ? std::string("0") : digits);
  int64_t out = 0;
  const char* end = signed_digits.data() + signed_digits.size();
  const auto [stop, error] = std::from_chars(signed_digits.data(), end, out);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return out;
}

// Adds one to a string of digits.
void increment(std::string& digits) {
  for (size_t i = digits.size(); i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return;
    }
    digits[i] = '0';
  }
  digits.insert(digits.begin(), '1');
}

constexpr size_t int64_digits = 19;

}  // namespace

Decimal::Decimal(bool negative, std::string digits, int64_t exponent) : digits_(std::move(digits)) {
  digits_.erase(0, digits_.find_first_not_of('0'));
  while (!digits_.empty() && digits_.back() == '0') {
    digits_.pop_back();
    ++exponent;
  }
  if (digits_.empty()) return;
  negative_ = negative;
  exponent_ = static_cast<int32_t>(exponent);
}

Decimal Decimal::of(int64_t mantissa, int32_t exponent) {
  BAYWARD_CHECK(exponent >= -exponent_max && exponent <= exponent_max);
  std::string digits = std::to_string(mantissa);
  if (mantissa < 0) digits.erase(0, 1);
  return Decimal(mantissa < 0, std::move(digits), exponent);
}

std::optional<Decimal> Decimal::parse(std::string_view text) {
  char mark = '+';
  take_one_of(text, "+-", mark);
  const bool negative = mark == '-';
  std::string digits(take_digits(text));
  int64_t exponent = 0;
  if (digits.empty()) return std::nullopt;
  if (take_one_of(text, ".", mark)) {
    const std::string_view fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
    digits += fraction;
    exponent = -static_cast<int64_t>(fraction.size());
  }
  if (take_one_of(text, "eE", mark)) {
    mark = '+';
    take_one_of(text, "+-", mark);
    const std::string_view power = take_digits(text);
    int32_t value = 0;
    if (power.empty()) return std::nullopt;
    const auto [stop, error] = std::from_chars(power.data(), power.data() + power.size(), value);
    if (error != std::errc{}) return std::nullopt;
    exponent += mark == '-' ? -int64_t{value} : int64_t{value};
  }
  if (!text.empty()) return std::nullopt;
  Decimal out(negative, std::move(digits), exponent);
  // exponent_ may have been narrowed: judge by the wide one as well.
  if (!out.is_zero() && (exponent < -exponent_max - int64_t{digits_max} || exponent > exponent_max ||
                         out.exponent_ < -exponent_max || out.exponent_ > exponent_max)) {
    return std::nullopt;
  }
  if (out.digits_.size() > digits_max) return std::nullopt;
  return out;
}

std::optional<int64_t> Decimal::scaled(int32_t places) const {
  if (is_zero()) return 0;
  const int64_t zeros = int64_t{exponent_} + places;
  if (zeros < 0 || static_cast<size_t>(zeros) + digits_.size() > int64_digits) return std::nullopt;
  return to_int64(negative_, digits_ + std::string(static_cast<size_t>(zeros), '0'));
}

std::optional<int64_t> Decimal::scaled_rounded(int32_t places) const {
  const int64_t zeros = int64_t{exponent_} + places;
  if (is_zero() || zeros >= 0) return scaled(places);
  const int64_t kept = static_cast<int64_t>(digits_.size()) + zeros;
  if (kept < 0) return 0;
  if (kept > static_cast<int64_t>(int64_digits)) return std::nullopt;
  std::string digits = digits_.substr(0, static_cast<size_t>(kept));
  if (digits_[static_cast<size_t>(kept)] >= '5') increment(digits);
  return to_int64(negative_, digits);
}

std::optional<Decimal> Decimal::times_ten_to(int32_t exponent) const {
  if (is_zero()) return *this;
  const int64_t sum = int64_t{exponent_} + exponent;
  if (sum < -exponent_max || sum > exponent_max) return std::nullopt;
  return Decimal(negative_, digits_, sum);
}

bool Decimal::has_at_most_places(int32_t places) const {
  const int64_t excess = -(int64_t{exponent_} + places);  // digits behind the last allowed place
  if (is_zero() || excess <= 0) return true;
  constexpr int64_t tolerated = 6;
  std::string behind = static_cast<size_t>(excess) > digits_.size()
                           ? std::string(static_cast<size_t>(excess) - digits_.size(), '0') + digits_
                           : digits_.substr(digits_.size() - static_cast<size_t>(excess));
  if (static_cast<int64_t>(behind.size()) <= tolerated) return false;
  behind.resize(static_cast<size_t>(tolerated));
  return behind.find_first_not_of('0') == std::string::npos || behind.find_first_not_of('9') == std::string::npos;
}

std::string Decimal::text() const {
  if (is_zero()) return "0";
  const std::string sign = negative_ ? "-" : "";
  const int64_t before_point = integer_digits();
  if (exponent_ >= 0 && before_point <= 20) return sign + digits_ + std::string(static_cast<size_t>(exponent_), '0');
  if (exponent_ < 0 && before_point > 0) {
    return sign + digits_.substr(0, static_cast<size_t>(before_point)) + '.' +
           digits_.substr(static_cast<size_t>(before_point));
  }
  if (exponent_ < 0 && before_point > -7) {
    return sign + "0." + std::string(static_cast<size_t>(-before_point), '0') + digits_;
  }
  return sign + digits_ + 'e' + std::to_string(exponent_);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const auto sign = [](const Decimal& x) { return x.is_zero() ? 0 : (x.negative_ ? -1 : 1); };
  if (sign(a) != sign(b)) return sign(a) <=> sign(b);
  if (a.is_zero()) return std::strong_ordering::equal;
  const Decimal& small = a.negative_ ? b : a;  // of two negative numbers the larger magnitude is the smaller
  const Decimal& large = a.negative_ ? a : b;
  if (small.integer_digits() != large.integer_digits()) return small.integer_digits() <=> large.integer_digits();
  return small.digits_.compare(large.digits_) <=> 0;
}

}  // namespace bayward::ocpp

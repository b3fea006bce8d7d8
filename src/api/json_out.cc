#include "api/json_out.h"

#include <cmath>

namespace bayward::api {

JsonOut& JsonOut::value(double number) {
  if (!std::isfinite(number)) return null();
  char digits[64];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed, 6);
  if (error != std::errc{}) return null();
  while (end[-1] == '0') --end;
  if (end[-1] == '.') --end;
  return raw({digits, static_cast<size_t>(end - digits)});
}

JsonOut& JsonOut::value(WattHours energy) {
  const bool negative = energy.milliwh < 0;
  const uint64_t size = negative ? 0 - static_cast<uint64_t>(energy.milliwh) : static_cast<uint64_t>(energy.milliwh);
  std::string text = (negative ? "-" : "") + std::to_string(size / 1000);
  if (size % 1000 != 0) {
    std::string digits = std::to_string(size % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    while (digits.back() == '0') digits.pop_back();
    text += '.' + digits;
  }
  return raw(text);
}

}  // namespace bayward::api

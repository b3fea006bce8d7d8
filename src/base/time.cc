#include "base/time.h"

#include <array>
#include <cstdio>

namespace bayward {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `digits` decimal digits.
  bool number(int digits, int& out) {
    if (rest_.size() < static_cast<size_t>(digits)) return false;
    out = 0;
    for (int i = 0; i < digits; ++i) {
      const char c = rest_[static_cast<size_t>(i)];
      if (c < '0' || c > '9') return false;
      out = out * 10 + (c - '0');
    }
    rest_.remove_prefix(static_cast<size_t>(digits));
    return true;
  }
  bool one_of(std::string_view set) {
    if (rest_.empty() || set.find(rest_.front()) == std::string_view::npos) return false;
    last_ = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool fraction(int64_t& ms) {
    ms = 0;
    if (!one_of(".")) return true;
    int digits = 0;
    int64_t scale = 100;
    while (one_of("0123456789")) {
      ms += (last_ - '0') * scale;
      scale /= 10;
      if (++digits > 9) return false;
    }
    return digits > 0;
  }
  char last() const { return last_; }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  char last_ = 0;
};

}  // namespace

std::string to_rfc3339(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return buffer.data();
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
  Scanner in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset_hour = 0, offset_minute = 0;
  int64_t ms = 0;
  if (!in.number(4, year) || !in.one_of("-") || !in.number(2, month) || !in.one_of("-") || !in.number(2, day) ||
      !in.one_of("Tt ") || !in.number(2, hour) || !in.one_of(":") || !in.number(2, minute) || !in.one_of(":") ||
      !in.number(2, second) || !in.fraction(ms) || !in.one_of("Zz+-")) {
    return std::nullopt;
  }
  int sign = 0;
  if (in.last() == '+' || in.last() == '-') {
    sign = in.last() == '+' ? 1 : -1;
    if (!in.number(2, offset_hour) || !in.one_of(":") || !in.number(2, offset_minute)) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!in.done() || !date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 60 || offset_hour > 23 ||
      offset_minute > 59) {
    return std::nullopt;
  }
  const auto offset = std::chrono::minutes{sign * (offset_hour * 60 + offset_minute)};
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + Duration{ms} - offset;
}

}  // namespace bayward

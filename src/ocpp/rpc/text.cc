#include "ocpp/rpc/text.h"

#include <algorithm>

namespace bayward::ocpp {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

constexpr size_t date_and_time_chars = 19;  // 2026-03-29T01:00:00
constexpr size_t fraction_digits_max = 9;   // of parse_rfc3339

// ±hh, ±hhmm and nothing at all become what RFC 3339 wants.
std::string full_offset(std::string_view offset) {
  if (offset.empty()) return "Z";
  const bool signed_digits =
      (offset[0] == '+' || offset[0] == '-') && std::all_of(offset.begin() + 1, offset.end(), is_digit);
  if (signed_digits && offset.size() == 3) return std::string(offset) + ":00";
  if (signed_digits && offset.size() == 5)
    return std::string(offset.substr(0, 3)) + ":" + std::string(offset.substr(3));
  return std::string(offset);
}

}  // namespace

size_t code_points(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string_view first_code_points(std::string_view text, size_t count) {
  size_t at = 0;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
    --count;
  }
  return text.substr(0, at);
}

std::optional<Instant> parse_date_time(std::string_view text) {
  if (text.size() < date_and_time_chars) return std::nullopt;
  std::string normal(text.substr(0, date_and_time_chars));
  std::string_view rest = text.substr(date_and_time_chars);
  if (rest.size() > 1 && rest[0] == '.') {
    const auto stop = std::find_if_not(rest.begin() + 1, rest.end(), is_digit);
    const auto length = static_cast<size_t>(stop - rest.begin());
    normal += rest.substr(0, std::min(length, fraction_digits_max + 1));
    rest.remove_prefix(length);
  }
  return parse_rfc3339(normal + full_offset(rest));
}

bool is_uri(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !is_letter(text[0])) return false;
  const auto scheme_char = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  const auto uri_char = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
  };
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), scheme_char) &&
         std::all_of(text.begin(), text.end(), uri_char);
}

}  // namespace bayward::ocpp

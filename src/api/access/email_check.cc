#include "api/access/email_check.h"

#include <charconv>

namespace bayward::api {

std::string code_from(std::string_view secret) {
  uint64_t bits = 0;
  std::from_chars(secret.data(), secret.data() + std::min<size_t>(secret.size(), 15), bits, 16);
  const std::string digits = std::to_string(1'000'000 + bits % 1'000'000);
  return digits.substr(1);
}

std::string written(const PendingEmail& pending) {
  return pending.code + ' ' + std::to_string(pending.tries_left) + ' ' + to_rfc3339(pending.sent_at) + ' ' +
         pending.email;
}

std::optional<PendingEmail> parse_pending(std::string_view text) {
  const size_t first = text.find(' ');
  const size_t second = text.find(' ', first + 1);
  const size_t third = second == std::string_view::npos ? second : text.find(' ', second + 1);
  if (third == std::string_view::npos) return std::nullopt;
  PendingEmail out;
  out.code = text.substr(0, first);
  const std::string_view tries = text.substr(first + 1, second - first - 1);
  const auto read = std::from_chars(tries.data(), tries.data() + tries.size(), out.tries_left);
  const auto at = parse_rfc3339(text.substr(second + 1, third - second - 1));
  if (read.ec != std::errc{} || !at) return std::nullopt;
  out.sent_at = *at;
  out.email = text.substr(third + 1);
  return out;
}

}  // namespace bayward::api

#include "stations/token.h"

#include <charconv>

#include "core/booking/booking.h"

namespace bayward::stations {

std::string upper_case(std::string_view ascii) {
  std::string out(ascii);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::optional<BookingId> parse_booking_token(std::string_view text) {
  const std::string upper = upper_case(text);
  if (!upper.starts_with("BW")) return std::nullopt;
  BookingId id;
  const char* end = upper.data() + upper.size();
  const auto [stopped, error] = std::from_chars(upper.data() + 2, end, id.value, 16);
  if (error != std::errc{} || stopped != end || !id || core::booking_token(id) != upper) return std::nullopt;
  return id;
}

Presented present(const Vault& vault, std::string_view token) {
  if (token.empty()) return {};
  const std::string upper = upper_case(token);
  return {vault.fingerprint(VaultKind::token, upper), parse_booking_token(upper).value_or(BookingId{})};
}

std::string group_token(AccountId account) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, account.value, 16).ptr;
  return "A" + upper_case(std::string_view(digits, static_cast<size_t>(end - digits)));
}

}  // namespace bayward::stations

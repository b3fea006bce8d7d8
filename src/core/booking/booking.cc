#include "core/booking/booking.h"

#include <array>
#include <charconv>

namespace bayward::core {

std::string_view to_text(BookingKind kind) {
  return kind == BookingKind::advance ? "advance" : "walk_up";
}

std::string_view to_text(BookingPhase phase) {
  static constexpr std::array<std::string_view, 5> words = {"awaiting_funds", "confirmed", "active", "settling",
                                                            "closed"};
  return words[static_cast<size_t>(phase)];
}

std::string_view to_text(BookingEnd end) {
  static constexpr std::array<std::string_view, 9> words = {
      "none", "completed", "cancelled", "no_show", "expired", "displaced", "no_funds", "withdrawn", "timed_out"};
  return words[static_cast<size_t>(end)];
}

std::string booking_token(BookingId booking) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), booking.value, 16).ptr;
  std::string out = "BW";
  for (const char* c = digits.data(); c != end; ++c) out += *c >= 'a' ? static_cast<char>(*c - 'a' + 'A') : *c;
  return out;
}

}  // namespace bayward::core

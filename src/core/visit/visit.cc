#include "core/visit/visit.h"

#include <array>

namespace bayward::core {

std::string_view to_text(VisitKind kind) {
  return kind == VisitKind::booked ? "booked" : "owner";
}

std::string_view to_text(IdentityVia via) {
  static constexpr std::array<std::string_view, 3> words = {"plate", "token", "app"};
  return words[static_cast<size_t>(via)];
}

std::string_view to_text(Verdict verdict) {
  static constexpr std::array<std::string_view, 6> words = {"holder",    "owner",      "reserved",
                                                            "wrong_bay", "no_booking", "unknown"};
  return words[static_cast<size_t>(verdict)];
}

}  // namespace bayward::core

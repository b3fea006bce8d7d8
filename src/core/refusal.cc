#include "core/refusal.h"

#include <array>

#include "base/check.h"

namespace bayward::core {

std::string_view to_text(Refusal refusal) {
  static constexpr std::array<std::string_view, 34> words = {"invalid",
                                                             "unknown_site",
                                                             "unknown_bay",
                                                             "unknown_station",
                                                             "unknown_account",
                                                             "unknown_vehicle",
                                                             "unknown_booking",
                                                             "unknown_thing",
                                                             "not_yours",
                                                             "already_exists",
                                                             "limit_reached",
                                                             "bad_interval",
                                                             "too_long",
                                                             "in_the_past",
                                                             "beyond_horizon",
                                                             "outside_window",
                                                             "slot_taken",
                                                             "bay_occupied",
                                                             "out_of_service",
                                                             "station_offline",
                                                             "charger_unfit",
                                                             "no_permission",
                                                             "quota_exhausted",
                                                             "debt_outstanding",
                                                             "insufficient_funds",
                                                             "too_many_bookings",
                                                             "wrong_phase",
                                                             "no_tariff",
                                                             "idempotency_conflict",
                                                             "overloaded",
                                                             "storage_unavailable",
                                                             "site_offline",
                                                             "site_decides",
                                                             "no_consent"};
  const auto index = static_cast<size_t>(refusal);
  BAYWARD_CHECK(index < words.size());
  return words[index];
}

}  // namespace bayward::core
